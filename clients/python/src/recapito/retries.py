"""When a call is repeated, and how long the client waits before it."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

REPEATED = frozenset({429, 502, 503, 504})
"""The statuses that tell of a passing state."""


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How often and how long a call is repeated.

    `attempts`: of one call, the first one included. `first_wait`: in seconds; it doubles with each
    attempt up to `longest_wait`, and each wait is a random part of it, so that many clients do not
    come back at once. The API's own Retry-After goes before, and is waited for in full; one that is
    longer than `longest_pause` is not waited for.
    """

    attempts: int = 6
    first_wait: float = 0.5
    longest_wait: float = 20.0
    longest_pause: float = 120.0

    def wait(self, failures: int, asked: float | None) -> float | None:
        """Return the seconds before the next attempt; None where there is none.

        `failures`: the attempts so far. `asked`: the wait that the API asked for.
        """
        if failures >= self.attempts:
            return None
        spread = random.uniform(0.5, 1.0)  # noqa: S311 (no secret)
        if asked is not None:
            return None if asked > self.longest_pause else asked + spread * self.first_wait
        return min(self.longest_wait, self.first_wait * 2.0 ** (failures - 1)) * spread


def asked_wait(headers: Mapping[str, str], now: datetime | None = None) -> float | None:
    """Return the seconds that an answer asks to wait; None where it does not ask."""
    text = headers.get("Retry-After", "").strip()
    if text.isascii() and text.isdigit():
        return float(text)
    if text:
        try:
            at = parsedate_to_datetime(text)
        except ValueError:
            return None
        at = at if at.tzinfo else at.replace(tzinfo=UTC)
        present = now or datetime.now(UTC)  # noqa: TID251 (the client has no other clock)
        return max(0.0, (at - present).total_seconds())
    return used_up(headers)


def used_up(headers: Mapping[str, str]) -> float | None:
    """Return the seconds until a call is left again; None where calls are left."""
    remaining, reset = headers.get("RateLimit-Remaining", ""), headers.get("RateLimit-Reset", "")
    if remaining.isdigit() and reset.isdigit() and int(remaining) == 0:
        return float(reset)
    return None
