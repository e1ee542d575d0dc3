"""A payment notice to print, as PDF."""

from typing import Final

from reportlab.lib.units import mm

from lib.domain.documents.documents import PaymentNotice
from lib.domain.payments.notice_number import grouped
from lib.rendering.documents.payment_qr import qr_code
from lib.rendering.documents.pdf_page import MARGIN, WIDTH, PdfPage, page_pdf
from lib.rendering.documents.pdf_text import BOLD
from lib.rendering.texts import formatting

_QR_SIDE: Final = 50 * mm
_QR_QUIET_MODULES: Final = 4

_HOW_TO_PAY: Final = (
    "Inquadra il codice QR con l'app della tua banca o con un'altra app di pagamento, oppure "
    "porta questo avviso in banca, in posta, in tabaccheria o dove trovi il marchio pagoPA. "
    "Se l'importo è cambiato, al momento di pagare vale quello aggiornato dall'ente."
)
_NOT_A_RECEIPT: Final = "Copia di cortesia del messaggio ricevuto: non è una ricevuta di pagamento."
_NOTHING_TO_PAY: Final = {
    "PAID": "Questo avviso risulta già pagato: non pagarlo di nuovo.",
    "CANCELLED": "L'ente ha annullato questo avviso: non c'è nulla da pagare.",
    "PAID_OTHERWISE": "Paghi a rate: una rata risulta pagata, non pagare l'intero importo.",
}
_PAID_AS_A_WHOLE: Final = "L'intero importo risulta già pagato: non pagare questa rata."
_AMENDED: Final = (
    "L'ente ha aggiornato questo avviso il {day}: le versioni precedenti non valgono più."
)
_INVALID_LATER: Final = "Dopo la scadenza questo avviso non si può più pagare."


def notice_pdf(notice: PaymentNotice) -> bytes:
    """Return the notice as PDF."""
    title = f"Avviso di pagamento {grouped(notice.notice_number)}"
    return page_pdf(title, lambda page: _fill(page, notice))


def _code(page: PdfPage, notice: PaymentNotice) -> None:
    """Draw the QR code to the right of the following text."""
    matrix = qr_code(notice).matrix
    module = _QR_SIDE / (len(matrix) + 2 * _QR_QUIET_MODULES)
    quiet = _QR_QUIET_MODULES * module
    page.symbol(matrix, MARGIN + WIDTH - _QR_SIDE + quiet, quiet, module)


def _fill(page: PdfPage, notice: PaymentNotice) -> None:
    page.write("Avviso di pagamento pagoPA", 20, face=BOLD, after=12)
    page.field("Ente mittente", notice.organization)
    page.field("Oggetto", notice.subject)
    if notice.status == "NOT_PAID":
        _code(page, notice)
    beside = WIDTH - _QR_SIDE
    page.field("Importo", formatting.euros(notice.amount, "it_IT"), size=20, width=beside)
    if notice.deadline is not None:
        page.field("Scadenza", formatting.deadline(notice.deadline, "it_IT"), width=beside)
    page.field("Codice avviso", grouped(notice.notice_number), width=beside)
    page.field("Codice fiscale dell'ente creditore", notice.payee_fiscal_code, width=beside)
    page.skip(24)  # without a deadline, the QR code reaches this far down
    if notice.amended_on is not None:
        day = formatting.day(notice.amended_on, "it_IT")
        page.write(_AMENDED.format(day=day), 11, face=BOLD, after=8)
    if notice.status != "NOT_PAID":
        is_whole_paid = notice.status == "PAID_OTHERWISE" and notice.is_instalment
        status_line = _PAID_AS_A_WHOLE if is_whole_paid else _NOTHING_TO_PAY[notice.status]
        page.write(status_line, 11, face=BOLD, after=8)
    else:
        if notice.invalid_after_deadline and notice.deadline is not None:
            page.write(_INVALID_LATER, 11, face=BOLD, after=8)
        page.write("Come pagare", 11, face=BOLD)
        page.write(_HOW_TO_PAY, 11, after=8)
    page.write(_NOT_A_RECEIPT, 9)
