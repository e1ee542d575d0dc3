"""Two runs or requests meet at the worst moment, and each row still has one message."""

from collections import Counter
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from functions.queues.batches import send_chunk, start_batch
from infra.local.sandbox.seed import ORGANIZATION
from lib.domain.batches.batch import Batch
from lib.domain.batches.outcome import ABOVE_TRIAL_CAP, RowOutcome, RowResult
from lib.domain.batches.recipients.row import Row
from lib.domain.organizations.organization import OrganizationState
from lib.domain.services.service import Group
from lib.domain.shared.errors import LimitExceededError
from lib.ports.errors import UnavailableError
from lib.ports.queueing.items.batches import BatchStarted
from lib.ports.queueing.names import BATCH_CHUNK, BATCH_STARTED
from lib.repositories.batches.batch_chunks import BatchChunks, ChunkProgress
from lib.repositories.batches.batch_files import BatchFiles
from lib.use_cases.batches.manage_batch import ManageBatch
from lib.use_cases.batches.sending.close_batch import CLOSING_DELAY
from lib.use_cases.batches.sending.run import Run
from lib.use_cases.batches.sending.send_row import SendRow
from tests.builders.organizations import with_organization
from tests.builders.services import with_groups
from tests.builders.settings import settings_for
from tests.functions.batches.batch_calls import (
    CITIZENS,
    ask,
    checked,
    state,
    table,
    with_citizens,
)
from tests.functions.batches.interruptions import (
    CODES,
    messages,
    on_row,
    run_a_chunk,
    small_chunks,
)
from tests.stack import Stack, take


@pytest.fixture
async def fresh(tmp_path: Path) -> AsyncIterator[Stack]:
    """Give a stack that caches no keys, with a cap of two messages a day."""
    settings = settings_for(tmp_path, sender_cache_seconds=0, trial_daily_messages=2)
    stack = await Stack(tmp_path, settings).start()
    await with_citizens(stack)
    yield stack
    await stack.app.close()


