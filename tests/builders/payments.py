"""Valid payments and events of payments to vary."""

from datetime import timedelta
from typing import Any

from infra.local.sandbox.seed import PAYMENTS_KEY
from lib.domain.shared.identifiers import NoticeNumber, OrganizationFiscalCode, rpt_id_of
from lib.domain.shared.values import timestamp
from lib.ports.documents import Document
from tests.doubles.clock import START
from tests.stack import Reply, Stack

PAYEE = OrganizationFiscalCode("01234567890")
NOTICE_NUMBER = NoticeNumber("301000000000000017")
RPT_ID = rpt_id_of(PAYEE, NOTICE_NUMBER)
DUE = "2027-06-30T21:59:59Z"


def a_payment(**changes: Any) -> Document:
    """Return valid payment data of a message."""
    return {"amount": 8450, "notice_number": NOTICE_NUMBER, **changes}


def payable(**changes: Any) -> Document:
    """Return content of a message that asks for a payment; the changes are to its payment data."""
    return {"payment_data": a_payment(**changes), "due_date": DUE}


def an_update(minute: int = 0, **changes: Any) -> Document:
    """Return a valid update of an event so many minutes before the stack's start."""
    at = timestamp(START - timedelta(minutes=minute))
    update = {"event_id": f"event-{minute}", "occurred_at": at, "outcome": "PAID", **changes}
    return {"amount_cents": 8450, **update} if update["outcome"] == "PAID" else update


async def send_update(stack: Stack, update: Document, rpt_id: str = RPT_ID) -> Reply:
    """Send the update as pagoPA's side does."""
    return await stack.call("update_payment", update, path={"rpt_id": rpt_id}, key=PAYMENTS_KEY)


async def tell(stack: Stack, outcome: str = "PAID", rpt_id: str = RPT_ID, **changes: Any) -> None:
    """Send an update of an event that occurs now, without marking the payment's messages."""
    at = timestamp(stack.clock.now())
    event = {"event_id": f"{outcome}-{at}", "occurred_at": at, "outcome": outcome, **changes}
    reply = await send_update(stack, event, rpt_id)
    assert reply.status == 200, reply
