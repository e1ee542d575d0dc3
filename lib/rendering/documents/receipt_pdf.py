"""A confirmation of payment to print, as PDF: the reported payment and the source."""

from lib.domain.documents.documents import PaymentReceipt
from lib.domain.payments.notice_number import grouped
from lib.rendering.documents.paper_words import PaperWords
from lib.rendering.documents.pdf_page import PdfPage, page_pdf
from lib.rendering.documents.pdf_text import BOLD


def receipt_pdf(receipt: PaymentReceipt) -> bytes:
    """Return the confirmation as PDF."""
    words = PaperWords(receipt.languages)
    title = words.label(lambda word: word.receipt_of, number=grouped(receipt.notice_number))
    return page_pdf(title, lambda page: _fill(page, receipt, words))


def _fill(page: PdfPage, receipt: PaymentReceipt, words: PaperWords) -> None:
    page.write(words.label(lambda word: word.receipt), 20, face=BOLD, after=12)
    page.field(words.label(lambda word: word.sender), receipt.organization)
    page.field(words.label(lambda word: word.subject), receipt.subject)
    amount = words.label(
        lambda word: word.amount_told if receipt.is_amount_told else word.amount_of_notice
    )
    page.field(amount, words.euros(receipt.amount), size=20)
    page.field(words.label(lambda word: word.paid_at), words.moment(receipt.paid_at))
    page.field(words.label(lambda word: word.number), grouped(receipt.notice_number))
    page.field(words.label(lambda word: word.payee), receipt.payee_fiscal_code)
    page.field(words.label(lambda word: word.payment_reference), receipt.event_id)
    page.field(words.label(lambda word: word.told_by), receipt.source)
    if not receipt.is_amount_told:
        page.paragraphs(words.paragraphs(lambda word: word.may_differ))
    page.paragraphs(words.paragraphs(lambda word: word.what_it_is))
    page.paragraphs(words.paragraphs(lambda word: word.what_it_is_not), face=BOLD)
