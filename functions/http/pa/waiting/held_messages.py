"""Endpoints of held messages: list, release and drop them."""

from typing import Annotated, Literal

from pydantic import Field

from functions.http.contract.endpoint import Answer, AnyEndpoint, Call, Endpoint
from functions.http.contract.policies import Senders
from functions.http.pa.messages import READERS, RIGHTS
from functions.http.parameters.values import Continuation
from lib.domain.messages.errors import HeldMessageNotFoundError
from lib.domain.services.errors import ProductionForbiddenError, RecipientForbiddenError
from lib.domain.services.service import Group, Sender
from lib.domain.shared.described import says
from lib.domain.shared.identifiers import (
    AnyMessageIdField,
    FiscalCodeField,
    MessageId,
    MessageIdField,
    RptIdField,
)
from lib.domain.shared.model import Model

PATH = "/api/v1/held-messages"
WRITERS = Senders(frozenset((Group.MESSAGE_WRITE, Group.LIMITED_MESSAGE_WRITE)))
_REFUSALS = (HeldMessageNotFoundError, RecipientForbiddenError, ProductionForbiddenError)


class HeldQuery(Model):
    """The page to return."""

    limit: Annotated[int, Field(ge=1, le=100, description="The most messages to return.")] = 50
    continuation: Continuation = None


class HeldMessageView(Model):
    """A message that waits for your decision."""

    id: MessageIdField
    fiscal_code: FiscalCodeField
    rpt_id: RptIdField
    reason: Annotated[Literal["ALREADY_PAID", "ALREADY_SENT"], says("Why the message is held.")]
    earlier_message_id: Annotated[
        MessageId | None,
        says(
            "The message of your service that asks for the payment. Absent: there is none, or your "
            "key is an intermediary's."
        ),
    ] = None
    held_at: Annotated[
        str,
        Field(json_schema_extra={"format": "date-time"}),
        says("When the message was held: date and time in UTC."),
    ]


class HeldMessageList(Model):
    """A page of the messages that your service holds."""

    items: Annotated[list[HeldMessageView], says("The held messages, the newest first.")]
    next: Annotated[str | None, says("The start of the next page. Absent: there is none.")] = None


async def _list(call: Call[Sender, None, HeldQuery]) -> Answer:
    query = call.query
    page = await call.app.messages.hold.page(call.caller, query.limit, query.continuation)
    items = [
        HeldMessageView(
            id=one.message_id,
            fiscal_code=one.fiscal_code,
            rpt_id=one.rpt_id,
            reason=one.reason,
            earlier_message_id=one.earlier_id,
            held_at=one.held_at,
        )
        for one in page.items
    ]
    return Answer(200, HeldMessageList(items=items, next=page.next))


async def _release(call: Call[Sender, None, None]) -> Answer:
    await call.app.messages.hold.release(call.caller, MessageId(call.path["id"]))
    return Answer(204)


async def _drop(call: Call[Sender, None, None]) -> Answer:
    await call.app.messages.hold.drop(call.caller, MessageId(call.path["id"]))
    return Answer(204)


list_held_messages = Endpoint(
    name="list_held_messages",
    is_ours=True,
    method="GET",
    path=PATH,
    summary="List the messages that your service holds",
    description=(
        "A message is held as `PUT /api/v1/duplicate-policy` says. The key of the service sees all "
        "held messages of the service, the key of an intermediary only those that the intermediary "
        "sent."
    ),
    tag="sender",
    policy=READERS,
    query=HeldQuery,
    handler=_list,
    answers={200: HeldMessageList},
)

release_held_message = Endpoint(
    name="release_held_message",
    is_ours=True,
    method="POST",
    path=f"{PATH}/{{id}}/release",
    summary="Send a held message",
    description=(
        "The message is sent although its payment is paid or asked for already. Your key must have "
        "the rights that the submission of the message needs."
    ),
    tag="sender",
    policy=WRITERS,
    parameters={"id": AnyMessageIdField},
    handler=_release,
    answers={204: None},
    refusals=(HeldMessageNotFoundError, *RIGHTS),
)

drop_held_message = Endpoint(
    name="drop_held_message",
    is_ours=True,
    method="DELETE",
    path=f"{PATH}/{{id}}",
    summary="Reject a held message",
    description="The message becomes REJECTED with the reason DROPPED; no citizen sees it.",
    tag="sender",
    policy=WRITERS,
    parameters={"id": AnyMessageIdField},
    handler=_drop,
    answers={204: None},
    refusals=_REFUSALS,
)

ENDPOINTS: tuple[AnyEndpoint, ...] = (
    list_held_messages,
    release_held_message,
    drop_held_message,
)
