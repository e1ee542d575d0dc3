"""A payment notice to print, as PDF, in the layout of pagoPA's notices on paper.

Head, payee and recipient; how much and until when; where to pay; and a section with a code of its
own for the whole sum and for each instalment (pagoPA, "Avviso di pagamento", version 3.5).
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Final

from reportlab.lib.units import mm

from lib.domain.documents.documents import PaymentNotice
from lib.domain.payments.notice_number import grouped
from lib.rendering.documents.paper_words import PaperWords
from lib.rendering.documents.payment_qr import qr_code
from lib.rendering.documents.pdf_page import PdfPage, pages_pdf
from lib.rendering.documents.pdf_text import BOLD, Phrase, plain, said
from lib.rendering.texts.document_phrases import PaperPhrases

_CODE_SIDE: Final = 42 * mm
_LOGO: Final = (44 * mm, 18 * mm)
_NOTHING_TO_PAY: Final[Mapping[str, Callable[[PaperPhrases], str]]] = {
    "PAID": lambda words: words.paid,
    "CANCELLED": lambda words: words.cancelled,
    "PAID_OTHERWISE": lambda words: words.paid_otherwise,
    "PAID_AS_A_WHOLE": lambda words: words.paid_as_a_whole,
}


def notice_pdf(notice: PaymentNotice) -> bytes:
    """Return the notice as PDF."""
    words = PaperWords(notice.languages)
    title = said(words.label(lambda word: word.notice_of, number=grouped(notice.notice_number)))
    return pages_pdf(
        title,
        lambda page: _fill(page, notice, words),
        lambda page: _head(page, notice, words),
    )


def head(page: PdfPage, title: Phrase, subject: str, logo: bytes | None, alternative: str) -> None:
    """Write the title and the subject of a paper, with the logo at their right."""

    def texts(page: PdfPage) -> None:
        page.write(title, 18, role="H1", face=BOLD, after=2)
        page.write(plain(subject), 13, face=BOLD)

    def picture(page: PdfPage) -> None:
        if logo is not None:
            page.skip(4)
            page.picture(logo, *_LOGO, alternative)

    page.columns((0.74, texts), (0.26, picture)) if logo is not None else texts(page)
    page.skip(10)
    page.line()


def _fill(page: PdfPage, notice: PaymentNotice, words: PaperWords) -> None:
    _head(page, notice, words)
    _names(page, notice, words)
    if notice.amended_on is not None:
        amended = words.paragraphs(lambda word: word.amended, notice.amended_on)
        page.paragraphs(amended, face=BOLD)
    sums = (notice, *notice.instalments)
    if any(one.status == "NOT_PAID" for one in sums):
        with page.tree.element("Sect"):
            _how_much(page, notice, words)
        with page.tree.element("Sect"):
            _where(page, words)
    for one in sums:
        section = partial(_sum, notice=one, words=words, is_listed=one is not notice)
        with page.tree.element("Sect"):
            page.keep_together(section)
    page.keep_together(
        lambda page: page.paragraphs(words.paragraphs(lambda word: word.not_a_receipt), size=8)
    )


def _head(page: PdfPage, notice: PaymentNotice, words: PaperWords) -> None:
    title = words.label(lambda word: word.notice)
    logo_of = words.alternative(lambda word: word.logo_of, organization=notice.organization)
    head(page, title, notice.subject, notice.logo, logo_of)


def _names(page: PdfPage, notice: PaymentNotice, words: PaperWords) -> None:
    def payee(page: PdfPage) -> None:
        is_payee = notice.is_of_payee
        page.write(
            words.label(lambda word: word.creditor if is_payee else word.sender), 9, role="H2"
        )
        page.write(plain(notice.organization), 12, face=BOLD)

    def payer(page: PdfPage) -> None:
        if notice.payer is not None:
            page.write(words.label(lambda word: word.payer), 9, role="H2")
            page.write(words.label(lambda word: word.fiscal_code), 9)
            page.write(plain(notice.payer), 12, face=BOLD)

    page.columns((0.5, payee), (0.5, payer))
    page.skip(8)


def _how_much(page: PdfPage, notice: PaymentNotice, words: PaperWords) -> None:
    deadline, is_payable = notice.deadline, notice.status == "NOT_PAID"
    page.heading(words.label(lambda word: word.how_much if deadline else word.how_much_undated))

    def amount(page: PdfPage) -> None:
        page.write(plain(words.euros(notice.amount)), 24, face=BOLD)
        if deadline is not None:
            page.write(words.by(deadline), 12, face=BOLD)

    def explained(page: PdfPage) -> None:
        if notice.instalments:
            page.paragraphs(_instalments(notice, words))
        if deadline is not None and notice.invalid_after_deadline:
            page.paragraphs(words.paragraphs(lambda word: word.invalid_later), face=BOLD)
        page.paragraphs(words.paragraphs(lambda word: word.may_change), size=9)

    if is_payable:
        page.columns((0.4, amount), (0.6, explained))
    else:  # some instalments alone are to be paid
        explained(page)
    page.skip(8)


def _instalments(notice: PaymentNotice, words: PaperWords) -> tuple[Phrase, ...]:
    place, may_pay_all = notice.place, notice.place is None and notice.status == "NOT_PAID"
    return words.paragraphs(
        lambda word: word.whole_or_parts if may_pay_all else word.parts_only,
        count=str(len(notice.instalments) if place is None else place.count),
    )


def _where(page: PdfPage, words: PaperWords) -> None:
    page.heading(words.label(lambda word: word.where))

    def online(page: PdfPage) -> None:
        page.write(words.label(lambda word: word.online_title), 10, role="H3", face=BOLD)
        page.paragraphs(words.paragraphs(lambda word: word.online))

    def places(page: PdfPage) -> None:
        page.write(words.label(lambda word: word.places_title), 10, role="H3", face=BOLD)
        page.paragraphs(words.paragraphs(lambda word: word.places))

    page.columns((0.5, online), (0.5, places))
    page.skip(8)


def _sum(page: PdfPage, notice: PaymentNotice, words: PaperWords, *, is_listed: bool) -> None:
    """Write what to pay one sum with: the code, and the data in place of it.

    `is_listed`: the sum is an instalment below the notice's own sum.
    """
    place, is_payable = notice.place, notice.status == "NOT_PAID"
    if place is None:
        page.heading(words.label(lambda word: word.whole))
    else:
        index, count = str(place.index), str(place.count)
        page.heading(words.label(lambda word: word.part, index=index, count=count))
    number = grouped(notice.notice_number)

    def code(page: PdfPage) -> None:
        amount = words.euros(notice.amount)
        scans = words.alternative(lambda word: word.code_of, amount=amount)
        page.symbol(lambda: qr_code(notice).matrix_iter(border=2), _CODE_SIDE, scans)
        if not is_listed:
            page.skip(2)
            page.paragraphs(words.paragraphs(lambda word: word.scan), size=8)

    def data(page: PdfPage) -> None:
        deadline = () if notice.deadline is None else words.deadline(notice.deadline)
        page.rows(
            (
                (words.label(lambda word: word.amount), plain(words.euros(notice.amount))),
                (words.label(lambda word: word.due), deadline),
                (words.label(lambda word: word.number), plain(number)),
                (words.label(lambda word: word.payee), plain(notice.payee_fiscal_code)),
                (words.label(lambda word: word.subject), plain(notice.subject)),
            )
        )
        if not is_payable:
            page.skip(5)
            is_whole_paid = notice.status == "PAID_OTHERWISE" and notice.is_instalment
            why = _NOTHING_TO_PAY["PAID_AS_A_WHOLE" if is_whole_paid else notice.status]
            page.paragraphs(words.paragraphs(why), face=BOLD)

    if is_payable:
        page.columns((0.3, code), (0.7, data))
    else:
        data(page)
    page.skip(10)
