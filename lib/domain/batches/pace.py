"""How fast a batch is sent: rows in a minute, and the hours of the day."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final

from lib.domain.shared.deadline import in_rome, rome

_DAY: Final = timedelta(days=1)
_MINUTE: Final = timedelta(minutes=1)
SLICES_PER_MINUTE: Final = 6
"""How often rows of a batch with a wanted pace are sent, so that they come evenly."""
WHOLE_ROWS: Final = 100
"""Larger slices are multiples of it, so that they have whole parts (batch.PART_ROWS)."""


@dataclass(frozen=True, slots=True)
class Pace:
    """The wanted pace of a batch.

    `rows_per_minute`: None for as fast as possible. `window`: the start and the end of the hours in
    which rows are sent, by Italy's clock; an end before the start is on the day after. None: at any
    hour.
    """

    rows_per_minute: int | None = None
    window: tuple[time, time] | None = None

    @property
    def slice_rows(self) -> int | None:
        """The most rows that are sent without a pause; None for any number."""
        if self.rows_per_minute is None:
            return None
        rows = max(1, self.rows_per_minute // SLICES_PER_MINUTE)
        return rows if rows <= WHOLE_ROWS else rows // WHOLE_ROWS * WHOLE_ROWS

    def after(self, rows: int, began: datetime) -> datetime:
        """Return when the rows may be sent that follow `rows` rows, which began at `began`."""
        if self.rows_per_minute is None:
            return self.opened(began)
        return self.opened(began + rows * _MINUTE / self.rows_per_minute)

    def opened(self, moment: datetime) -> datetime:
        """Return the first time inside the window from `moment` on."""
        if self.window is None:
            return moment
        start, end = self.window
        local = in_rome(moment)
        clock, day = local.time(), local.date()
        is_open = start <= clock < end if start < end else clock >= start or clock < end
        if is_open:
            return moment
        opens = rome(day if clock < start else day + _DAY, start)
        # in autumn an hour comes twice, and its first one may be over
        return opens if opens > moment else opens + timedelta(hours=1)

    def ends(self, start: datetime, work: timedelta) -> datetime:
        """Return when work ends that begins at `start` and rests outside the window."""
        at = self.opened(start)
        while (closes := self._closes(at)) is not None and closes < at + work:
            work -= closes - at
            at = self.opened(closes)
        return at + work

    def _closes(self, moment: datetime) -> datetime | None:
        """Return the end of the window that is open at `moment`; None without a window."""
        if self.window is None:
            return None
        start, end = self.window
        local = in_rome(moment)
        is_tomorrow = start >= end and local.time() >= start
        # a night on which the clocks change may have no such time after `moment`
        return max(rome(local.date() + is_tomorrow * _DAY, end), moment + _MINUTE)
