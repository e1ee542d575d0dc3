"""Load the app's late imports before the host says that it is ready.

In Azure a late import makes a cold start short. Here it would make a first request slow, and one
that comes while no descriptor is left would fail, and all after it.
"""

import importlib
from datetime import date
from typing import Final
from zoneinfo import ZoneInfo

from lib.domain.reminders.working_days import is_working_day
from lib.rendering.documents import pdf_text
from lib.rendering.templates import load_templates

LATE: Final = (
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
"""A test holds this to the late imports of lib/ and functions/."""

ZONES: Final = ("Europe/Rome", "UTC")
_A_MONDAY: Final = date(2026, 11, 30)


def preload() -> None:
    """Import the late modules, and use once those that load more at their first use."""
    for name in LATE:
        importlib.import_module(name)
    is_working_day(_A_MONDAY)
    load_templates()
    for face in (pdf_text.REGULAR, pdf_text.BOLD):
        pdf_text.glyphs(face)
    for zone in ZONES:
        ZoneInfo(zone)
