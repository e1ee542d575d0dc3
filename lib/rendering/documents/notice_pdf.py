"""A payment notice to print, as PDF."""

from collections.abc import Callable, Mapping
from typing import Final

from reportlab.lib.units import mm

from lib.domain.documents.documents import PaymentNotice
from lib.domain.payments.notice_number import grouped
from lib.rendering.documents.paper_words import PaperWords
from lib.rendering.documents.payment_qr import qr_code
from lib.rendering.documents.pdf_page import MARGIN, WIDTH, PdfPage, page_pdf
from lib.rendering.documents.pdf_text import BOLD
from lib.rendering.texts.document_phrases import PaperPhrases

_QR_SIDE: Final = 50 * mm
_QR_QUIET_MODULES: Final = 4
_NOTHING_TO_PAY: Final[Mapping[str, Callable[[PaperPhrases], str]]] = {
    "PAID": lambda words: words.paid,
    "CANCELLED": lambda words: words.cancelled,
    "PAID_OTHERWISE": lambda words: words.paid_otherwise,
    "PAID_AS_A_WHOLE": lambda words: words.paid_as_a_whole,
}


def notice_pdf(notice: PaymentNotice) -> bytes:
    """Return the notice as PDF."""
    words = PaperWords(notice.languages)
    title = words.label(lambda word: word.notice_of, number=grouped(notice.notice_number))
    return page_pdf(title, lambda page: _fill(page, notice, words))


def _code(page: PdfPage, notice: PaymentNotice) -> None:
    """Draw the QR code to the right of the following text."""
    matrix = qr_code(notice).matrix
    module = _QR_SIDE / (len(matrix) + 2 * _QR_QUIET_MODULES)
    quiet = _QR_QUIET_MODULES * module
    page.symbol(matrix, MARGIN + WIDTH - _QR_SIDE + quiet, quiet, module)


def _fill(page: PdfPage, notice: PaymentNotice, words: PaperWords) -> None:
    page.write(words.label(lambda word: word.notice), 20, face=BOLD, after=12)
    page.field(words.label(lambda word: word.sender), notice.organization)
    page.field(words.label(lambda word: word.subject), notice.subject)
    if notice.status == "NOT_PAID":
        _code(page, notice)
    beside = WIDTH - _QR_SIDE
    amount = words.euros(notice.amount)
    page.field(words.label(lambda word: word.amount), amount, size=20, width=beside)
    if notice.deadline is not None:
        due = words.deadline(notice.deadline)
        page.field(words.label(lambda word: word.due), due, width=beside)
    number = grouped(notice.notice_number)
    page.field(words.label(lambda word: word.number), number, width=beside)
    page.field(words.label(lambda word: word.payee), notice.payee_fiscal_code, width=beside)
    page.skip(24)  # without a deadline, the QR code reaches this far down
    if notice.amended_on is not None:
        page.paragraphs(words.paragraphs(lambda word: word.amended, notice.amended_on), face=BOLD)
    if notice.status != "NOT_PAID":
        is_whole_paid = notice.status == "PAID_OTHERWISE" and notice.is_instalment
        why = _NOTHING_TO_PAY["PAID_AS_A_WHOLE" if is_whole_paid else notice.status]
        page.paragraphs(words.paragraphs(why), face=BOLD)
    else:
        if notice.invalid_after_deadline and notice.deadline is not None:
            page.paragraphs(words.paragraphs(lambda word: word.invalid_later), face=BOLD)
        page.write(words.label(lambda word: word.how_title), 11, face=BOLD)
        page.paragraphs(words.paragraphs(lambda word: word.how))
    page.paragraphs(words.paragraphs(lambda word: word.not_a_receipt), size=9)
