"""The printed notice, read and rendered by PDFium."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.domain.shared.deadline import Deadline, deadline_at
from lib.rendering.documents.notice_pdf import notice_pdf
from lib.rendering.documents.payment_qr import qr_text
from lib.rendering.documents.pdf_text import BOLD, shown
from lib.rendering.texts import formatting
from tests.builders.documents import (
    a_notice,
    amounts,
    deadlines,
    notice_numbers,
    page,
    scanned,
    subjects,
)

pytestmark = pytest.mark.slow


def joined(text: str) -> str:
    """Return a text without spaces, line breaks and hyphens, which belong to the layout.

    PDFium gives U+FFFE for a hyphen at a line's end.
    """
    return re.sub(r"[-\xad\ufffe\x02\s]", "", text)


def test_the_page_says_what_to_pay_to_whom_and_until_when() -> None:
    """The text is Italian, with amount and number in the form of other notices."""
    text, _ = page(notice_pdf(a_notice(subject="Perché no? Città, è già così: 10 €")))

    for said in (
        "Avviso di pagamento pagoPA",
        "Comune di Esempio",
        "Perché no? Città, è già così: 10 €",
        "84,50 €",
        "30 giugno 2027",
        "3010 0000 0000 0000 17",
        "01234567890",
        "non è una ricevuta",
    ):
        assert said in text
    assert "non si può più pagare" not in text


def test_it_says_when_it_cannot_be_paid_later() -> None:
    """The notice says so when the sender did, and when there is a due date."""
    due = deadline_at(datetime(2027, 6, 30, 16, tzinfo=UTC))
    later, _ = page(notice_pdf(a_notice(invalid_after_deadline=True, deadline=due)))
    never, _ = page(notice_pdf(a_notice(invalid_after_deadline=True, deadline=None)))

    assert "non si può più pagare" in later
    assert "30 giugno 2027, ore 18:00 (ora italiana)" in later
    assert "Scadenza" not in never
    assert "non si può più pagare" not in never


@settings(max_examples=15, deadline=None)
@given(amounts, notice_numbers, deadlines)
def test_the_printed_code_can_be_scanned(amount: int, number: str, deadline: Deadline) -> None:
    """A scan at 144 dots an inch reads what the text beside the code says."""
    notice = a_notice(amount=amount, notice_number=number, deadline=deadline)
    text, printed = page(notice_pdf(notice))

    assert scanned(printed) == qr_text(notice)
    assert formatting.euros(amount, "it_IT").replace("\xa0", " ") in text
    assert number in joined(text)
    assert formatting.deadline(deadline, "it_IT").replace("\xa0", " ") in text


@settings(max_examples=60, deadline=None)
@given(subjects)
def test_any_subject_fits_its_page(subject: str) -> None:
    """Long words are broken, and characters that the face lacks are replaced."""
    text, printed = page(notice_pdf(a_notice(subject=subject, organization=subject)))

    assert joined(text).count(joined(shown(subject, BOLD))) >= 2 or not shown(subject, BOLD)
    assert scanned(printed) == qr_text(a_notice())


def test_characters_that_the_face_lacks_are_replaced() -> None:
    """Ligatures become letters, foreign letters a mark, and emoji are left out."""
    assert shown("ﬁne 😀👨‍👩‍👧 del mese: Ж, Občina, ș", BOLD) == "fine del mese: ?, Občina, ș"


@given(st.text(st.sampled_from("()\\<>/[]%{}\r\n")))
def test_a_subject_is_no_pdf(subject: str) -> None:
    """Characters of PDF's syntax in a subject are text."""
    text, _ = page(notice_pdf(a_notice(subject=f"Oggetto: {subject} <b>fine</b> endstream")))

    assert joined(f"Oggetto: {subject} <b>fine</b> endstream") in joined(text)


def test_the_faces_are_in_the_file() -> None:
    """The file looks the same everywhere, and the same notice has the same bytes."""
    pdf = notice_pdf(a_notice())

    assert len(re.findall(rb"/FontFile2", pdf)) == 2
    assert set(re.findall(rb"/BaseFont\s*/(?:\w+\+)?([\w-]+)", pdf)) >= {
        b"TitilliumWeb-Regular",
        b"TitilliumWeb-Bold",
    }
    assert b"/Lang" in pdf
    assert pdf == notice_pdf(a_notice())


def test_notices_are_drawn_side_by_side() -> None:
    """In threads that share the faces, each notice has its own characters."""
    notices = [a_notice(subject=f"Tassa {chr(0xE0 + n)} {n}", amount=n + 1) for n in range(24)]

    with ThreadPoolExecutor(8) as threads:
        drawn = list(threads.map(notice_pdf, notices))

    assert drawn == [notice_pdf(notice) for notice in notices]


def test_the_file_runs_nothing() -> None:
    """It has no script, no action and no attachment."""
    pdf = notice_pdf(a_notice(subject="/JavaScript (app.alert(1)) /OpenAction"))

    assert not re.search(rb"/(JavaScript|JS|OpenAction|Launch|URI|EmbeddedFile)\b", pdf)
