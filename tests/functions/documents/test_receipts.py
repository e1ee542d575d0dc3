"""A citizen gets a receipt of a payment that was made."""

from datetime import timedelta

from infra.local.sandbox.seed import CITIZEN
from tests.builders.documents import page
from tests.builders.payments import tell
from tests.functions.documents.document_calls import RECEIPT, payable, take
from tests.stack import Stack


async def test_the_receipt_shows_pagopa_s_event(stack: Stack) -> None:
    """The receipt has pagoPA's event and its source, before the message shows the payment."""
    id_ = await payable(stack)
    event = {"event_id": "receipt-0", "paid_at": "2026-11-23T08:15:00Z"}
    await tell(stack, "PAID", amount_cents=8501, **event)

    text, _ = page((await take(stack, RECEIPT, id_)).body)

    for said in (
        "Comune di Esempio",
        "Tassa sui rifiuti",
        "Importo pagato",
        "85,01 €",
        "23 novembre 2026, ore 09:15 (ora italiana)",
        "3010 0000 0000 0000 17",
        "01234567890",
    ):
        assert said in text
    assert "receipt0" in text.replace("-", "").replace("\ufffe", "")
    assert "sandbox" in text
    assert CITIZEN not in text


async def test_the_receipt_s_header_holds_numbers_alone(stack: Stack) -> None:
    """The file name in the header has no text of the sender or of pagoPA's side."""
    id_ = await payable(stack, subject='x"; filename="a.exe')
    await tell(stack, "PAID")

    reply = await take(stack, RECEIPT, id_)

    assert reply.headers["content-type"] == "application/pdf"
    disposition = 'attachment; filename="conferma-301000000000000017.pdf"'
    assert reply.headers["content-disposition"] == disposition


async def test_the_receipt_shows_the_notice_s_amount_where_none_was_told(stack: Stack) -> None:
    """A receipt without a told amount shows the notice's amount, and says so."""
    id_ = await payable(stack)
    await tell(stack, "PAID")

    text, _ = page((await take(stack, RECEIPT, id_)).body)

    assert "Importo dell'avviso" in text
    assert "84,50 €" in text
    assert "23 novembre 2026, ore 10:00 (ora italiana)" in text


async def test_an_unpaid_notice_has_no_receipt(stack: Stack) -> None:
    """The receipt gets 404 before the payment, and again after its reversal."""
    id_ = await payable(stack)

    for outcome, status in (
        ("", 404),
        ("CANCELLED", 404),
        ("PAID", 200),
        ("REVERSED", 404),
        ("PAID", 200),
    ):
        if outcome:
            stack.clock.advance(timedelta(minutes=1))
            await tell(stack, outcome)
        reply = await take(stack, RECEIPT, id_)
        assert reply.status == status, outcome
        if status == 404:
            assert reply.body["title"] == "Not paid"
