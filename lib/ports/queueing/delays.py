"""The delays before another attempt at a queue item."""

import random
from typing import Final

FIRST_DELAY_SECONDS: Final = 30
LAST_DELAY_SECONDS: Final = 600
LEAST_SHARE: Final = 0.75
"""The least share of a delay. The share is random, so items of an outage return one by one."""
GIVE_UP_SECONDS: Final = 7 * 24 * 3600


def delay_before(attempt: int) -> int:
    """Return the maximum delay, in seconds, before an attempt (from 1): 30, doubled up to 600."""
    return min(FIRST_DELAY_SECONDS << min(attempt - 1, 10), LAST_DELAY_SECONDS)


def drawn_delay(attempt: int) -> float:
    """Return a random delay in seconds: from LEAST_SHARE of `delay_before` to all of it."""
    share = random.uniform(LEAST_SHARE, 1)  # noqa: S311 - it spreads load and protects no secret
    return share * delay_before(attempt)
