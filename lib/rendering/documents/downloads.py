"""The documents that a citizen can download: content, media type and file name of each.

The first use of a document loads the libraries that draw it.
Cost: drawing takes some milliseconds, so call `draw` in a thread.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from lib.domain.documents.documents import CalendarEntry, PaymentNotice, PaymentReceipt


@dataclass(frozen=True, slots=True)
class Download[F]:
    """A kind of document that is made from the facts `F`. `name`: the file name of a download."""

    media_type: str
    name: Callable[[F], str]
    draw: Callable[[F], bytes]


def _qr_svg(notice: PaymentNotice) -> bytes:
    from lib.rendering.documents.payment_qr import qr_svg

    return qr_svg(notice)


def _qr_png(notice: PaymentNotice) -> bytes:
    from lib.rendering.documents.payment_qr import qr_png

    return qr_png(notice)


def _notice_pdf(notice: PaymentNotice) -> bytes:
    from lib.rendering.documents.notice_pdf import notice_pdf

    return notice_pdf(notice)


def _receipt_pdf(receipt: PaymentReceipt) -> bytes:
    from lib.rendering.documents.receipt_pdf import receipt_pdf

    return receipt_pdf(receipt)


def _calendar_file(entry: CalendarEntry) -> bytes:
    from lib.rendering.documents.calendar_file import calendar_file

    return calendar_file(entry)


QR_SVG: Final = Download[PaymentNotice](
    "image/svg+xml", lambda notice: f"avviso-{notice.notice_number}.svg", _qr_svg
)
QR_PNG: Final = Download[PaymentNotice](
    "image/png", lambda notice: f"avviso-{notice.notice_number}.png", _qr_png
)
NOTICE_PDF: Final = Download[PaymentNotice](
    "application/pdf", lambda notice: f"avviso-{notice.notice_number}.pdf", _notice_pdf
)
RECEIPT_PDF: Final = Download[PaymentReceipt](
    "application/pdf", lambda receipt: f"conferma-{receipt.notice_number}.pdf", _receipt_pdf
)
CALENDAR_FILE: Final = Download[CalendarEntry](
    "text/calendar; charset=utf-8",
    lambda entry: f"scadenza-{entry.message_id}.ics",
    _calendar_file,
)
