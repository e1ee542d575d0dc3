"""Crashes, outages and events at the same time: a fold loses nothing, and counts once."""

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from functions.timers.scheduling import dispatch_due
from infra.local.sandbox.seed import CITIZEN, SERVICE_ID
from lib.domain.shared.identifiers import ServiceId
from lib.domain.statistics.weeks import folds_at
from lib.ports.documents import Container, Document
from lib.ports.errors import UnavailableError
from lib.ports.queueing.items.messages import FoldDue
from lib.ports.queueing.names import FOLD_DUE
from lib.ports.schema.notifications import SCHEDULE
from lib.use_cases.statistics.count_sender_event import MARK_TTL
from tests.doubles.clock import START
from tests.functions.statistics.support import (
    OF_WEEK,
    WEEK,
    a_week,
    an_event,
    counted,
    events,
    fold,
    numbered,
    report,
)
from tests.stack import Stack, take


class DyingStore:
    """A store that fails at one call, before or after the deed."""

    def __init__(self, store: Any, call: int, *, after: bool) -> None:
        self._store = store
        self._left, self._after = call, after

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._store, name)

        async def dying(*arguments: Any, **options: Any) -> Any:
            self._left -= 1
            if self._left == 0 and not self._after:
                raise UnavailableError("away")
            result = await method(*arguments, **options)
            if self._left == 0:
                raise UnavailableError("timed out")
            return result

        return dying


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("call", [1, 8, 9, 10, 25, 26])
async def test_a_fold_may_die_at_any_call(
    stack: Stack, tmp_path: Path, call: int, *, after: bool
) -> None:
    """The statistics are folded with 8 counts and a create, then the list with 16 and a create."""
    before = await a_week(stack), await report(stack)
    stack.clock.moment = folds_at(WEEK)
    store = DyingStore(stack.store, call, after=after)
    other = Stack(tmp_path, clock=stack.clock, store=store, queue=stack.queue)
    item = FoldDue(service_id=ServiceId(SERVICE_ID), week=WEEK.isoformat())
    with pytest.raises(UnavailableError):
        await other.app.statistics.fold_week(item)
    assert (await counted(stack), await report(stack)) == before

    await other.app.statistics.fold_week(item)
    stack.clock.advance(timedelta(seconds=MARK_TTL))

    assert (await counted(stack), await report(stack)) == before


async def test_events_at_the_same_time_as_the_fold(stack: Stack) -> None:
    """The week is closed, so they are added to their day."""
    before = await a_week(stack)
    stack.clock.moment = folds_at(WEEK)
    late = [an_event(START, message_id=f"M{number}") for number in range(20)]
    await asyncio.gather(
        fold(stack), *map(stack.app.statistics.count_event, late), fold(stack), counted(stack)
    )

    assert await counted(stack) == {**before, "READ": before["READ"] + 20}


class BrokenSchedule:
    """A store whose schedule is away."""

    def __init__(self, store: Any) -> None:
        self._store = store
        self.away = True

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    async def upsert(self, container: Container, document: Document) -> Any:
        """Write the document, unless it is one of the schedule."""
        if self.away and container == SCHEDULE:
            raise UnavailableError("away")
        return await self._store.upsert(container, document)


async def test_nothing_is_counted_before_its_fold_is_planned(stack: Stack, tmp_path: Path) -> None:
    """While the schedule is away, an event waits in its queue, and a fan-out comes again."""
    store = BrokenSchedule(stack.store)
    other = Stack(tmp_path, clock=stack.clock, store=store, queue=stack.queue)
    await other.app.statistics.events.settled(await a_reached(stack))
    (event,) = await events(stack)
    with pytest.raises(UnavailableError):
        await other.app.statistics.count_event(event)
    assert await other.deliver()
    assert (await report(stack))["sent"] == 1

    store.away = False
    await other.app.statistics.count_event(event)
    stack.clock.advance(timedelta(hours=1))
    await other.drain()

    assert (await report(stack))["sent"] == 2


async def a_reached(stack: Stack) -> Any:
    """Return a delivered message with a payment, whose arrival is counted."""
    id_ = await stack.deliver(content=numbered(1))
    return await stack.app.repositories.messages.get(CITIZEN, id_)


async def test_a_restarted_process_plans_again(stack: Stack, tmp_path: Path) -> None:
    """The entry of the schedule is the same one."""
    await stack.deliver()
    other = Stack(tmp_path, clock=stack.clock, store=stack.store, queue=stack.queue)
    await other.deliver()

    stack.clock.moment = OF_WEEK.at + timedelta(minutes=10)
    await dispatch_due.tick(stack.app)

    assert len(await take(stack.queue, FOLD_DUE)) == 1
