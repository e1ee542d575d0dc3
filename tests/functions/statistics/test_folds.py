"""The counts of a week are stored once it is over, and nothing is lost or counted twice."""

import asyncio
from datetime import datetime, timedelta

import pytest

from functions.queues.statistics import fold_week
from functions.timers.scheduling import dispatch_due
from infra.local.sandbox.seed import SERVICE_ID
from lib.domain.shared.deadline import in_rome
from lib.domain.shared.identifiers import ServiceId
from lib.domain.statistics.weeks import CLOSES_AFTER, end_of, folds_at
from lib.ports.queueing.items.messages import FoldDue
from lib.ports.queueing.names import FOLD_DUE
from lib.use_cases.statistics.count_sender_event import MARK_TTL
from tests.builders.altered import with_counted_event
from tests.doubles.clock import START
from tests.functions.statistics.support import (
    OF_WEEK,
    WEEK,
    a_week,
    an_event,
    ask,
    counted,
    fold,
    numbered,
    report,
)
from tests.stack import Stack, take


async def test_a_fold_changes_no_answer(stack: Stack) -> None:
    """The schedule brings the item, once after the end of the week, and the marks may go."""
    before = await a_week(stack), await report(stack), (await ask(stack)).body
    stack.clock.moment = OF_WEEK.at - timedelta(minutes=10)
    await dispatch_due.tick(stack.app)
    assert await stack.queue.length(FOLD_DUE) == 0
    assert (await counted(stack), await report(stack), (await ask(stack)).body) == before

    stack.clock.moment = OF_WEEK.at + timedelta(minutes=10)
    await dispatch_due.tick(stack.app)
    (item,) = await take(stack.queue, FOLD_DUE)
    for _ in range(2):
        await fold_week.consume(stack.app, item.text, last=False)
        assert (await counted(stack), await report(stack), (await ask(stack)).body) == before

    stack.clock.advance(timedelta(seconds=MARK_TTL))
    assert (await counted(stack), await report(stack), (await ask(stack)).body) == before
    await fold_week.consume(stack.app, item.text, last=False)
    assert (await counted(stack), await report(stack), (await ask(stack)).body) == before


async def test_an_item_that_comes_too_early_waits_again(stack: Stack) -> None:
    """A process with a clock ahead queued it, and removed it from the schedule."""
    stack.clock.moment = OF_WEEK.at + timedelta(minutes=10)
    await stack.app.repositories.folds.schedule(ServiceId(SERVICE_ID), WEEK, START)
    await dispatch_due.tick(stack.app)
    (item,) = await take(stack.queue, FOLD_DUE)
    stack.clock.moment = START
    await fold_week.consume(stack.app, item.text, last=False)
    before = await a_week(stack)

    stack.clock.moment = OF_WEEK.at + timedelta(minutes=10)
    await dispatch_due.tick(stack.app)
    await stack.drain()
    stack.clock.advance(timedelta(seconds=MARK_TTL))

    assert await counted(stack) == before


@pytest.mark.parametrize("folded_first", [True, False])
async def test_late_events_are_added(stack: Stack, *, folded_first: bool) -> None:
    """An event whose week was closed before it came counts on its day, once."""
    before = await a_week(stack)
    stack.clock.moment = end_of(WEEK) + CLOSES_AFTER
    late = [an_event(START, message_id=f"M{number}") for number in range(20)]
    stack.clock.moment = folds_at(WEEK)
    if folded_first:
        await fold(stack)
    await asyncio.gather(*map(stack.app.statistics.count_event, late))
    if not folded_first:
        await fold(stack)
    await asyncio.gather(*map(stack.app.statistics.count_event, late))

    assert await counted(stack) == {**before, "READ": before["READ"] + 20}


async def test_counts_of_the_first_release_stay(stack: Stack) -> None:
    """Version 2026.11.0 added each event to its day, and left a mark without a day."""
    event = an_event(START)
    await with_counted_event(stack, event, MARK_TTL, count=7)
    await stack.app.statistics.count_event(event)
    await stack.app.statistics.count_event(an_event(START, message_id="N"))
    assert await counted(stack) == {"READ": 8}

    stack.clock.moment = folds_at(WEEK)
    await fold(stack)

    assert await counted(stack) == {"READ": 8}


@pytest.mark.parametrize("days", range(7))
async def test_a_day_is_counted_with_its_week_in_italy(stack: Stack, days: int) -> None:
    """Near midnight and on each day of the week, folded and not."""
    stack.clock.moment = datetime.fromisoformat("2026-11-22T23:30:00Z") + timedelta(days=days)
    today = in_rome(stack.clock.moment).date()
    await stack.deliver(content=numbered(1))
    assert await counted(stack, f"{today}") == {"REACHED": 1}

    stack.clock.moment = folds_at(WEEK)
    await fold(stack)

    assert await counted(stack, f"{today}") == {"REACHED": 1}
    assert await counted(stack, f"{today - timedelta(days=1)}") == {}
    assert await counted(stack, f"{today + timedelta(days=1)}") == {}


async def test_events_far_ahead_are_counted_apart(stack: Stack) -> None:
    """Their marks expire before their week is folded."""
    for day in ("2027-01-22", "2027-01-23", "9999-12-31"):
        await stack.app.statistics.count_event(an_event(START, message_id=day, day=day))
    stack.clock.advance(timedelta(seconds=MARK_TTL))

    assert await counted(stack, "2027-01-23") == {"READ": 1}
    assert await counted(stack, "9999-12-31") == {"READ": 1}


@pytest.mark.parametrize("week", ["2026-99-99", "2026-11-31"])
async def test_an_item_without_a_day_becomes_a_dead_letter(stack: Stack, week: str) -> None:
    """Its text is no day."""
    item = FoldDue(service_id=ServiceId(SERVICE_ID), week=week)
    with pytest.raises(Exception, match="ValueError"):
        await fold_week.consume(stack.app, item.text(), last=True)
