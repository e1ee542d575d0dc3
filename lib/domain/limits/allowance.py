"""How many calls a subscription may make in five seconds, and what is left of them."""

from typing import Final, NamedTuple

DEFAULT_CALLS: Final = 150
RAISED_CALLS: Final = 250
"""The limit of the group ApiRateLimit250."""
WINDOW_SECONDS: Final = 5
WARNING_SHARE: Final = 0.8
"""The share of the limit from which operators and the sender are warned."""


class Allowance(NamedTuple):
    """The calls that a subscription may make in any five seconds, as known after a call.

    `seconds`: until the oldest counted call leaves the count, rounded up; 0 where none is counted.
    """

    limit: int
    remaining: int
    seconds: int

    @property
    def is_near_limit(self) -> bool:
        """Tell whether so many calls were made that the sender is warned."""
        return self.limit - self.remaining >= self.limit * WARNING_SHARE
