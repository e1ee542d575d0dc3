"""Count the calls of one subscription in the last five seconds, together with other processes.

A process counts its own calls exactly and reports several of them at once to the other processes.
Of the others' calls, it knows those that they had reported before its own last report. So all
processes together pass at most the limit, and the calls that the others had not yet reported:
a fifteenth of the limit in all.
"""

import math
from collections.abc import Mapping
from typing import Final

from lib.domain.limits.allowance import WINDOW_SECONDS, Allowance

SLOTS_PER_SECOND: Final = 4
WINDOW_SLOTS: Final = WINDOW_SECONDS * SLOTS_PER_SECOND
FREE_CALLS: Final = 3
"""Calls in five seconds that a process need not report, at the usual limits."""
SHARE_UNREPORTED: Final = 15
"""The part of the limit that may be unreported in all the other processes: one fifteenth."""
MAX_REPORTED_SLOTS: Final = 8
_CLOCK_STEP_SLOTS: Final = 2 * SLOTS_PER_SECOND
"""A clock that goes back by more than this was set back, and the counts are forgotten."""


def slot_of(now: float) -> int:
    """Return the number of the quarter of a second, counted from 1970."""
    return int(now * SLOTS_PER_SECOND)


class CallWindow:
    """The calls of one subscription that count now, as one process knows them.

    A call counts in the quarter of a second in which it is made and in the 20 quarters after it, so
    no span of five seconds has more calls than are counted.
    `unreported`: the own calls that the other processes do not know of. From `report_after` of them
    the process reports; from `wait_after` of them, calls wait for the report.
    """

    __slots__ = (
        "_in_flight",
        "_limit",
        "_oldest",
        "_others",
        "_others_total",
        "_own",
        "_own_total",
        "_processes",
        "_reported",
        "_slot",
        "_unreported",
        "report_after",
        "unreported",
        "wait_after",
    )

    def __init__(self, limit: int) -> None:
        self._slot = 0
        self._processes = 2
        self._own: dict[int, int] = {}
        self._others: dict[int, int] = {}
        self._reported: dict[int, int] = {}
        self._unreported: dict[int, int] = {}
        self._in_flight: dict[int, int] = {}
        self._sum_up()
        self._set_limit(limit)

    def add(self, limit: int, now: float, calls: int = 1) -> Allowance | None:
        """Count calls, and return what is left; None, without counting any, beyond the limit."""
        slot = slot_of(now)
        if slot != self._slot:
            self._move_to(slot)
            slot = self._slot
        if limit != self._limit:
            self._set_limit(limit)
        used = self._own_total + self._others_total
        if used + calls > limit:
            return None
        self._own_total += calls
        self._own[slot] = self._own.get(slot, 0) + calls
        self._unreported[slot] = self._unreported.get(slot, 0) + calls
        self.unreported += calls
        return Allowance(limit, limit - used - calls, self._seconds(now))

    def standing(self, limit: int, now: float) -> Allowance:
        """Return what is left, without counting a call."""
        self._move_to(slot_of(now))
        used = self._own_total + self._others_total
        return Allowance(limit, max(0, limit - used), self._seconds(now) if used else 0)

    def take_report(self, earliest: int) -> dict[int, int]:
        """Return the calls to report, by slot; end the report by `confirm` or `put_back`.

        Calls of slots before `earliest` are reported in that slot, and the oldest calls of more
        than MAX_REPORTED_SLOTS slots in a later slot: they count too long rather than too short.
        """
        slots = sorted(self._unreported)
        first = max([earliest, *slots[-MAX_REPORTED_SLOTS:][:1]])
        report: dict[int, int] = {}
        for slot in slots:
            at = max(slot, first)
            report[at] = report.get(at, 0) + self._unreported[slot]
        self._unreported.clear()
        self._in_flight = report
        return report

    def confirm(self, counted: Mapping[int, int], since: int, processes: int, limit: int) -> None:
        """End a report that succeeded: take over the calls that all processes have reported.

        `counted`: the calls by slot, of all slots from `since` on.
        """
        for slot, count in self._in_flight.items():
            self._reported[slot] = self._reported.get(slot, 0) + count
        others = {slot: count for slot, count in self._others.items() if slot < since}
        for slot, count in counted.items():
            others[slot] = count - self._reported.get(slot, 0)
        first, last = self._slot - WINDOW_SLOTS, self._slot + _CLOCK_STEP_SLOTS
        self._others = {at: n for at, n in others.items() if first <= at <= last and n > 0}
        self._in_flight = {}
        self._processes = max(2, processes)
        self._set_limit(limit)
        self._sum_up()

    def put_back(self) -> None:
        """End a report that failed: its calls are unreported again."""
        for slot, count in self._in_flight.items():
            self._unreported[slot] = self._unreported.get(slot, 0) + count
        self._in_flight = {}
        self._sum_up()

    def _set_limit(self, limit: int) -> None:
        """Set how many calls are reported together: fewer with more processes."""
        self._limit = limit
        least = 1 + min(FREE_CALLS, limit // 50)
        self.wait_after = max(least, limit // (SHARE_UNREPORTED * (self._processes - 1)))
        self.report_after = max(least, self.wait_after * 2 // 3)

    def _move_to(self, slot: int) -> None:
        """Forget the calls that count no longer. A clock that goes back a little is ignored."""
        if self._slot - _CLOCK_STEP_SLOTS <= slot <= self._slot:
            return
        if slot < self._slot or slot > self._slot + WINDOW_SLOTS:
            self._forget(slot)
            return
        self._slot = slot
        for counts in (self._own, self._others, self._reported, self._unreported):
            for past in [one for one in counts if one < slot - WINDOW_SLOTS]:
                del counts[past]
        self._sum_up()

    def _forget(self, slot: int) -> None:
        self._slot = slot
        for counts in (self._own, self._others, self._reported, self._unreported):
            counts.clear()
        self._in_flight = {}
        self._sum_up()

    def _sum_up(self) -> None:
        self._own_total = sum(self._own.values())
        self._others_total = sum(self._others.values())
        self.unreported = sum(self._unreported.values()) + sum(self._in_flight.values())
        self._oldest = min([self._slot, *self._own, *self._others])

    def _seconds(self, now: float) -> int:
        """Return the whole seconds until the oldest calls count no longer, at least 1."""
        end = (self._oldest + WINDOW_SLOTS + 1) / SLOTS_PER_SECOND
        return max(1, math.ceil(end - now))
