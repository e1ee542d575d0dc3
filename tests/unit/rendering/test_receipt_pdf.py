"""The printed confirmation of a payment, read by PDFium."""

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.domain.shared.deadline import in_rome
from lib.rendering.documents.pdf_text import BOLD, shown
from lib.rendering.documents.receipt_pdf import receipt_pdf
from lib.rendering.texts import formatting
from tests.builders.documents import a_receipt, amounts, notice_numbers, page, subjects
from tests.unit.rendering.test_notice_pdf import joined

pytestmark = pytest.mark.slow


def test_the_page_says_what_was_paid_to_whom_and_when() -> None:
    """The time is Italy's, on a night when the clock went forward, with event and source."""
    text, _ = page(receipt_pdf(a_receipt(subject="Perché no? Città, è già così: 10 €")))

    for said in (
        "Conferma di pagamento pagoPA",
        "Comune di Esempio",
        "Perché no? Città, è già così: 10 €",
        "Importo pagato",
        "84,50 €",
        "28 marzo 2027, ore 03:30 (ora italiana)",
        "3010 0000 0000 0000 17",
        "01234567890",
    ):
        assert said in text
    assert joined("receipt-1") in joined(text)
    assert joined("sandbox-payments-service") in joined(text)


def test_the_page_says_that_it_is_no_receipt_of_the_collector() -> None:
    """The page says that it is no receipt of the service that took the money."""
    text = joined(page(receipt_pdf(a_receipt()))[0])

    assert joined("conferma ciò che il sistema pagoPA ha comunicato") in text
    assert joined("Non è la ricevuta del prestatore di servizi di pagamento") in text
    assert joined("nemmeno ai fini fiscali") in text


def test_it_says_which_amount_it_shows() -> None:
    """The amount is the one paid where it is known, or else that of the notice."""
    told, _ = page(receipt_pdf(a_receipt(amount=0)))
    asked, _ = page(receipt_pdf(a_receipt(is_amount_told=False)))

    assert "0,00 €" in told
    assert "Importo pagato" in told
    assert "Importo dell'avviso" not in told
    assert joined("non è stato comunicato") not in joined(told)
    assert "84,50 €" in asked
    assert "Importo dell'avviso" in asked
    assert "Importo pagato" not in asked
    assert joined("L'importo pagato non è stato comunicato") in joined(asked)


@settings(max_examples=40, deadline=None)
@given(
    subjects,
    amounts,
    notice_numbers,
    st.from_regex(r"[!-~]{1,64}", fullmatch=True),
    st.datetimes(datetime(2000, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
)
def test_the_longest_values_fit_the_page(
    subject: str, amount: int, number: str, event_id: str, at: datetime
) -> None:
    """The longest reference and source fit too."""
    receipt = a_receipt(
        subject=subject,
        organization=subject,
        amount=amount,
        notice_number=number,
        event_id=event_id,
        source="s" * 255,
        paid_at=in_rome(at),
    )

    text, _ = page(receipt_pdf(receipt))

    assert joined(text).count(joined(shown(subject, BOLD))) >= 2 or not shown(subject, BOLD)
    assert joined(event_id) in joined(text)
    assert number in joined(text)
    assert formatting.euros(amount, "it_IT").replace("\xa0", " ") in text
    assert formatting.moment(receipt.paid_at, "it_IT").replace("\xa0", " ") in text
    assert joined("nemmeno ai fini fiscali: conservala.") in joined(text)


def test_the_same_receipt_is_the_same_file() -> None:
    """The file has its faces, and runs nothing."""
    pdf = receipt_pdf(a_receipt(subject="/JavaScript (app.alert(1)) /OpenAction"))

    assert pdf == receipt_pdf(a_receipt(subject="/JavaScript (app.alert(1)) /OpenAction"))
    assert len(re.findall(rb"/FontFile2", pdf)) == 2
    assert not re.search(rb"/(JavaScript|JS|OpenAction|Launch|URI|EmbeddedFile)\b", pdf)
