"""pagoPA's QR code: what every bank's app and counter in Italy scans to pay a notice.

Text and symbol (version 4, error correction M) are those of pagoPA's specification of the
payment notice ("Utilizzo del QR code sull'avviso di pagamento").
"""

from io import BytesIO
from typing import Final

import segno

from lib.domain.documents.documents import PaymentNotice

PIXELS: Final = 10
"""The side of a module, also in the units of the SVG: 410 with the quiet zone."""


def qr_text(notice: PaymentNotice) -> str:
    """Return what the code says; its amount has two digits at least."""
    return f"PAGOPA|002|{notice.notice_number}|{notice.payee_fiscal_code}|{notice.amount:02d}"


def qr_code(notice: PaymentNotice) -> segno.QRCode:
    """Return the code, of the same size for all notices."""
    return segno.make_qr(qr_text(notice), version=4, error="m", boost_error=False)


def qr_svg(notice: PaymentNotice) -> bytes:
    """Draw the code on white, so that it can be scanned off a dark screen too."""
    drawn = BytesIO()
    qr_code(notice).save(
        drawn,
        kind="svg",
        scale=PIXELS,
        light="white",
        xmldecl=False,
        title="Codice QR per pagare l'avviso pagoPA",
    )
    return drawn.getvalue()


def qr_png(notice: PaymentNotice) -> bytes:
    """Draw the code as an image."""
    drawn = BytesIO()
    qr_code(notice).save(drawn, kind="png", scale=PIXELS)
    return drawn.getvalue()
