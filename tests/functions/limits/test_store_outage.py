"""While the store is away, calls are limited in each process alone."""

import asyncio
import logging
from collections.abc import Mapping
from typing import Any

import pytest

from lib.domain.limits.errors import TooManyCallsError
from lib.ports.documents import Container
from lib.ports.errors import UnavailableError
from lib.ports.schema.senders import CALL_COUNTS
from lib.repositories.limits.call_counts import CallCounts, PeriodCounts
from lib.use_cases.limits import count_calls
from lib.use_cases.limits.count_calls import AWAY_SECONDS, CountCalls
from tests.stack import Stack

LIMIT = 40
START = 1_900_000_000.0


class Away(CallCounts):
    """Counts in a store that fails, or does not answer."""

    def __init__(self, stack: Stack) -> None:
        super().__init__(stack.store)
        self.is_away = True
        self.answers = True
        self.asked = 0

    async def add(
        self, subscription_id: str, period: int, report: Mapping[int, int], **more: Any
    ) -> PeriodCounts:
        """Fail, wait for ever, or add."""
        self.asked += 1
        if self.is_away:
            if not self.answers:
                await asyncio.sleep(60)
            raise UnavailableError("away")
        return await super().add(subscription_id, period, report, **more)


async def passed(counting: CountCalls, number: int, subscription: str = "s") -> int:
    """Make calls, and return how many of them are admitted."""
    admitted = 0
    for _ in range(number):
        try:
            await counting(subscription, LIMIT)
        except TooManyCallsError:
            continue
        admitted += 1
        await asyncio.sleep(0)
    return admitted


@pytest.mark.parametrize("answers", [True, False])
async def test_an_outage_leaves_the_limit_of_the_process(
    stack: Stack, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, answers: bool
) -> None:
    """Calls go on, no call waits again and again, and the store is asked once in a while."""
    caplog.set_level(logging.WARNING)
    monkeypatch.setattr(count_calls, "WAIT_SECONDS", 0.02)
    now = [START]
    counts = Away(stack)
    counts.answers = answers
    counting = CountCalls(counts, lambda: now[0])

    assert await passed(counting, 2 * LIMIT) == LIMIT
    assert counts.asked == 1
    assert [text for text in caplog.messages if "this process alone" in text] == caplog.messages

    now[0] += 2 * AWAY_SECONDS
    assert await passed(counting, 2 * LIMIT) == LIMIT
    assert counts.asked == (2 if answers else 1)
    await counting.close()


async def test_after_an_outage_the_processes_count_together(stack: Stack) -> None:
    """What was counted meanwhile is reported."""
    now = [START]
    counts = Away(stack)
    first, second = (CountCalls(counts, lambda: now[0]) for _ in range(2))
    assert await passed(first, LIMIT // 2) == LIMIT // 2
    counts.is_away = False
    now[0] += AWAY_SECONDS - 0.25
    assert await passed(first, LIMIT // 2) == LIMIT // 2
    now[0] += 0.25
    await passed(first, 1)
    await first.close()

    assert await passed(second, LIMIT) <= LIMIT // 2 + LIMIT // 10
    await second.close()


async def test_a_slow_report_of_one_sender_makes_no_other_wait(stack: Stack) -> None:
    """Each subscription waits for its own reports alone."""
    counts = Away(stack)
    counts.answers = False
    counting = CountCalls(counts, lambda: START)
    busy = asyncio.create_task(passed(counting, LIMIT, "busy"))
    await asyncio.sleep(0.02)
    assert not busy.done()

    async with asyncio.timeout(0.2):
        assert await passed(counting, 1, "other") == 1
    busy.cancel()


async def test_an_outage_refuses_no_call(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    """A read that needs no store of counts is answered while the counts are away."""
    patch = stack.store.patch

    async def away(container: Container, *arguments: Any, **more: Any) -> Any:
        if container is CALL_COUNTS:
            raise UnavailableError("away")
        return await patch(container, *arguments, **more)

    monkeypatch.setattr(stack.store, "patch", away)
    path = {"fiscal_code": "AAAAAA00A00A000A", "id": "01J0000000000000000000000A"}
    replies = [
        await stack.call("read_sent_message", path=path, key="sandbox-slow-key") for _ in range(40)
    ]

    assert {reply.status for reply in replies} == {404}
