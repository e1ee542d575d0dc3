"""The endpoint that lists the notifications that were sent to a citizen."""

from typing import Annotated, Final, Literal

from pydantic import Field, StringConstraints

from functions.http.citizen.inbox.base import INBOX
from functions.http.contract.endpoint import Answer, AnyEndpoint, Call, Endpoint
from functions.http.contract.policies import Citizens
from functions.http.parameters.values import DIGITS
from lib.domain.identity.access import Access
from lib.domain.notifications.delivery import Claim, DeliveryStatus
from lib.domain.parties.admission import MANAGES
from lib.domain.shared.described import CURSOR, says
from lib.domain.shared.identifiers import MessageId, MessageIdField, UlidField, is_ulid
from lib.domain.shared.model import Model

_PAGE: Final = 100
_KINDS: Final = ("MESSAGE", "UNREAD", "REMINDER", "DIGEST")


class NotificationsQuery(Model):
    """The page that is asked for."""

    page_size: Annotated[
        int,
        DIGITS,
        Field(ge=1, le=_PAGE),
        says("How many notifications a page has at most. A page may have fewer, and more follow."),
    ] = _PAGE
    cursor: Annotated[
        str | None,
        StringConstraints(max_length=500),
        says("The `cursor` of the page before. Absent: the first page."),
    ] = None


class SentNotification(Model):
    """A notification, sent or not."""

    kind: Annotated[
        Literal["MESSAGE", "UNREAD", "REMINDER", "DIGEST"],
        says(
            "What it told of. MESSAGE: a new message. REMINDER: a due date. UNREAD: a message that "
            "was not read. DIGEST: the notifications that were held back on a day."
        ),
    ]
    channel: Annotated[
        str,
        says(
            "How it was sent: PUSH or EMAIL. DELEGATE: a delegate of yours was told of it, by the "
            "channels that the delegate chose."
        ),
    ]
    status: Annotated[
        DeliveryStatus,
        says(
            "What became of it. SENT: it went out. IN_PROGRESS: it is being sent. UNCONFIRMED: it "
            "may have gone out. FAILED: the channel refused it. EXPIRED: it was too late. "
            "OBSOLETE: it was not needed any more. HELD: the evening digest tells of it. RELEASED: "
            "it will be tried again."
        ),
    ]
    at: Annotated[str, says("When it got this status: date and time in UTC.")]
    message_id: Annotated[
        MessageIdField | None,
        says("The message that it told of. Absent: it told of several, as a digest does."),
    ] = None
    delegation_id: Annotated[
        UlidField | None,
        says(
            "The delegation by which a delegate of yours was told, or by which you were told of a "
            "message in the inbox of another party. Absent: no delegation has to do with it."
        ),
    ] = None


class NotificationsAnswer(Model):
    """A page of notifications, the latest outcome first."""

    items: Annotated[
        list[SentNotification],
        says("The notifications, the latest outcome first."),
    ]
    cursor: Annotated[str | None, CURSOR] = None


def _shown(claim: Claim) -> SentNotification:
    delivery, subject = claim.delivery, claim.delivery.subject_id
    return SentNotification(
        kind=next(kind for kind in _KINDS if delivery.kind.startswith(kind)),
        channel=delivery.channel,
        status=claim.status,
        at=claim.at,
        message_id=MessageId(subject) if is_ulid(subject) else None,
        delegation_id=delivery.delegation_id,
    )


async def _list(call: Call[Access, None, NotificationsQuery]) -> Answer:
    query = call.query
    page = await call.app.inbox.notifications(
        call.caller, size=query.page_size, cursor=query.cursor
    )
    items = [_shown(claim) for claim in page.claims]
    return Answer(200, NotificationsAnswer(items=items, cursor=page.cursor))


list_own_notifications = Endpoint(
    name="list_own_notifications",
    is_ours=True,
    method="GET",
    path=f"{INBOX}/notifications",
    summary="List the notifications that were sent to you",
    description=(
        "Pushes and e-mails of the last 90 days that told of messages, with what became of them. "
        "Your delegates are in the list too: each is one entry for a message, made when the first "
        "notification leaves. E-mails about the e-mail address itself are not in the list."
    ),
    tag="citizen",
    policy=Citizens(MANAGES),
    query=NotificationsQuery,
    handler=_list,
    answers={200: NotificationsAnswer},
)

ENDPOINTS: tuple[AnyEndpoint, ...] = (list_own_notifications,)
