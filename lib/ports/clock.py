"""Port to the time of day."""

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """The clock of the app: no other code reads the time."""

    def now(self) -> datetime:
        """Return the present time in UTC (an aware datetime)."""
        ...
