"""The endpoint by which an app follows the changes of an inbox."""

from datetime import UTC, datetime
from typing import Annotated

from pydantic import Field, StringConstraints

from functions.http.citizen.inbox.base import INBOX
from functions.http.contract.endpoint import Answer, AnyEndpoint, Call, Endpoint
from functions.http.contract.policies import Citizens
from functions.http.parameters.languages import ACCEPT_LANGUAGE, accepted_languages
from functions.http.parameters.values import DIGITS
from functions.http.views.inbox.items import InboxItem
from functions.http.views.inbox.members import item_of
from lib.domain.identity.access import Access
from lib.domain.inbox.change_token import OVERLAP
from lib.domain.inbox.errors import ChangeTokenError
from lib.domain.parties.admission import READS_FILTERED
from lib.domain.profiles.choices import Language
from lib.domain.shared.described import says
from lib.domain.shared.identifiers import MessageIdField
from lib.domain.shared.model import Model
from lib.domain.shared.values import timestamp
from lib.use_cases.inbox.follow_inbox import SeenChange

_PAGE = 100


class ChangesQuery(Model):
    """The place in the order of changes, and the size of the page."""

    since: Annotated[
        str | None,
        StringConstraints(max_length=500),
        says(
            "The `token` of the answer before. Absent: all messages, from the first one on. `now`: "
            "only what changes from now on, and the last minutes, for who has just read a list."
        ),
    ] = None
    page_size: Annotated[
        int,
        DIGITS,
        Field(ge=1, le=_PAGE),
        says("How many messages a page has at most. A page may have fewer, and more may follow."),
    ] = _PAGE


class ChangedMessage(Model):
    """A message that came, changed or went."""

    id: MessageIdField
    changed_at: Annotated[str, says("The second of its last change: date and time in UTC.")]
    removed: Annotated[
        bool,
        says(
            "True: the message is gone, since it was withdrawn, or its time or that in the bin has "
            "passed."
        ),
    ]
    message: Annotated[
        InboxItem | None,
        says(
            "The message as the enriched list shows it, in inbox, archive or bin. Absent: it is "
            "gone."
        ),
    ] = None


class ChangesAnswer(Model):
    """A page of changes, the earliest first."""

    items: Annotated[list[ChangedMessage], says("The messages, each once, at its last change.")]
    token: Annotated[str, says("Where the next call begins: pass it as `since`.")]
    more: Annotated[bool, says("True: ask at once for the next page. False: that is all for now.")]


def _shown(seen: SeenChange, accepted: tuple[Language, ...]) -> ChangedMessage:
    message = seen.change.message
    return ChangedMessage(
        id=message.id,
        changed_at=timestamp(datetime.fromtimestamp(seen.change.at, UTC)),
        removed=seen.is_removed,
        message=None if seen.is_removed else item_of(message, accepted),
    )


async def _follow(call: Call[Access, None, ChangesQuery]) -> Answer:
    page = await call.app.inbox.follow(call.caller, call.query.since, call.query.page_size)
    accepted = accepted_languages(call.headers)
    items = [_shown(one, accepted) for one in page.changes]
    return Answer(200, ChangesAnswer(items=items, token=page.token, more=page.more))


list_inbox_changes = Endpoint(
    name="list_inbox_changes",
    is_ours=True,
    method="GET",
    path=f"{INBOX}/changes",
    summary="List what changed in the inbox since the last call",
    description=(
        "An app keeps a copy of the inbox: it calls without `since` at first, and passes the "
        "`token` of each answer in the next call. A message is there after anything that changes "
        "it: its arrival, reading, archiving, a star, the bin, a payment, an amendment, a "
        "withdrawal. It comes in its present state, which replaces that of the copy. No change is "
        f"missing; those of the last {OVERLAP.seconds} seconds come again. A token that is too "
        "old is refused (400): then begin without `since`, with an empty copy."
    ),
    tag="citizen",
    policy=Citizens(READS_FILTERED),
    query=ChangesQuery,
    headers=ACCEPT_LANGUAGE,
    handler=_follow,
    answers={200: ChangesAnswer},
    refusals=(ChangeTokenError,),
)

ENDPOINTS: tuple[AnyEndpoint, ...] = (list_inbox_changes,)
