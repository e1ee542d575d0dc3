"""Held notifications and their digest, when processes die and ports fail: each is told once."""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from functions.queues.notifications import send_notification
from infra.local.sandbox.seed import CITIZEN, a_profile
from lib.adapters.embedded.sqlite.queue import SQLiteQueue
from lib.adapters.embedded.sqlite.store import SQLiteStore
from lib.composition.stacks import QUEUE_FILE, STORE_FILE
from lib.domain.shared.identifiers import MessageId
from lib.ports.queueing.items.notifications import DigestDue
from lib.ports.queueing.names import DIGEST_DUE, MESSAGE_SUBMITTED, NOTIFICATION_REQUESTED
from lib.ports.schema.citizens import PROFILES
from lib.ports.schema.containers import CONTAINERS
from lib.ports.schema.notifications import NOTIFICATIONS
from lib.repositories.notifications.daily_limits import DailyLimits
from tests.builders.messages import submitted
from tests.doubles.clock import StillClock
from tests.doubles.slow_push import queue_pushes
from tests.faults.listeners import send
from tests.faults.submissions import Submission
from tests.faults.test_flaky_ports import FlakyStack
from tests.stack import Stack, take
from tests.stored import delivery_status

DAY = "2026-11-23"
EVENING = datetime(2026, 11, 23, 17, 5, tzinfo=UTC)
_READS = {"read", "query", "receive", "close"}


class DeathError(BaseException):
    """The death of the process: nothing that runs in the process goes on."""


class Mortal:
    """A port whose caller dies right after a certain number of writes."""

    def __init__(self, port: Any, life: list[int]) -> None:
        self._port, self._life = port, life

    def __getattr__(self, method: str) -> Callable[..., Awaitable[Any]]:
        call: Callable[..., Awaitable[Any]] = getattr(self._port, method)

        async def mortal(*args: Any, **kwargs: Any) -> Any:
            result = await call(*args, **kwargs)
            if method not in _READS and self._life:
                self._life[0] -= 1
                if not self._life[0]:
                    self._life.clear()
                    raise DeathError
            return result

        return mortal


class MortalStack(Stack):
    """A stack whose process dies after a given number of writes."""

    def __init__(self, folder: Path) -> None:
        self.life: list[int] = []
        clock = StillClock()
        self.real_store = SQLiteStore(folder / STORE_FILE, clock, CONTAINERS)
        queue = SQLiteQueue(folder / QUEUE_FILE, clock)
        super().__init__(
            folder,
            clock=clock,
            store=Mortal(self.real_store, self.life),
            queue=Mortal(queue, self.life),
        )
        self.clock = clock

    async def dying_after(self, writes: int, run: Callable[[bool], Awaitable[Any]]) -> bool:
        """Run the call, tell whether its process died, and run the call again as a queue does.

        The call gets whether an earlier run died.
        """
        self.life[:] = [writes]
        try:
            await run(False)
        except DeathError:
            await run(True)
            return True
        self.life.clear()
        return False


@pytest.fixture
async def mortal(tmp_path: Path) -> AsyncIterator[MortalStack]:
    """Yield a stack whose citizen takes no notification but the digest."""
    stack = MortalStack(tmp_path)
    await stack.start()
    await stack.real_store.upsert(PROFILES, a_profile(CITIZEN, max_daily_notifications=0))
    yield stack
    await stack.app.close()


@pytest.mark.parametrize("writes", range(1, 6))
async def test_after_a_death_while_holding_the_message_is_held_once(
    mortal: MortalStack, writes: int
) -> None:
    """After a death at any of the four writes, the message is held once and the digest comes."""
    queue_pushes(mortal.app)
    id_ = await mortal.submit()
    await mortal.app.messages.fan_out(submitted(id_))
    (item,) = await take(mortal.queue, NOTIFICATION_REQUESTED)

    died = await mortal.dying_after(
        writes,
        lambda again: send_notification.consume(mortal.app, item.text, last=False, again=again),
    )

    # the claim, the schedule, the limit, and what became of the claim
    assert died == (writes <= 4)
    await mortal.queue.delete(NOTIFICATION_REQUESTED, item)
    budget, _ = await DailyLimits(mortal.real_store).read(CITIZEN)
    assert [one.message_id for one in budget.held] == [id_]
    mortal.clock.moment = EVENING
    await mortal.tick()
    assert [push.title for push in mortal.push.sent] == ["Hai un nuovo messaggio"]


