"""Valid payment notices to vary."""

from collections.abc import Mapping
from typing import Any

from infra.local.sandbox.seed import CITIZEN
from lib.domain.payments.notice_number import check_digits_of
from lib.domain.shared.identifiers import NoticeNumber, rpt_id_of
from lib.ports.documents import Document
from tests.builders import payments
from tests.builders.payments import PAYEE
from tests.stack import Reply, Stack


def number(of: int) -> NoticeNumber:
    """Return a notice number with the right check digits."""
    digits = f"302{of:013}"
    return NoticeNumber(digits + check_digits_of(digits))


NUMBER = number(1)
RPT_ID = rpt_id_of(PAYEE, NUMBER)
CLOSED = "Payment notice closed"
"""The title of the refusal of a notice that is paid or cancelled."""


def a_notice(**changes: Any) -> Document:
    """Return a valid notice to send; None takes a field away."""
    notice = {
        "fiscal_code": CITIZEN,
        "notice_number": NUMBER,
        "amount_cents": 8450,
        "due_date": "2027-06-30",
        "subject": "Tassa sui rifiuti 2027",
        "description": "Prima rata, via Roma 1.",
        **changes,
    }
    return {name: value for name, value in notice.items() if value is not None}


def an_amendment(version: int = 1, **changes: Any) -> Document:
    """Return the same notice as amended by the changes."""
    return {"version": version, **a_notice(fiscal_code=None, notice_number=None, **changes)}


def an_instalment(of: int, due_date: str, amount: int = 4225) -> Document:
    """Return an instalment of a notice."""
    return {"notice_number": number(of), "amount_cents": amount, "due_date": due_date}


INSTALMENTS = (
    an_instalment(11, "2027-02-28"),
    an_instalment(12, "2027-06-30"),
    an_instalment(13, "2027-12-31"),
)


async def send(stack: Stack, notice: Mapping[str, Any] | None = None, **options: Any) -> Reply:
    """Send a notice."""
    return await stack.call("submit_payment_notice", notice or a_notice(), **options)


async def amend(stack: Stack, amendment: Document, **options: Any) -> Reply:
    """Amend the notice."""
    path = {"rpt_id": RPT_ID}
    return await stack.call("amend_payment_notice", amendment, path=path, **options)


async def cancel(stack: Stack, rpt_id: str = RPT_ID, **options: Any) -> Reply:
    """Cancel a notice."""
    return await stack.call("cancel_payment_notice", path={"rpt_id": rpt_id}, **options)


async def reopen(stack: Stack, rpt_id: str = RPT_ID, **options: Any) -> Reply:
    """Reopen a notice."""
    return await stack.call("reopen_payment_notice", path={"rpt_id": rpt_id}, **options)


async def read(stack: Stack, rpt_id: str = RPT_ID, **options: Any) -> Reply:
    """Read a notice back."""
    return await stack.call("read_sent_notice", path={"rpt_id": rpt_id}, **options)


async def inbox(stack: Stack, citizen: str = CITIZEN) -> list[Document]:
    """Return the citizen's list, newest first."""
    query = {"enrich_result_data": "true"}
    reply = await stack.call("list_inbox", query=query, citizen=citizen)
    items: list[Document] = reply.body["items"]
    return items


async def tell(stack: Stack, outcome: str = "PAID", rpt_id: str = RPT_ID) -> None:
    """Send an update of the notice's payment that occurs now."""
    await payments.tell(stack, outcome, rpt_id)
