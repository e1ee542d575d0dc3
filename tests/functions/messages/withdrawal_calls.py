"""Helpers of the tests of withdrawals."""

from typing import Any

from infra.local.sandbox.seed import CITIZEN
from lib.domain.shared.identifiers import RptId
from tests.builders.payments import PAYEE, a_payment
from tests.functions.messages.inbox_calls import change
from tests.stack import Reply, Stack

REASON = "L'importo era sbagliato."
NUMBER = "302000000000000184"
RPT_ID = RptId(f"{PAYEE}{NUMBER}")
PAYABLE = {"payment_data": a_payment(notice_number=NUMBER), "due_date": "2026-11-26T11:00:00Z"}


async def withdraw(stack: Stack, id_: str, reason: str = REASON, **call: Any) -> Reply:
    """Withdraw a message of the citizen."""
    path = {"fiscal_code": CITIZEN, "id": id_}
    return await stack.call("withdraw_message", {"reason": reason}, path=path, **call)


async def sent(stack: Stack, id_: str) -> Any:
    """Return the message as its sender reads it, with all that Prefer adds."""
    reply = await stack.call(
        "read_sent_message",
        path={"fiscal_code": CITIZEN, "id": id_},
        headers={"Prefer": "include=history,withdrawal"},
    )
    assert reply.status == 200
    return reply.body


async def opened(stack: Stack, id_: str) -> Reply:
    """Open a message as its citizen."""
    return await stack.call(
        "read_message", path={"id": id_}, query={"public_message": "true"}, citizen=CITIZEN
    )


async def read(stack: Stack, id_: str) -> None:
    """Mark a message as read."""
    assert (await change(stack, id_, change_type="reading", is_read=True)).status == 200