@pytest.mark.parametrize("writes", range(1, 4))
async def test_a_death_while_letting_through_holds_nothing(
    mortal: MortalStack, writes: int
) -> None:
    """The next process finds that there was room: the notification is not held besides."""
    await mortal.real_store.upsert(PROFILES, a_profile(CITIZEN, max_daily_notifications=1))
    queue_pushes(mortal.app)
    id_ = await mortal.submit()
    await mortal.app.messages.fan_out(submitted(id_))
    (item,) = await take(mortal.queue, NOTIFICATION_REQUESTED)

    await mortal.dying_after(
        writes,
        lambda again: send_notification.consume(mortal.app, item.text, last=False, again=again),
    )

    # a process that died with the claim may have sent it
    assert len(mortal.push.sent) == (0 if writes == 1 else 1)
    assert await delivery_status(mortal, id_) == ("IN_PROGRESS" if writes == 1 else "SENT")
    budget, _ = await DailyLimits(mortal.real_store).read(CITIZEN)
    assert budget.held == ()


@pytest.mark.parametrize("writes", range(1, 4))
async def test_after_a_death_with_a_digest_the_digest_is_sent_once(
    mortal: MortalStack, writes: int
) -> None:
    """After a death before or after its settlement, one digest with the same messages goes out."""
    for _ in range(2):
        await mortal.deliver()
    mortal.clock.moment = EVENING
    item = DigestDue(fiscal_code=CITIZEN, day=DAY)

    died = await mortal.dying_after(writes, lambda _: mortal.app.notifications.send_digest(item))

    assert died == (writes <= 2)
    await mortal.drain()
    assert [push.title for push in mortal.push.sent] == ["Hai 2 nuovi messaggi"]


@pytest.mark.slow
@pytest.mark.parametrize("at_most", [0, 5])
async def test_ports_that_fail_one_call_in_twenty_pass_no_number(
    tmp_path: Path, seed: int, at_most: int
) -> None:
    """The digest lists those of 100 messages that had no push, each at most once."""
    flaky = FlakyStack(tmp_path, seed)
    await flaky.start()
    # one service has half of the day
    profile = a_profile(CITIZEN, max_daily_notifications=2 * at_most)
    await flaky.real_store.upsert(PROFILES, profile)
    rng = random.Random(seed)
    sent = [Submission.make(number, 1, rng) for number in range(100)]
    await asyncio.gather(*(send(flaky, one, flaky.faults.counts) for one in sent))
    flaky.faults.rate = 0.05
    await flaky.settle(hours=6)
    for one in sent:
        await flaky.real_queue.put(MESSAGE_SUBMITTED, submitted(MessageId(one.id or "")).text())
    await flaky.settle(hours=6)

    budget, _ = await DailyLimits(flaky.real_store).read(CITIZEN)
    held = {one.message_id for one in budget.held}
    pushed = Counter(push.message_id for push in flaky.kept.sent)
    assert set(pushed.values()) <= {1}
    assert len(pushed) <= at_most
    assert not held & pushed.keys()
    for one in sent:
        status = await claim_status(flaky, f"{one.id}-MESSAGE-PUSH")
        assert (status == "HELD") <= (one.id in held)
        assert one.id in held or one.id in pushed or status in {"UNCONFIRMED", "RELEASED"}
    assert len(held) >= 100 - at_most

    flaky.kept.sent.clear()
    flaky.clock.moment = EVENING
    for _ in range(3):
        flaky.faults.rate = 0.0
        await flaky.app.scheduling.dispatch_due()
        item = DigestDue(fiscal_code=CITIZEN, day=DAY)
        await flaky.real_queue.put(DIGEST_DUE, item.text())
        # of twenty-two calls at once
        flaky.faults.rate = 0.02
        await flaky.settle(hours=2.5)
    titles = [push.title for push in flaky.kept.sent]
    claim = f"DIGEST-{DAY}-PUSH"
    newest = max(one.message_id for one in budget.held)
    status = await claim_status(flaky, f"{newest}-{claim}")
    assert titles == [f"Hai {len(held)} nuovi messaggi"] or (
        # lost, where giving the claim back and putting the item back failed both
        not titles and status in {"IN_PROGRESS", "RELEASED"}
    )
    await flaky.app.close()


async def claim_status(flaky: FlakyStack, id_: str) -> str:
    """Return the status of a claim."""
    stored = await flaky.real_store.read(NOTIFICATIONS, CITIZEN, id_)
    return str(stored.document["status"])
