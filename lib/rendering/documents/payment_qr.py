"""pagoPA's QR code, which the apps and counters of banks in Italy scan to pay a notice.

Text and symbol (version 4, error correction M) are those of pagoPA's specification of the
payment notice ("Utilizzo del QR code sull'avviso di pagamento").
"""

from io import BytesIO
from typing import Final

import segno

from lib.domain.documents.documents import PaymentNotice

PIXELS: Final = 10
"""The side of a module in pixels. The SVG has a side of 410 with the quiet zone."""


def qr_text(notice: PaymentNotice) -> str:
    """Return the text of the code. Its amount, in euro cents, has at least two digits."""
    return f"PAGOPA|002|{notice.notice_number}|{notice.payee_fiscal_code}|{notice.amount:02d}"


def qr_code(notice: PaymentNotice) -> segno.QRCode:
    """Return the code. Its size is the same for all notices."""
    return segno.make_qr(qr_text(notice), version=4, error="m", boost_error=False)


def qr_svg(notice: PaymentNotice) -> bytes:
    """Return the code as SVG on white, so that apps can scan it from a dark screen too."""
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
    """Return the code as PNG."""
    drawn = BytesIO()
    qr_code(notice).save(drawn, kind="png", scale=PIXELS)
    return drawn.getvalue()