async def test_a_batch_that_starts_while_it_is_cancelled_is_closed(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its process dies after the first message, which the results must tell."""
    small_chunks(monkeypatch)
    await with_citizens(stack, CODES)
    start = stack.clock.now() + timedelta(hours=1)
    id_ = await checked(stack, [[one] for one in CODES], start_at=start.isoformat())
    assert (await ask(stack, "send_batch", id_)).body["status"] == "SCHEDULED"
    stack.clock.moment = start
    announce, waiting = ManageBatch.announce_end, [1]

    async def dies() -> None:
        raise UnavailableError("the process ends")

    async def meanwhile(self: ManageBatch, batch: Batch) -> bool:
        has_begun = await announce(self, batch)
        if waiting:
            waiting.clear()
            begun = BatchStarted(
                service_id=batch.service_id, batch_id=batch.id, generation=batch.generation
            )
            await stack.app.batches.start(begun)
            on_row(monkeypatch, 1, dies)
            await run_a_chunk(stack)
        return has_begun

    monkeypatch.setattr(ManageBatch, "announce_end", meanwhile)
    assert (await ask(stack, "cancel_batch", id_)).body["status"] == "CANCELLED"
    stack.clock.advance(CLOSING_DELAY)
    await stack.drain()

    outcomes = (await state(stack, id_))["progress"]["outcomes"]
    assert outcomes == {"SENT": 1, "CANCELLED": len(CODES) - 1}
    assert (await messages(stack)).total() == 1


async def test_a_late_start_does_not_reopen_what_its_run_has_done(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two requests for a retry run at the same time, and one of them is slow."""
    await with_citizens(stack)
    id_ = await checked(stack, [[one] for one in CITIZENS])
    with monkeypatch.context() as fault:
        fault.setattr(SendRow, "__call__", _fails)
        await ask(stack, "send_batch", id_)
        await stack.drain()
    assert (await state(stack, id_))["progress"]["outcomes"] == {"FAILED": 3}
    for _ in range(2):
        assert (await ask(stack, "retry_batch", id_)).status == 202
    slow, fast = await take(stack.queue, BATCH_STARTED)
    progress, waiting = BatchChunks.progress, [fast]

    async def meanwhile(self: BatchChunks, *args: Any) -> ChunkProgress:
        found = await progress(self, *args)
        if waiting:
            await start_batch.consume(stack.app, waiting.pop().text, last=False)
            await run_a_chunk(stack)
        return found

    monkeypatch.setattr(BatchChunks, "progress", meanwhile)
    await start_batch.consume(stack.app, slow.text, last=False)
    await stack.drain()

    found = await state(stack, id_)
    assert (found["status"], found["progress"]["outcomes"]) == ("FINISHED", {"SENT": 3})


async def test_a_row_above_the_cap_in_one_of_two_runs_is_sent_once(
    fresh: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other run has sent it with the last message of the day."""
    id_, key = await _with_two_runs(fresh, monkeypatch)
    results = await table(fresh, "read_batch_results_file", id_, key)
    assert Counter(one["outcome"] for one in results) == {"SENT": 1}


async def test_a_row_that_was_sent_unknown_to_its_results_is_not_sent_again(
    fresh: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The run that failed stored its results last; the retry comes on another day."""
    with monkeypatch.context() as patched:
        store, kept = BatchFiles.store_results, []

        async def both(self: BatchFiles, *args: Any, **named: Any) -> None:
            # nothing is known while a run sends: both store at the same time
            kept.append((self, args, named))
            if len(kept) == 2:
                for owner, positional, keywords in kept:
                    await store(owner, *positional, **keywords)

        patched.setattr(BatchFiles, "store_results", both)
        id_, key = await _with_two_runs(fresh, monkeypatch)
    assert (await state(fresh, id_, key))["progress"]["outcomes"] == {"FAILED": 1}
    fresh.clock.advance(timedelta(days=1))
    assert (await ask(fresh, "retry_batch", id_, key=key)).status == 202
    await fresh.drain()

    assert (await state(fresh, id_, key))["progress"]["outcomes"] == {"SENT": 1}
    reply = await fresh.call("list_inbox", citizen=CITIZENS[0])
    assert len(reply.body["items"]) == 1


async def _with_two_runs(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> tuple[str, str]:
    """Run a chunk twice at once: the inner run sends its row, the outer one is above the cap."""
    await with_organization(stack, OrganizationState.TRIAL, ORGANIZATION)
    key = await with_groups(
        stack,
        Group.MESSAGE_WRITE,
        Group.MESSAGE_READ,
        authorized_recipients=[CITIZENS[0]],
    )
    id_ = await checked(stack, [[CITIZENS[0]]], key=key)
    await ask(stack, "send_batch", id_, key=key)
    (start,) = await take(stack.queue, BATCH_STARTED)
    await start_batch.consume(stack.app, start.text, last=False)
    await stack.queue.delete(BATCH_STARTED, start)
    (item,) = await take(stack.queue, BATCH_CHUNK)
    send, waiting = SendRow.__call__, [1]

    async def dies(*_: Any) -> None:
        """Stand for the mark of the chunk by the inner run."""

    async def meanwhile(self: SendRow, run: Run, row: Row) -> RowResult:
        if not waiting:
            return await send(self, run, row)
        waiting.clear()
        with monkeypatch.context() as slow:
            slow.setattr(BatchChunks, "finish", dies)
            await send_chunk.consume(stack.app, item.text, last=False)
        failed = RowOutcome.FAILED
        return RowResult(row.number, row.reference, row.fiscal_code, failed, ABOVE_TRIAL_CAP)

    with monkeypatch.context() as patched:
        patched.setattr(SendRow, "__call__", meanwhile)
        await send_chunk.consume(stack.app, item.text, last=False)
    await stack.queue.delete(BATCH_CHUNK, item)
    await stack.drain()
    return id_, key


async def _fails(*_: Any) -> None:
    raise LimitExceededError("a fault of one row")
