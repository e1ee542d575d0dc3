"""Endpoints of the citizen's inbox, for the mobile app."""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from functions.http.contract.endpoint import Answer, AnyEndpoint, Body, Call, Endpoint
from functions.http.contract.policies import Citizens
from functions.http.views.inbox_messages import (
    InboxPageAnswer,
    MessageAnswer,
    opened,
    page_answer,
)
from lib.domain.identity.access import Access
from lib.domain.messages.errors import MessageNotFoundError
from lib.domain.shared.described import IS_ARCHIVED, IS_READ, says
from lib.domain.shared.identifiers import AnyMessageIdField, MessageId, MessageIdField
from lib.domain.shared.model import Model

CITIZENS = Citizens()
BASE = "/api/communication/v1/messages"


def _flag(value: object) -> object:
    """Accept only `true` and `false`, as IO does."""
    return {"true": True, "false": False}.get(str(value), str(value))


def _digits(value: object) -> object:
    """Accept only digits, without the spaces and underscores that Python allows in numbers."""
    if isinstance(value, str) and not (value.isascii() and value.isdigit()):
        raise ValueError("must be a whole number")
    return value


def _only_true(value: object) -> object:
    if value is not True:
        raise ValueError("must be true: a message that was read stays read")
    return value


QueryFlag = Annotated[bool, Field(strict=True), BeforeValidator(_flag)]
OnlyTrue = Annotated[Literal[True], BeforeValidator(_only_true)]


class ListQuery(Model):
    """The bounds of a page, both exclusive; `maximum_id` = `next` gives the next, older page."""

    page_size: Annotated[
        int,
        BeforeValidator(_digits),
        Field(ge=1, le=100),
        says("How many messages a page has at most."),
    ] = 100
    enrich_result_data: Annotated[
        QueryFlag,
        says("Whether each message comes with title, sender, category, payment and due date."),
    ] = False
    archived: Annotated[QueryFlag, says("Whether the archive is listed in place of the inbox.")] = (
        False
    )
    maximum_id: Annotated[
        MessageIdField | None,
        says(
            "Only messages older than this one are listed; the message itself is not. "
            "Absent: from the newest on."
        ),
    ] = None
    minimum_id: Annotated[
        MessageIdField | None,
        says(
            "Only messages newer than this one are listed; the message itself is not. "
            "The page is the one next to it."
        ),
    ] = None


class ReadQuery(Model):
    """`public_message` adds what the list shows of the message."""

    public_message: Annotated[
        QueryFlag,
        says("Whether the answer has, besides the content, what the list shows of the message."),
    ] = False


class Reading(Model):
    """Mark the message as read; this cannot be undone."""

    change_type: Annotated[Literal["reading"], says("Which change the body is: always `reading`.")]
    is_read: Annotated[OnlyTrue, says("Always true: a message that was read stays read.")]


class Archiving(Model):
    """Move the message to the archive or back to the inbox."""

    change_type: Annotated[
        Literal["archiving"], says("Which change the body is: always `archiving`.")
    ]
    is_archived: Annotated[
        bool,
        Field(strict=True),
        says("True moves the message to the archive, false brings it back to the inbox."),
    ]


class Bulk(Model):
    """Archive the message or bring it back, and mark it as read in the same call."""

    change_type: Annotated[Literal["bulk"], says("Which change the body is: always `bulk`.")]
    is_archived: Annotated[
        bool,
        Field(strict=True),
        says("True moves the message to the archive, false brings it back to the inbox."),
    ]
    is_read: Annotated[
        OnlyTrue | None,
        says("Always true. Absent or null: the message stays as read or unread as it was."),
    ] = None


MessageStatusChange = Annotated[Reading | Archiving | Bulk, Field(discriminator="change_type")]


class StatusAttributes(Model):
    """The citizen's flags of the message: read and archived."""

    is_read: Annotated[bool, IS_READ]
    is_archived: Annotated[bool, IS_ARCHIVED]


async def _list(call: Call[Access, None, ListQuery]) -> Answer:
    query = call.query
    page = await call.app.messages.list_inbox(
        call.caller,
        size=query.page_size,
        archived=query.archived,
        maximum_id=query.maximum_id,
        minimum_id=query.minimum_id,
    )
    return Answer(200, page_answer(page, enrich=query.enrich_result_data))


async def _read(call: Call[Access, None, ReadQuery]) -> Answer:
    message = await call.app.messages.open(call.caller, MessageId(call.path["id"]))
    return Answer(200, opened(message, public=call.query.public_message))


async def _change(call: Call[Access, Any, None]) -> Answer:
    change = call.body
    message = await call.app.messages.change_status(
        call.caller,
        MessageId(call.path["id"]),
        is_read=getattr(change, "is_read", None),
        is_archived=getattr(change, "is_archived", None),
    )
    return Answer(200, StatusAttributes(is_read=message.is_read, is_archived=message.is_archived))


list_inbox = Endpoint(
    name="list_inbox",
    method="GET",
    path=BASE,
    summary="List the inbox, newest first",
    description=(
        "`next` is present only if older messages follow: ask for them with maximum_id=next. "
        "`prev` is the id of the newest message: ask with minimum_id=prev for newer messages, "
        "until a page is empty; each page is the one next to that bound. Ids have the order in "
        "which messages were accepted, so a message that was delivered late is listed below newer "
        "messages."
    ),
    tag="citizen",
    policy=CITIZENS,
    query=ListQuery,
    handler=_list,
    answers={200: InboxPageAnswer},
)

read_message = Endpoint(
    name="read_message",
    method="GET",
    path=f"{BASE}/{{id}}",
    summary="Read a message",
    description=(
        "The answer has the whole content. The message stays unread until the app marks it as read."
    ),
    tag="citizen",
    policy=CITIZENS,
    parameters={"id": AnyMessageIdField},
    query=ReadQuery,
    handler=_read,
    answers={200: MessageAnswer},
    refusals=(MessageNotFoundError,),
)

change_message_status = Endpoint(
    name="change_message_status",
    method="PUT",
    path=f"{BASE}/{{id}}/status",
    summary="Mark a message as read, archive it or move it back to the inbox",
    description=(
        "The body has one change, of the flag `is_read` or `is_archived` or of both. A repeated "
        "change is accepted."
    ),
    tag="citizen",
    policy=CITIZENS,
    parameters={"id": AnyMessageIdField},
    body=Body[Any](
        MessageStatusChange,
        name="MessageStatusChange",
        example={"change_type": "reading", "is_read": True},
    ),
    handler=_change,
    answers={200: StatusAttributes},
    refusals=(MessageNotFoundError,),
)

ENDPOINTS: tuple[AnyEndpoint, ...] = (list_inbox, read_message, change_message_status)
