"""Helpers of the tests of documents."""

from typing import Any

from infra.local.sandbox.seed import CITIZEN
from lib.domain.shared.identifiers import MessageId
from tests.builders.payments import a_payment
from tests.stack import Reply, Stack

DUE = "2027-06-30T21:59:59Z"


RECEIPT = "read_payment_receipt"


RPT_ID = {"rpt_id": "01234567890301000000000000017"}


async def take(stack: Stack, paper: str, id_: MessageId, citizen: str = CITIZEN) -> Reply:
    """Read a document of the message."""
    return await stack.call(paper, path={"id": id_}, citizen=citizen)


async def payable(stack: Stack, **content: Any) -> MessageId:
    """Deliver a message with a payment and a due date; return its id."""
    return await stack.deliver(content={"payment_data": a_payment(), "due_date": DUE, **content})
