"""Run the timer triggers: each occurrence fires once, in the first worker that sees it."""

import asyncio
import json
import sqlite3
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from azure_functions_runtime.bindings.datumdef import Datum

from infra.local.errors import HostError
from infra.local.invocations.log import HostLog
from infra.local.invocations.triggers import enabled, resolve
from infra.local.invocations.worker_library import Function, WorkerLibrary, new_invocation_id
from infra.local.timers.ncrontab import CronExpression, parse_expression
from infra.local.timers.store import TimerStore
from lib.ports.clock import Clock

LOOK_SECONDS: Final = 0.2
LEASE_SECONDS: Final = 30.0
PAST_DUE_AFTER: Final = timedelta(seconds=5)
CLOCK_JITTER: Final = timedelta(seconds=5)
"""The clock may go back by so much without effect."""
_UNSUPPORTED: Final = {"useMonitor": False, "runOnStartup": True}


@dataclass(slots=True)
class _Timer:
    function: Function
    expression: CronExpression
    due: datetime
    task: asyncio.Task[None] | None = None


class TimerTriggers:
    """The timers of one worker.

    The clock is checked often, since the sandbox's clock may jump. If several occurrences lie in a
    jump, or in a time when the host was down, the timer fires once, as past due.
    """

    def __init__(
        self,
        library: WorkerLibrary,
        store: TimerStore,
        clock: Clock,
        log: HostLog,
        lease_seconds: float = LEASE_SECONDS,
    ) -> None:
        self._library, self._store, self._clock, self._log = library, store, clock, log
        self._lease = lease_seconds
        self._timers = [self._enter(f) for f in enabled(library.functions, "timerTrigger")]

    async def run(self) -> None:
        """Fire due timers until cancelled; `drain` waits for running functions."""
        now = self._clock.now()
        self._set_back(now)
        while self._timers:
            if not self._store.is_there():
                raise HostError("the file of the timers is gone, or was replaced")
            now, before = self._clock.now(), now
            if now < before - CLOCK_JITTER:
                self._set_back(now)
            for timer in self._timers:
                if timer.due <= now and (timer.task is None or timer.task.done()):
                    try:
                        self._look(timer, now)
                    except sqlite3.OperationalError as error:
                        self._log.warning(f"timers cannot be claimed: {error.sqlite_errorname}")
            await asyncio.sleep(LOOK_SECONDS)

    async def drain(self, seconds: float) -> None:
        """Wait for running functions for some seconds; interrupt the rest and end their claims."""
        tasks = [t.task for t in self._timers if t.task is not None and not t.task.done()]
        if not tasks:
            return
        _, late = await asyncio.wait(tasks, timeout=seconds)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    def _enter(self, function: Function) -> _Timer:
        for name, value in _UNSUPPORTED.items():
            if function.trigger.get(name, not value) is value:
                raise HostError(
                    f"function {function.name}: this host does not support {name}={value}"
                )
        text = resolve(function, "schedule")
        try:
            expression = parse_expression(text)
        except ValueError as error:
            raise HostError(f"function {function.name}: schedule: {error}") from None
        self._store.enter(function.name, text, self._clock.now())
        last = self._store.read(function.name).last
        return _Timer(function, expression, expression.next_after(last))

    def _set_back(self, now: datetime) -> None:
        """Reset timers that fired in the future, when the clock was ahead."""
        for timer in self._timers:
            with suppress(sqlite3.OperationalError):  # checked again when the timer is due
                state = self._store.read(timer.function.name)
                if state.last > now + CLOCK_JITTER:
                    timer.due = timer.expression.next_after(now)
                    self._store.claim(timer.function.name, state.last, now, 0)

    def _look(self, timer: _Timer, now: datetime) -> None:
        state = self._store.read(timer.function.name)
        if state.last > now + CLOCK_JITTER:
            self._set_back(now)
            return
        due = timer.expression.next_after(state.last)
        if due > now:
            timer.due = due
            return
        if state.busy:
            return
        late = now - due > PAST_DUE_AFTER
        occurrence = now if late else due
        if self._store.claim(timer.function.name, state.last, occurrence, self._lease):
            timer.due = timer.expression.next_after(occurrence)
            timer.task = asyncio.create_task(self._fire(timer, occurrence, past_due=late))

    async def _fire(self, timer: _Timer, occurrence: datetime, *, past_due: bool) -> None:
        holding = asyncio.create_task(self._hold(timer.function.name))
        try:
            await fire_timer(
                self._library,
                self._log,
                timer.function,
                timer_info(timer.expression, occurrence, past_due=past_due),
            )
        finally:
            holding.cancel()
            self._store.hold(timer.function.name, 0)

    async def _hold(self, name: str) -> None:
        while True:
            await asyncio.sleep(self._lease / 2)
            self._store.hold(name, self._lease)


def timer_info(expression: CronExpression, last: datetime, *, past_due: bool) -> str:
    """Return the JSON input of a timer function."""
    return json.dumps(
        {
            "Schedule": {"AdjustForDST": True},
            "ScheduleStatus": {
                "Last": last.isoformat(),
                "LastUpdated": last.isoformat(),
                "Next": expression.next_after(last).isoformat(),
            },
            "IsPastDue": past_due,
        }
    )


async def fire_timer(library: WorkerLibrary, log: HostLog, function: Function, info: str) -> None:
    """Invoke a timer function once and log the outcome, also a failure of the function."""
    started = time.perf_counter()
    invocation_id = new_invocation_id()
    outcome = await library.invoke(
        function, invocation_id, [(function.trigger["name"], Datum(info, "json"))], {}
    )
    if outcome.failure is not None:
        log.failure(function.name, outcome.failure, invocation_id)
    status = "ok" if outcome.failure is None else "failed"
    log.invocation(function.name, status, time.perf_counter() - started, invocation_id)
