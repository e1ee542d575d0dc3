"""Endpoints of scheduled messages: list and cancel them."""

from typing import Annotated

from pydantic import Field

from functions.http.contract.endpoint import Answer, AnyEndpoint, Call, Endpoint
from functions.http.contract.policies import Senders
from functions.http.pa.messages import READERS
from functions.http.pa.sent_messages import ListCursor
from lib.domain.messages.errors import AlreadySentError, ScheduledMessageNotFoundError
from lib.domain.messages.message import Message
from lib.domain.services.errors import ProductionForbiddenError, RecipientForbiddenError
from lib.domain.services.service import Group, Sender
from lib.domain.shared.described import CURSOR, REFERENCE, says
from lib.domain.shared.identifiers import (
    AnyMessageIdField,
    FiscalCodeField,
    MessageId,
    MessageIdField,
    Reference,
    RptId,
)
from lib.domain.shared.model import Model

PATH = "/api/v1/scheduled-messages"
WRITERS = Senders(frozenset((Group.MESSAGE_WRITE, Group.LIMITED_MESSAGE_WRITE)))


class ScheduledQuery(Model):
    """The page to return."""

    page_size: Annotated[
        int, Field(ge=1, le=100), says("How many messages a page has at most; it may have fewer.")
    ] = 50
    cursor: ListCursor = None


class ScheduledMessageView(Model):
    """A message that waits for its set time."""

    id: MessageIdField
    fiscal_code: Annotated[
        FiscalCodeField, says("The fiscal code of the citizen to whom the message goes.")
    ]
    send_at: Annotated[
        str,
        Field(json_schema_extra={"format": "date-time"}),
        says("When the message is sent: date and time in UTC."),
    ]
    accepted_at: Annotated[
        str,
        Field(json_schema_extra={"format": "date-time"}),
        says("When the message was accepted: date and time in UTC."),
    ]
    subject: Annotated[str, says("The subject of the message.")]
    reference: Annotated[Reference | None, REFERENCE] = None
    rpt_id: Annotated[
        RptId | None, says("The payment that the message asks for. Absent: it asks for none.")
    ] = None


class ScheduledMessageList(Model):
    """A page of your scheduled messages."""

    items: Annotated[
        list[ScheduledMessageView], says("The messages, the next one to be sent first.")
    ]
    cursor: Annotated[MessageIdField | None, CURSOR] = None


async def _list(call: Call[Sender, None, ScheduledQuery]) -> Answer:
    query = call.query
    after = None if query.cursor is None else MessageId(query.cursor.upper())
    page = await call.app.messages.scheduled.page(call.caller, query.page_size, after)
    items = [_view(one) for one in page.messages]
    return Answer(200, ScheduledMessageList(items=items, cursor=page.cursor))


def _view(message: Message) -> ScheduledMessageView:
    return ScheduledMessageView(
        id=message.id,
        fiscal_code=message.fiscal_code,
        send_at=message.created_at,
        accepted_at=message.status_history[0].at,
        subject=message.title,
        reference=message.reference,
        rpt_id=message.rpt_id,
    )


async def _cancel(call: Call[Sender, None, None]) -> Answer:
    await call.app.messages.scheduled.cancel(call.caller, MessageId(call.path["id"]))
    return Answer(204)


list_scheduled_messages = Endpoint(
    name="list_scheduled_messages",
    is_ours=True,
    method="GET",
    path=PATH,
    summary="List the messages that wait for their set time",
    description=(
        "The next message to be sent is first. A message is scheduled by `send_at` in its "
        "submission. The key of the service sees all messages of the service, the key of an "
        "intermediary only those that the intermediary sent."
    ),
    tag="sender",
    policy=READERS,
    query=ScheduledQuery,
    handler=_list,
    answers={200: ScheduledMessageList},
)

cancel_scheduled_message = Endpoint(
    name="cancel_scheduled_message",
    is_ours=True,
    method="DELETE",
    path=f"{PATH}/{{id}}",
    summary="Cancel a message before its set time",
    description=(
        "The message becomes REJECTED with the reason CANCELLED; no citizen sees it. To change "
        "its time or its content, cancel it and send another one. A repeated cancellation is "
        "answered as the first. 409: the message was sent, and can be withdrawn."
    ),
    tag="sender",
    policy=WRITERS,
    parameters={"id": AnyMessageIdField},
    handler=_cancel,
    answers={204: None},
    refusals=(
        ScheduledMessageNotFoundError,
        AlreadySentError,
        RecipientForbiddenError,
        ProductionForbiddenError,
    ),
)

ENDPOINTS: tuple[AnyEndpoint, ...] = (list_scheduled_messages, cancel_scheduled_message)
