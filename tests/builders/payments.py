"""Valid payment data to vary."""

from typing import Any

from lib.ports.documents import Document


def a_payment(**changes: Any) -> Document:
    """Return valid payment data of a message."""
    return {"amount": 8450, "notice_number": "301000000000000017", **changes}
