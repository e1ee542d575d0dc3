"""Endpoint by which a sender withdraws a message."""

from functions.http.callers.access_log import LogsNothing
from functions.http.contract.endpoint import Answer, AnyEndpoint, Body, Call, Endpoint
from functions.http.contract.policies import Senders
from functions.http.views.withdrawals import WithdrawalView, withdrawal_view
from lib.domain.messages.errors import (
    MessageNotFoundError,
    NoticeMessageError,
    NotOwnMessageError,
)
from lib.domain.messages.withdrawals.withdrawal_request import NewWithdrawal
from lib.domain.services.errors import ProductionForbiddenError, RecipientForbiddenError
from lib.domain.services.service import Group, Sender, check_recipient
from lib.domain.shared.identifiers import AnyMessageIdField, FiscalCodeField, MessageId

WRITERS = Senders(frozenset((Group.MESSAGE_WRITE, Group.LIMITED_MESSAGE_WRITE)))


async def _withdraw(call: Call[Sender, NewWithdrawal, None]) -> Answer:
    fiscal_code, id_ = call.path["fiscal_code"], MessageId(call.path["id"])
    check_recipient(call.caller, fiscal_code)
    withdrawal = await call.app.messages.withdraw(
        call.caller.owner, fiscal_code, id_, reason=call.body.reason
    )
    return Answer(200, withdrawal_view(id_, withdrawal))


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
    logs=LogsNothing("the inbox shows a withdrawal to who read the message"),
    answers={200: WithdrawalView},
    refusals=(
        MessageNotFoundError,
        NotOwnMessageError,
        NoticeMessageError,
        RecipientForbiddenError,
        ProductionForbiddenError,
    ),
)

ENDPOINTS: tuple[AnyEndpoint, ...] = (withdraw_message,)
