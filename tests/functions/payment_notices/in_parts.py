"""Notices in instalments, for the tests of them."""

from datetime import UTC, datetime
from typing import Any

from lib.ports.documents import Document
from tests.builders.payment_notices import (
    INSTALMENTS,
    a_notice,
    number,
)
from tests.builders.payments import PAYEE
from tests.stack import Stack

SECOND = PAYEE + number(12)


IN_MAY = datetime(2027, 5, 31, 22, tzinfo=UTC)
"""Thirty days before the second instalment is due, and two minutes."""


def in_parts(*, whole: bool = True, **changes: Any) -> Document:
    """Return a notice in three instalments, beside the whole sum or without it."""
    alone: Document = {} if whole else dict.fromkeys(("notice_number", "amount_cents", "due_date"))
    return a_notice(instalments=list(INSTALMENTS), **alone, **changes)


async def until(stack: Stack, moment: datetime) -> None:
    """Move the clock to this moment."""
    stack.clock.advance(moment - stack.clock.now())
