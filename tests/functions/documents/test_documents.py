"""A citizen gets the documents of a message, over the endpoints."""

import subprocess
import sys
from pathlib import Path

import pytest

from infra.local.sandbox.seed import CITIZEN
from lib.domain.shared.identifiers import MessageId
from tests.builders.documents import page, scanned, scanned_png, scanned_svg
from tests.builders.payments import a_payment, tell
from tests.builders.profiles import OTHER_CITIZEN
from tests.functions.documents.document_calls import DUE, RECEIPT, payable, take
from tests.stack import Stack

QR_TEXT = "PAGOPA|002|301000000000000017|01234567890|8450"


OF_A_PAYMENT = ("read_payment_qr_svg", "read_payment_qr_png", "read_payment_notice")


PAPERS = (*OF_A_PAYMENT, "read_calendar_entry")


HEAVY = {"icalendar", "PIL", "reportlab", "segno"}


async def test_the_code_asks_for_the_payment_of_the_message(stack: Stack) -> None:
    """The code as a drawing, as an image and on paper asks for the message's payment."""
    id_ = await payable(stack)

    svg, png, pdf = [(await take(stack, paper, id_)).body for paper in OF_A_PAYMENT]

    text, printed = page(pdf)
    assert scanned_svg(svg) == scanned_png(png) == scanned(printed) == QR_TEXT
    for said in ("Comune di Esempio", "Tassa sui rifiuti", "84,50 €", "30 giugno 2027"):
        assert said in text


async def test_the_payee_is_the_one_of_the_message(stack: Stack) -> None:
    """The documents name the payee of the message, where the sender collects for another one."""
    payment = a_payment(payee={"fiscal_code": "98765432109"}, invalid_after_due_date=True)
    id_ = await payable(stack, payment_data=payment)

    png = await take(stack, "read_payment_qr_png", id_)
    pdf = await take(stack, "read_payment_notice", id_)

    assert scanned_png(png.body) == QR_TEXT.replace("01234567890", "98765432109")
    assert "98765432109" in page(pdf.body)[0]
    assert "non si può più pagare" in page(pdf.body)[0]


@pytest.mark.parametrize(
    ("outcome", "said"),
    [("PAID", "risulta già pagato"), ("CANCELLED", "annullato"), ("REVERSED", "Dove pagare")],
)
async def test_the_notice_says_when_there_is_nothing_to_pay(
    stack: Stack, outcome: str, said: str
) -> None:
    """A printed notice that is paid or cancelled says so, and has no code."""
    id_ = await payable(stack)
    await tell(stack, outcome)
    await stack.drain()

    text, _ = page((await take(stack, "read_payment_notice", id_)).body)

    assert said in text
    assert ("Dove pagare" in text) == (outcome == "REVERSED")


@pytest.mark.parametrize(
    ("paper", "media_type", "name"),
    [
        ("read_payment_qr_svg", "image/svg+xml", "avviso-301000000000000017.svg"),
        ("read_payment_qr_png", "image/png", "avviso-301000000000000017.png"),
        ("read_payment_notice", "application/pdf", "avviso-301000000000000017.pdf"),
        ("read_calendar_entry", "text/calendar; charset=utf-8", "scadenza-{id}.ics"),
    ],
)
@pytest.mark.parametrize("subject", ['x"; filename="a.exe', "a; Set-Cookie: a=b, c", "è" * 99])
async def test_no_header_has_text_of_a_sender(
    stack: Stack, paper: str, media_type: str, name: str, subject: str
) -> None:
    """The file name in the header is made of numbers."""
    id_ = await payable(stack, subject=subject)

    reply = await take(stack, paper, id_)

    assert reply.status == 200
    assert reply.headers == {
        "content-type": media_type,
        "content-disposition": f'attachment; filename="{name.format(id=id_)}"',
    }


@pytest.mark.parametrize("paper", [*PAPERS, RECEIPT])
async def test_a_message_outside_the_inbox_has_no_documents(stack: Stack, paper: str) -> None:
    """A message that the citizen does not see in the inbox gets 404."""
    content = {"payment_data": a_payment(), "due_date": DUE}
    delivered = await stack.deliver(content=content)
    rejected = await stack.deliver(content=content, fiscal_code="BLOCKD00A00A000A")
    waiting = await stack.submit(content=content)

    for id_, citizen in (
        (delivered, OTHER_CITIZEN),
        (waiting, CITIZEN),
        (rejected, "BLOCKD00A00A000A"),
        (MessageId("01J0000000000000000000000A"), CITIZEN),
        (MessageId("a/b?c#d"), CITIZEN),
    ):
        reply = await take(stack, paper, id_, citizen)
        assert (reply.status, reply.body["title"]) == (404, "Message not found")


@pytest.mark.parametrize("paper", [*OF_A_PAYMENT, RECEIPT])
async def test_a_message_without_a_payment_has_no_payment_documents(
    stack: Stack, paper: str
) -> None:
    """The 404 says that the message has no payment."""
    id_ = await stack.deliver(content={"due_date": DUE})

    reply = await take(stack, paper, id_)

    assert (reply.status, reply.body["title"]) == (404, "No payment")


async def test_a_document_does_not_name_its_reader(stack: Stack) -> None:
    """A document does not name the citizen, and reading it does not mark the message as read."""
    id_ = await payable(stack)

    for paper in PAPERS:
        body = (await take(stack, paper, id_)).body
        shown = page(body)[0] if paper == "read_payment_notice" else body.decode("latin-1")
        assert CITIZEN not in shown
    opened = await stack.call(
        "read_message", path={"id": id_}, query={"public_message": "true"}, citizen=CITIZEN
    )
    assert opened.body["is_read"] is False


@pytest.mark.parametrize("paper", [*PAPERS, RECEIPT])
async def test_only_a_citizen_reads_documents(stack: Stack, paper: str) -> None:
    """A sender's key is refused."""
    id_ = await payable(stack)

    assert (await stack.call(paper, path={"id": id_})).status == 401


def test_libraries_that_draw_are_not_loaded_at_the_start() -> None:
    """Loading them would double the time that an instance takes to start."""
    imports = "import sys, functions, lib.composition.app"
    code = f"{imports}; print(sorted({HEAVY!r} & set(sys.modules)))"
    root = Path(__file__).parents[3]

    loaded = subprocess.run(
        [sys.executable, "-c", code], cwd=root, capture_output=True, check=True, text=True
    )

    assert loaded.stdout == "[]\n"
