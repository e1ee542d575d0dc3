"""A confirmation of payment to print, as PDF: the reported payment and the source."""

from lib.domain.documents.documents import PaymentReceipt
from lib.domain.payments.notice_number import grouped
from lib.rendering.documents.notice_pdf import head
from lib.rendering.documents.paper_words import PaperWords
from lib.rendering.documents.pdf_page import PdfPage, pages_pdf
from lib.rendering.documents.pdf_text import BOLD, plain, said


def receipt_pdf(receipt: PaymentReceipt) -> bytes:
    """Return the confirmation as PDF."""
    words = PaperWords(receipt.languages)
    title = said(words.label(lambda word: word.receipt_of, number=grouped(receipt.notice_number)))
    return pages_pdf(title, lambda page: _fill(page, receipt, words))


def _fill(page: PdfPage, receipt: PaymentReceipt, words: PaperWords) -> None:
    logo_of = words.alternative(lambda word: word.logo_of, organization=receipt.organization)
    title = words.label(lambda word: word.receipt)
    head(page, title, receipt.subject, receipt.logo, logo_of)
    amount = words.label(
        lambda word: word.amount_told if receipt.is_amount_told else word.amount_of_notice
    )
    page.rows(
        (
            (words.label(lambda word: word.sender), plain(receipt.organization)),
            (words.label(lambda word: word.subject), plain(receipt.subject)),
            (amount, plain(words.euros(receipt.amount))),
            (words.label(lambda word: word.paid_at), words.moment(receipt.paid_at)),
            (words.label(lambda word: word.number), plain(grouped(receipt.notice_number))),
            (words.label(lambda word: word.payee), plain(receipt.payee_fiscal_code)),
            (words.label(lambda word: word.payment_reference), plain(receipt.event_id)),
            (words.label(lambda word: word.told_by), plain(receipt.source)),
        ),
        size=12,
    )
    page.skip(10)
    if not receipt.is_amount_told:
        page.paragraphs(words.paragraphs(lambda word: word.may_differ))
    page.paragraphs(words.paragraphs(lambda word: word.what_it_is))
    page.paragraphs(words.paragraphs(lambda word: word.what_it_is_not), face=BOLD)
