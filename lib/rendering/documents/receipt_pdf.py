"""A confirmation of payment to print, as PDF: the reported payment and the source."""

from typing import Final

from lib.domain.documents.documents import PaymentReceipt
from lib.domain.payments.notice_number import grouped
from lib.rendering.documents.pdf_page import PdfPage, page_pdf
from lib.rendering.documents.pdf_text import BOLD
from lib.rendering.texts import formatting

_TOLD: Final = "Importo pagato, comunicato con il pagamento"
_NOT_TOLD: Final = "Importo dell'avviso"
_MAY_DIFFER: Final = (
    "L'importo pagato non è stato comunicato: è indicato quello dell'avviso, che può essere "
    "diverso."
)
_WHAT_IT_IS: Final = (
    "Questa pagina conferma ciò che il sistema pagoPA ha comunicato sul pagamento dell'avviso."
)
_WHAT_IT_IS_NOT: Final = (
    "Non è la ricevuta del prestatore di servizi di pagamento (banca, posta, app o esercente) "
    "presso cui hai pagato e non la sostituisce, nemmeno ai fini fiscali: conservala."
)


def receipt_pdf(receipt: PaymentReceipt) -> bytes:
    """Return the confirmation as PDF."""
    title = f"Conferma di pagamento {grouped(receipt.notice_number)}"
    return page_pdf(title, lambda page: _fill(page, receipt))


def _fill(page: PdfPage, receipt: PaymentReceipt) -> None:
    page.write("Conferma di pagamento pagoPA", 20, face=BOLD, after=12)
    page.field("Ente mittente", receipt.organization)
    page.field("Oggetto", receipt.subject)
    name = _TOLD if receipt.is_amount_told else _NOT_TOLD
    page.field(name, formatting.euros(receipt.amount, "it_IT"), size=20)
    page.field("Pagato il", formatting.moment(receipt.paid_at, "it_IT"))
    page.field("Codice avviso", grouped(receipt.notice_number))
    page.field("Codice fiscale dell'ente creditore", receipt.payee_fiscal_code)
    page.field("Riferimento del pagamento", receipt.event_id)
    page.field("Comunicato da", receipt.source)
    if not receipt.is_amount_told:
        page.write(_MAY_DIFFER, 11, after=8)
    page.write(_WHAT_IT_IS, 11, after=8)
    page.write(_WHAT_IT_IS_NOT, 11, face=BOLD)
