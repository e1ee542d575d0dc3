"""Endpoints by which a sender withdraws messages."""

from typing import Annotated

from functions.http.contract.endpoint import Answer, AnyEndpoint, Body, Call, Endpoint
from functions.http.contract.policies import Senders
from functions.http.views.recalls import RecallView, recall_view
from functions.http.views.withdrawals import WithdrawalView, withdrawal_view
from lib.domain.messages.errors import (
    MessageNotFoundError,
    NoticeMessageError,
    NotOwnMessageError,
    RecallNotFoundError,
)
from lib.domain.messages.withdrawals.recall import NewRecall, Target
from lib.domain.messages.withdrawals.withdrawal_request import NewWithdrawal
from lib.domain.services.errors import ProductionForbiddenError, RecipientForbiddenError
from lib.domain.services.service import Group, Sender, check_recipient
from lib.domain.shared.described import says
from lib.domain.shared.identifiers import AnyMessageIdField, FiscalCodeField, MessageId, UlidField

RECALL_LIMIT = 512 * 1024
"""The limit in bytes: a message of a recall takes 47."""
RecallIdField = Annotated[UlidField, says("The id of the recall.")]
WRITERS = Senders(frozenset((Group.MESSAGE_WRITE, Group.LIMITED_MESSAGE_WRITE)))


async def _withdraw(call: Call[Sender, NewWithdrawal, None]) -> Answer:
    fiscal_code, id_ = call.path["fiscal_code"], MessageId(call.path["id"])
    check_recipient(call.caller, fiscal_code)
    withdrawal = await call.app.messages.withdraw(
        call.caller.owner, fiscal_code, id_, reason=call.body.reason
    )
    return Answer(200, withdrawal_view(id_, withdrawal))


async def _recall(call: Call[Sender, NewRecall, None]) -> Answer:
    targets = [Target.of(one) for one in call.body.messages]
    for target in targets:
        check_recipient(call.caller, target.fiscal_code)
    progress = await call.app.messages.recall.accept(call.caller.owner, call.body.reason, targets)
    location = f"/api/v1/withdrawals/{progress.recall.id}"
    return Answer(202, recall_view(progress), {"Location": location})


async def _progress(call: Call[Sender, None, None]) -> Answer:
    progress = await call.app.messages.recall.progress(call.caller.owner, call.path["id"])
    return Answer(200, recall_view(progress))


withdraw_message = Endpoint(
    name="withdraw_message",
    is_ours=True,
    method="POST",
    path="/api/v1/messages/{fiscal_code}/{id}/withdrawal",
    summary="Withdraw a message that you sent",
    description=(
        "A message that the citizen has not read leaves the inbox at once, or never comes there. A "
        "message that was read stays, and says when and why it was withdrawn. Its reminders end, "
        "and no notification of it is sent any more, except one that is being sent at this moment. "
        "Its payment code, notice and calendar entry are no longer given; the payment itself stays "
        "payable. The answer does not tell whether the message was read. A second withdrawal "
        "changes nothing. `status` of the message stays PROCESSED, or is REJECTED for a message "
        "that was not delivered yet; `Prefer: include=withdrawal` shows the withdrawal. Cancel the "
        "payment notice instead to withdraw its message."
    ),
    tag="sender",
    policy=WRITERS,
    parameters={"fiscal_code": FiscalCodeField, "id": AnyMessageIdField},
    body=Body[NewWithdrawal](
        NewWithdrawal,
        name="NewWithdrawal",
        example={"reason": "L'importo era sbagliato: riceverai un nuovo avviso."},
    ),
    handler=_withdraw,
    answers={200: WithdrawalView},
    refusals=(
        MessageNotFoundError,
        NotOwnMessageError,
        NoticeMessageError,
        RecipientForbiddenError,
        ProductionForbiddenError,
    ),
)

withdraw_messages = Endpoint(
    name="withdraw_messages",
    is_ours=True,
    method="POST",
    path="/api/v1/withdrawals",
    summary="Withdraw up to 10,000 messages that you sent",
    description=(
        "202 means that the recall is durable: each message is withdrawn as by a call of its own, "
        "within seconds. The address in Location tells the progress for 30 days. The same recall "
        "may be sent again."
    ),
    tag="sender",
    policy=WRITERS,
    body=Body[NewRecall](
        NewRecall,
        name="NewRecall",
        limit=RECALL_LIMIT,
        example={
            "reason": "L'importo era sbagliato: riceverai un nuovo avviso.",
            "messages": ["RSSMRA80A01H501U/01J0000000000000000000000A"],
        },
    ),
    handler=_recall,
    answers={202: RecallView},
    refusals=(RecipientForbiddenError, ProductionForbiddenError),
)

read_withdrawals = Endpoint(
    name="read_withdrawals",
    is_ours=True,
    method="GET",
    path="/api/v1/withdrawals/{id}",
    summary="Read the progress of a recall of messages",
    description=(
        "The answer is kept for 30 days. The key of the service reads all recalls of the service, "
        "the key of an intermediary only those that the intermediary made."
    ),
    tag="sender",
    policy=WRITERS,
    parameters={"id": RecallIdField},
    handler=_progress,
    answers={200: RecallView},
    refusals=(RecallNotFoundError,),
)

ENDPOINTS: tuple[AnyEndpoint, ...] = (withdraw_message, withdraw_messages, read_withdrawals)
