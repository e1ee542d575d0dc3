"""Count the calls of subscriptions, and refuse those beyond the limit."""

import asyncio
import time
from collections.abc import Callable
from typing import Final

from cachetools import LRUCache

from lib import telemetry
from lib.domain.limits.allowance import WARNING_SHARE, Allowance
from lib.domain.limits.call_window import WINDOW_SLOTS, CallWindow, slot_of
from lib.domain.limits.errors import TooManyCallsError
from lib.ports.errors import PortError
from lib.repositories.limits.call_counts import CallCounts, first_slot, period_of

MAX_SUBSCRIPTIONS: Final = 10_000
WAIT_SECONDS: Final = 0.5
"""The longest time that a call waits for a report."""
AWAY_SECONDS: Final = 5.0
"""After a report that failed or took too long, no call waits, and no report begins, for so long."""


class _Counted:
    """The state of one subscription in this process."""

    __slots__ = ("away_until", "joined", "report", "warned", "window")

    def __init__(self, limit: int) -> None:
        self.window = CallWindow(limit)
        self.report: asyncio.Task[None] | None = None
        self.joined = self.warned = -1
        """The last period with a report, and with a warning, of this process."""
        self.away_until = 0.0


class CountCalls:
    """Admit a subscription's calls up to its limit in any five seconds, over all processes.

    While the store is away, each process admits calls up to the limit by itself.
    Cost: none for most calls, none at all for a sender of few calls; one patch for each report of
    several calls, and in the first report of each half minute one more operation or two.
    Concurrency: reports run beside the calls. Only calls of a subscription with very many calls
    that are not yet reported wait for its report, and calls of other subscriptions never do.
    """

    def __init__(self, counts: CallCounts, now: Callable[[], float] = time.time) -> None:
        self._counts = counts
        self._now = now
        self._counted = LRUCache[str, _Counted](MAX_SUBSCRIPTIONS)

    async def __call__(self, subscription_id: str, limit: int, calls: int = 1) -> Allowance:
        """Count a call, and return what is left. Raise TooManyCallsError.

        `calls`: the calls that a call with a large body counts for.
        """
        counted = self._counted.get(subscription_id)
        if counted is None:
            counted = self._counted[subscription_id] = _Counted(limit)
        window, now = counted.window, self._now()
        while window.unreported >= window.wait_after and now >= counted.away_until:
            window.standing(limit, now)
            if window.unreported < window.wait_after:
                break
            await self._wait(subscription_id, counted, limit)
            now = self._now()
        allowance = window.add(limit, now, calls)
        if allowance is None:
            telemetry.calls_refused()
            raise TooManyCallsError(window.standing(limit, now).seconds)
        is_near = limit - allowance.remaining >= limit * WARNING_SHARE
        if window.unreported >= window.report_after or is_near:
            self._begin(subscription_id, counted, limit, warns=is_near)
        return allowance

    def standing(self, subscription_id: str, limit: int) -> Allowance:
        """Return what is left, without counting a call."""
        counted = self._counted.get(subscription_id)
        window = CallWindow(limit) if counted is None else counted.window
        return window.standing(limit, self._now())

    async def close(self) -> None:
        """Wait for the reports that have begun."""
        running = [one.report for one in self._counted.values() if one.report is not None]
        if running:
            await asyncio.wait(running, timeout=WAIT_SECONDS)

    async def _wait(self, subscription_id: str, counted: _Counted, limit: int) -> None:
        report = self._begin(subscription_id, counted, limit, warns=False)
        if report is None:
            return
        _, late = await asyncio.wait((report,), timeout=WAIT_SECONDS)
        if late:
            counted.away_until = self._now() + AWAY_SECONDS

    def _begin(
        self, subscription_id: str, counted: _Counted, limit: int, *, warns: bool
    ) -> asyncio.Task[None] | None:
        """Return the report under way, after beginning one where it is due."""
        now = self._now()
        if counted.report is not None or now < counted.away_until:
            return counted.report
        slot = slot_of(now)
        period = period_of(slot)
        warns = warns and counted.warned != period
        if not warns and counted.window.unreported < counted.window.report_after:
            return None
        if warns:
            counted.warned = period
        counted.report = asyncio.create_task(
            self._report(subscription_id, counted, slot, limit, warns=warns)
        )
        return counted.report

    async def _report(
        self, subscription_id: str, counted: _Counted, slot: int, limit: int, *, warns: bool
    ) -> None:
        window, period = counted.window, period_of(slot)
        start, joins = first_slot(period), counted.joined != period
        report = window.take_report(start)
        try:
            # the report first, so that of two processes at least one sees the other's calls
            now_counted = await self._counts.add(
                subscription_id, period, report, joins=joins, warns=warns
            )
            calls, since, processes = dict(now_counted.calls), start, now_counted.processes
            if joins and slot - start <= WINDOW_SLOTS:
                before = await self._counts.read(subscription_id, period - 1)
                calls |= before.calls
                since, processes = first_slot(period - 1), max(processes, before.processes)
        except PortError as error:
            window.put_back()
            counted.away_until = self._now() + AWAY_SECONDS
            telemetry.calls_unreported(error)
        else:
            counted.joined, counted.away_until = period, 0.0
            window.confirm(calls, since, processes, limit)
            if warns and now_counted.warnings == 1:
                telemetry.calls_near_limit(subscription_id, limit)
        finally:
            counted.report = None
