"""Counts of a service's payment messages by day; small counts are withheld."""

import zlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from lib.domain.shared.identifiers import MessageId
from lib.domain.statistics.errors import InvalidPeriodError

SHARDS: Final = 8
"""The number of parts of a service's counts: with one part, a mass send would overload it."""
MAX_DAYS: Final = 366
DEFAULT_DAYS: Final = 30
LEAST_SHOWN: Final = 5
"""The least count that a sender sees: a count of 1 to 4 might tell about one citizen."""
BEFORE_ANY: Final = "NONE"
"""The step of a payment without a reminder before it."""
_PAID_AFTER: Final = "PAID-"


def shard_of(message_id: MessageId) -> int:
    """Return the part of the counts that a message belongs to, always the same one."""
    return zlib.crc32(message_id.encode()) % SHARDS


def period(first: date | None, last: date | None, today: date) -> list[date]:
    """Return the days from `first` to `last`, by default the thirty that end today.

    Raise InvalidPeriodError for an empty period, and for one of more than a year.
    """
    try:
        last = last or max(today, first or today)
        first = first or last - timedelta(days=DEFAULT_DAYS - 1)
        days = (last - first).days + 1
        if not 1 <= days <= MAX_DAYS:
            raise InvalidPeriodError(MAX_DAYS)
        return [first + timedelta(days=n) for n in range(days)]
    except OverflowError:
        raise InvalidPeriodError(MAX_DAYS) from None


@dataclass(frozen=True, slots=True)
class Counts:
    """Numbers of messages; None where a number is withheld.

    `sent`: messages that reached the inbox or were rejected. `paid_after`: the parts of `paid`, by
    the last reminder before the payment; steps without a payment after them are left out.
    """

    sent: int | None
    reached: int | None
    not_reached: int | None
    read: int | None
    reminded: int | None
    paid: int | None
    reversed: int | None
    paid_after: dict[str, int] | None


def shown(counters: Mapping[str, int]) -> Counts:
    """Return a day's counts as the sender may see them.

    From a sum and all its parts but one, a sender could compute the missing part. So `sent` is
    withheld with either of its parts, and the parts of `paid` are withheld together.
    """
    reached = _unless_small(counters.get("REACHED", 0))
    not_reached = _unless_small(counters.get("NOT_REACHED", 0))
    after = {
        name.removeprefix(_PAID_AFTER): count
        for name, count in sorted(counters.items())
        if name.startswith(_PAID_AFTER)
    }
    return Counts(
        sent=None if reached is None or not_reached is None else reached + not_reached,
        reached=reached,
        not_reached=not_reached,
        read=_unless_small_or_zero(counters.get("READ", 0)),
        reminded=_unless_small_or_zero(counters.get("REMINDED", 0)),
        paid=_unless_small(sum(after.values())),
        reversed=_unless_small(counters.get("REVERSED", 0)),
        paid_after=None if None in map(_unless_small, after.values()) else after,
    )


def totals(days: Iterable[Counts]) -> Counts:
    """Sum the counts that are shown for the days, without the withheld counts.

    A total is None, not 0, where all of its counts are withheld.
    """
    days = tuple(days)

    def total(name: str) -> int | None:
        cells = [getattr(day, name) for day in days]
        return sum(cell or 0 for cell in cells) or (None if None in cells else 0)

    after = sum((Counter(day.paid_after) for day in days if day.paid_after), Counter[str]())
    kept_back = not after and any(day.paid_after is None for day in days)
    reached, not_reached = total("reached"), total("not_reached")
    return Counts(
        sent=None if reached is None or not_reached is None else reached + not_reached,
        reached=reached,
        not_reached=not_reached,
        read=total("read"),
        reminded=total("reminded"),
        paid=total("paid"),
        reversed=total("reversed"),
        paid_after=None if kept_back else dict(sorted(after.items())),
    )


def _unless_small_or_zero(count: int) -> int | None:
    """Return the count; None where the count is small or zero.

    A sender must not learn whether a single citizen read a message: "none of three" tells that, as
    does "all of three".
    """
    return None if count < LEAST_SHOWN else count


def _unless_small(count: int) -> int | None:
    return None if 0 < count < LEAST_SHOWN else count
