"""Endpoints of sent messages for senders: list them, search them, follow their changes."""

from typing import Annotated, Final

from pydantic import Field, StringConstraints

from functions.http.callers.access_log import LogsNothing
from functions.http.contract.endpoint import Answer, AnyEndpoint, Body, Call, Endpoint
from functions.http.pa.messages import READERS
from functions.http.parameters.values import DIGITS, Day
from functions.http.views.sent_list import (
    SentChangesAnswer,
    SentListAnswer,
    changes_answer,
    list_answer,
)
from lib.domain.messages.message_parts import ListedStatus
from lib.domain.messages.sent_entry import LATE_WRITE
from lib.domain.services.service import Sender
from lib.domain.shared.described import REFERENCE, says
from lib.domain.shared.identifiers import (
    FiscalCode,
    FiscalCodeField,
    MessageId,
    MessageIdField,
    ReferenceField,
)
from lib.domain.shared.model import Model
from lib.domain.shared.values import INTEGRAL, NOT_NULL, IOType, ZonedTimestamp
from lib.domain.statistics.errors import InvalidPeriodError
from lib.use_cases.messages.sent.list_sent import SentSearch

PATH = "/api/v1/sent-messages"
MAX_PAGE: Final = 500
DEFAULT_PAGE: Final = 100
PLACE_PATTERN: Final = r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z~[0-9A-Z]{0,26}$"

PageSize = Annotated[
    int,
    DIGITS,
    INTEGRAL,
    Field(ge=1, le=MAX_PAGE),
    says("How many messages a page has at most. A page may have fewer, and more may follow."),
]
FirstDay = Annotated[Day | None, says("The first day of acceptance, in Europe/Rome.")]
LastDay = Annotated[Day | None, says("The last day of acceptance, in Europe/Rome; it is included.")]
Status = Annotated[
    ListedStatus | None, says("Only messages in this status. Absent: messages in any status.")
]
ListCursor = Annotated[
    MessageIdField | None, says("The `cursor` of the page before. Absent: the first page.")
]
Place = Annotated[
    str,
    StringConstraints(pattern=PLACE_PATTERN),
    IOType(("cursor of an answer",), "must be the `cursor` of an answer"),
]


class SentQuery(Model):
    """The messages that are listed."""

    first: Annotated[FirstDay, Field(alias="from")] = None
    last: Annotated[LastDay, Field(alias="to")] = None
    status: Status = None
    page_size: PageSize = DEFAULT_PAGE
    cursor: ListCursor = None


class SentSearchBody(Model):
    """The messages that are searched. Fiscal codes and references are in no URL."""

    fiscal_code: Annotated[
        FiscalCodeField | None, NOT_NULL, says("Only messages to this citizen. Absent: to any.")
    ] = None
    reference: Annotated[ReferenceField | None, NOT_NULL, REFERENCE] = None
    status: Annotated[Status, NOT_NULL] = None
    first: Annotated[FirstDay, NOT_NULL, Field(alias="from")] = None
    last: Annotated[LastDay, NOT_NULL, Field(alias="to")] = None
    page_size: PageSize = DEFAULT_PAGE
    cursor: Annotated[ListCursor, NOT_NULL] = None


class ChangesQuery(Model):
    """The place in the order of changes after which the page begins."""

    since: Annotated[
        ZonedTimestamp | None,
        says(
            "Only changes from this time on: date and time with its zone. It counts where there "
            "is no `cursor`. Absent: from the earliest change that is kept."
        ),
    ] = None
    cursor: Annotated[
        Place | None, says("The `cursor` of the answer before. Absent: `since` counts.")
    ] = None
    page_size: PageSize = DEFAULT_PAGE


async def _list(call: Call[Sender, None, SentQuery]) -> Answer:
    query = call.query
    search = SentSearch(
        status=query.status,
        first=query.first,
        last=query.last,
        cursor=query.cursor and _upper(query.cursor),
        size=query.page_size,
    )
    return Answer(200, list_answer(await call.app.messages.list_sent(call.caller, search)))


async def _search(call: Call[Sender, SentSearchBody, None]) -> Answer:
    body = call.body
    search = SentSearch(
        fiscal_code=None if body.fiscal_code is None else FiscalCode(body.fiscal_code),
        reference=body.reference,
        status=body.status,
        first=body.first,
        last=body.last,
        cursor=body.cursor and _upper(body.cursor),
        size=body.page_size,
    )
    return Answer(200, list_answer(await call.app.messages.list_sent(call.caller, search)))


def _upper(cursor: MessageId) -> MessageId:
    return MessageId(cursor.upper())


async def _changes(call: Call[Sender, None, ChangesQuery]) -> Answer:
    query = call.query
    found = await call.app.messages.follow_sent(
        call.caller, since=query.since, cursor=query.cursor, size=query.page_size
    )
    return Answer(200, changes_answer(found))


_RIGHTS = (
    "The key of the service sees all messages of the service, the key of an intermediary only "
    "those that the intermediary sent. Messages are kept in the list for a year, and rejected and "
    "failed messages as long as the messages themselves."
)

list_sent_messages = Endpoint(
    name="list_sent_messages",
    is_ours=True,
    method="GET",
    path=PATH,
    summary="List the messages that you sent",
    description=(
        "The newest message first. A message is in the list when it was processed, and otherwise "
        f"a few seconds after its acceptance. {_RIGHTS}"
    ),
    tag="sender",
    policy=READERS,
    query=SentQuery,
    handler=_list,
    answers={200: SentListAnswer},
    refusals=(InvalidPeriodError,),
)

search_sent_messages = Endpoint(
    name="search_sent_messages",
    is_ours=True,
    method="POST",
    path=f"{PATH}/search",
    summary="List the messages that you sent, by recipient or reference too",
    description=(
        "It finds a message whose id was lost. With `fiscal_code` it finds a message as soon as "
        "it is accepted; otherwise as the list without a search. The newest message is first. "
        f"{_RIGHTS}"
    ),
    tag="sender",
    policy=READERS,
    body=Body[SentSearchBody](
        SentSearchBody,
        name="SentSearch",
        example={"fiscal_code": "RSSMRA80A01H501U", "reference": "2026/0012345"},
    ),
    handler=_search,
    logs=LogsNothing("it lists what the sender itself sent"),
    answers={200: SentListAnswer},
    refusals=(InvalidPeriodError,),
)

list_sent_changes = Endpoint(
    name="list_sent_changes",
    is_ours=True,
    method="GET",
    path=f"{PATH}/changes",
    summary="List the messages whose status changed, or that were withdrawn",
    description=(
        "Follow all your messages with few calls: pass the `cursor` of each answer in the next "
        "call. Each message is there once, at its last change, and comes again after another "
        "change. After a fault of ours it may come again without one; none is missing. A change "
        f"is shown {LATE_WRITE.seconds} seconds after it. {_RIGHTS}"
    ),
    tag="sender",
    policy=READERS,
    query=ChangesQuery,
    handler=_changes,
    answers={200: SentChangesAnswer},
)

ENDPOINTS: tuple[AnyEndpoint, ...] = (
    list_sent_messages,
    search_sent_messages,
    list_sent_changes,
)
