"""Limit the validation e-mails: a number per day for each citizen, and for each address."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from lib.domain.profiles.errors import ValidationTooSoonError
from lib.domain.shared.values import parse_timestamp, timestamp

REQUEST_WINDOW: Final = timedelta(hours=24)
MOST_A_DAY: Final = 5
"""The most validation e-mails in 24 hours.

A greater number is a mistake or an abuse: the address may belong to another person.
"""


def with_one_more(sent: Sequence[str], now: datetime) -> list[str]:
    """Return the times of the last 24 hours with `now` added, as `values.timestamp` writes them.

    Raise ValidationTooSoonError after MOST_A_DAY e-mails.
    """
    recent = sorted(at for at in sent if now - parse_timestamp(at) < REQUEST_WINDOW)
    if len(recent) >= MOST_A_DAY:
        free = parse_timestamp(recent[-MOST_A_DAY]) + REQUEST_WINDOW
        raise ValidationTooSoonError((free - now).total_seconds())
    return [*recent, timestamp(now)]
