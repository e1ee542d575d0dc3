"""A payment notice to print: one A4 page, in Italian, the same bytes for the same notice.

Text goes onto the page as glyphs of an embedded face and never through a markup language, so a
subject is a subject whatever it holds.
"""

from io import BytesIO
from typing import Final

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from lib.domain.notice_number import grouped
from lib.domain.papers import PaymentNotice
from lib.papers import italian
from lib.papers.payment_qr import qr_code
from lib.papers.pdf_text import BOLD, REGULAR, glyphs, lines_of

_MARGIN: Final = 20 * mm
_WIDTH: Final = A4[0] - 2 * _MARGIN
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
}
_INVALID_LATER: Final = "Dopo la scadenza questo avviso non si può più pagare."


class _Page:
    """A page filled from its top."""

    def __init__(self, canvas: Canvas) -> None:
        self._canvas = canvas
        self._y = A4[1] - _MARGIN

    def write(
        self,
        text: str,
        size: float,
        *,
        face: str = REGULAR,
        width: float = _WIDTH,
        after: float = 0,
    ) -> None:
        """Write a paragraph below the last one."""
        for line in lines_of(text, face, size, width):
            self._y -= size * 1.25
            self._canvas.setFont(face, size)
            self._canvas.drawString(_MARGIN, self._y, line)
        self._y -= after

    def skip(self, height: float) -> None:
        """Leave a space."""
        self._y -= height

    def field(self, name: str, value: str, *, size: float = 14, width: float = _WIDTH) -> None:
        """Write a name, small, and its value."""
        self.write(name, 9, width=width)
        self.write(value, size, face=BOLD, width=width, after=10)

    def code(self, notice: PaymentNotice) -> None:
        """Draw the QR code as one shape, right of what is written next."""
        code = qr_code(notice)
        module = _QR_SIDE / (len(code.matrix) + 2 * _QR_QUIET_MODULES)
        left = A4[0] - _MARGIN - _QR_SIDE + _QR_QUIET_MODULES * module
        top = self._y - _QR_QUIET_MODULES * module
        shape = self._canvas.beginPath()
        for row, modules in enumerate(code.matrix, 1):
            for column, is_dark in enumerate(modules):
                if is_dark:
                    shape.rect(left + column * module, top - row * module, module, module)
        self._canvas.drawPath(shape, stroke=0, fill=1)


def notice_pdf(notice: PaymentNotice) -> bytes:
    """Return the notice as PDF."""
    for face in (REGULAR, BOLD):
        glyphs(face)
    drawn = BytesIO()
    canvas = Canvas(drawn, pagesize=A4, invariant=1, lang="it-IT")
    canvas.setTitle(f"Avviso di pagamento {grouped(notice.notice_number)}")
    canvas.setCreator("Recapito")
    canvas.setViewerPreference("DisplayDocTitle", "true")
    _fill(_Page(canvas), notice)
    canvas.showPage()
    canvas.save()
    return drawn.getvalue()


def _fill(page: _Page, notice: PaymentNotice) -> None:
    page.write("Avviso di pagamento pagoPA", 20, face=BOLD, after=12)
    page.field("Ente mittente", notice.organization)
    page.field("Oggetto", notice.subject)
    page.code(notice)
    beside = _WIDTH - _QR_SIDE
    page.field("Importo", italian.euros(notice.amount), size=20, width=beside)
    if notice.deadline is not None:
        page.field("Scadenza", italian.deadline(notice.deadline), width=beside)
    page.field("Codice avviso", grouped(notice.notice_number), width=beside)
    page.field("Codice fiscale dell'ente creditore", notice.payee_fiscal_code, width=beside)
    page.skip(24)  # where there is no deadline, the code reaches this far
    if notice.status in _NOTHING_TO_PAY:
        page.write(_NOTHING_TO_PAY[notice.status], 11, face=BOLD, after=8)
    else:
        if notice.invalid_after_deadline and notice.deadline is not None:
            page.write(_INVALID_LATER, 11, face=BOLD, after=8)
        page.write("Come pagare", 11, face=BOLD)
        page.write(_HOW_TO_PAY, 11, after=8)
    page.write(_NOT_A_RECEIPT, 9)
