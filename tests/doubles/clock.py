"""A clock that stands still."""

from datetime import UTC, datetime, timedelta

START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


class StillClock:
    """A clock that moves only when a test advances it."""

    def __init__(self, moment: datetime = START) -> None:
        self.moment = moment

    def now(self) -> datetime:
        """Return the moment."""
        return self.moment

    def advance(self, step: timedelta) -> None:
        """Move the clock forward."""
        self.moment += step
