"""Load the app's late imports before the host says that it is ready.

In Azure late imports make a cold start short. Here they would make the first request slow. A late
import while no file descriptor is free would fail, and so would each later one.
"""

import importlib
from datetime import date
from typing import Final
from zoneinfo import ZoneInfo

from lib.domain.reminders.working_days import is_working_day
from lib.rendering.documents import pdf_text
from lib.rendering.templates import load_templates

LATE: Final = (
    "PIL",
    "PIL.PngImagePlugin",
    "_strptime",
    "css_inline",
    "cryptography.hazmat.backends.openssl.backend",
    "email_validator",
    "encodings.idna",
    "encodings.latin_1",
    "encodings.punycode",
    "encodings.utf_16_le",
    "holidays",
    "jinja2",
    "lib.rendering.documents.calendar_file",
    "lib.rendering.documents.notice_pdf",
    "lib.rendering.documents.payment_qr",
    "lib.rendering.documents.receipt_pdf",
)
"""The modules that lib/ and functions/ import late. A test compares them."""

ZONES: Final = ("Europe/Rome", "UTC")
_A_MONDAY: Final = date(2026, 11, 30)


def preload() -> None:
    """Import the late modules, and use each one that loads more at its first use."""
    for name in LATE:
        importlib.import_module(name)
    is_working_day(_A_MONDAY)
    load_templates()
    for face in (pdf_text.REGULAR, pdf_text.BOLD):
        pdf_text.glyphs(face)
    for zone in ZONES:
        ZoneInfo(zone)
