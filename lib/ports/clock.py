"""Port to the time of day."""

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """The only place the product reads the time from."""

    def now(self) -> datetime:
        """Return the present, aware, in UTC."""
        ...
