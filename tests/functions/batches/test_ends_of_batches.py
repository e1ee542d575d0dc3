"""A batch is finished when each row is final, and a retry sends what failed."""

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

from infra.local.sandbox.seed import SERVICE_ID
from lib.domain.batches.outcome import ABOVE_TRIAL_CAP, RowOutcome, RowResult
from lib.domain.batches.recipients.row import Row
from lib.domain.shared.identifiers import ServiceId
from lib.domain.shared.values import timestamp
from lib.ports.errors import UnavailableError
from lib.repositories.batches.batches import Batches
from lib.use_cases.batches.sending.run import Run
from lib.use_cases.batches.sending.send_row import SendRow
from tests.functions.batches.batch_calls import (
    ask,
    checked,
    state,
    with_citizens,
)
from tests.functions.batches.interruptions import (
    CODES,
    assert_each_once,
    messages,
    small_chunks,
    started,
)
from tests.stack import Stack


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a chunk have two parts of two rows."""
    small_chunks(monkeypatch)


async def test_finished_comes_after_the_last_row(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A batch with one row on its way is not finished, however often its other chunks end."""
    id_ = await started(stack)
    send = SendRow.__call__

    async def stuck(self: SendRow, run: Run, row: Row) -> Any:
        if row.fiscal_code == CODES[-1]:
            raise UnavailableError("away")
        return await send(self, run, row)

    monkeypatch.setattr(SendRow, "__call__", stuck)
    for _ in range(10):
        await stack.drain()
        stack.clock.moment += timedelta(minutes=4)
        await stack.tick()
        found = await state(stack, id_)
        assert found["status"] == "RUNNING"
        assert found["progress"]["done"] <= len(CODES) - 2
    monkeypatch.setattr(SendRow, "__call__", send)
    stack.clock.moment += timedelta(minutes=20)
    await stack.tick()
    await assert_each_once(stack, id_)
    batch = await Batches(stack.store).get(ServiceId(SERVICE_ID), id_)
    assert batch.ended_at is not None


async def test_a_row_that_waited_for_another_day_has_the_time_of_its_retry(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its push does not expire, and the rows beside it stay as they are."""
    await with_citizens(stack, CODES)
    send = SendRow.__call__

    async def capped(self: SendRow, run: Run, row: Row) -> RowResult:
        if row.fiscal_code == CODES[1]:
            outcome = RowOutcome.FAILED
            return RowResult(row.number, None, row.fiscal_code, outcome, ABOVE_TRIAL_CAP)
        result: RowResult = await send(self, run, row)
        return result

    monkeypatch.setattr(SendRow, "__call__", capped)
    id_ = await checked(stack, [[one] for one in CODES])
    await ask(stack, "send_batch", id_)
    await stack.drain()
    monkeypatch.setattr(SendRow, "__call__", send)
    stack.clock.moment += timedelta(days=1)
    for _ in range(2):
        assert (await ask(stack, "retry_batch", id_)).status == 202
    await stack.drain()

    await assert_each_once(stack, id_)
    (item,) = (await stack.call("list_inbox", citizen=CODES[1])).body["items"]
    assert item["created_at"] == timestamp(stack.clock.now())


async def test_a_row_that_failed_after_its_message_keeps_it(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A retry on the next day makes no second message."""
    await with_citizens(stack, CODES)

    def broken(*_: Any, **__: Any) -> None:
        raise ValueError

    note = "lib.use_cases.notifications.delegates.announce_message.AnnounceMessage.__call__"
    with monkeypatch.context() as patched:
        patched.setattr(note, broken)
        id_ = await checked(stack, [[one] for one in CODES])
        await ask(stack, "send_batch", id_)
        await stack.drain()
    assert (await state(stack, id_))["progress"]["outcomes"] == {"FAILED": len(CODES)}
    stack.clock.moment += timedelta(days=1)
    await ask(stack, "retry_batch", id_)
    await stack.drain()

    assert (await state(stack, id_))["progress"]["outcomes"] == {"SENT": len(CODES)}
    assert await messages(stack) == Counter(CODES)
