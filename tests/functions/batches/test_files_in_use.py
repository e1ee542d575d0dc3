"""Files that are in use are not deleted, and what is left over is deleted later."""

import pytest

from functions.queues.batches import check_recipients, start_batch
from functions.timers.operations import sweep
from infra.local.sandbox.seed import SERVICE_ID
from lib.adapters.embedded.files import FileBlobs
from lib.domain.batches.batch import Batch
from lib.ports.errors import UnavailableError
from lib.ports.queueing.items.batches import BatchStarted
from lib.ports.queueing.names import BATCH_UPLOADED
from lib.repositories.batches.batches import Batches
from tests.functions.batches.batch_calls import (
    CITIZENS,
    a_list,
    ask,
    checked,
    make,
    sent,
    state,
    table,
    upload,
    with_citizens,
)
from tests.functions.batches.kept_files import DAY, KEPT, expire, files, pass_days, sets
from tests.stack import Stack, take

ROWS = [[one] for one in CITIZENS]


async def test_a_retry_before_the_mark_keeps_the_rows(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a retry and the sweep at the same time, one wins as a whole."""
    await with_citizens(stack)
    id_ = await sent(stack, ROWS)
    await pass_days(stack, 2)
    stack.clock.advance(KEPT)
    change = Batches.change

    async def retried(*args: object) -> object:
        monkeypatch.setattr(Batches, "change", change)
        assert (await ask(stack, "retry_batch", id_)).status == 202
        return await change(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(Batches, "change", retried)
    await sweep.tick(stack.app)
    await stack.drain()
    await pass_days(stack, 3)

    assert (await state(stack, id_))["status"] == "FINISHED"
    assert len(await table(stack, "read_batch_results_file", id_)) == 3


async def test_a_replaced_list_goes_a_day_later(stack: Stack) -> None:
    """A check that still reads it does not lose it."""
    id_ = await make(stack)
    await upload(stack, id_, a_list(ROWS))
    (item,) = await take(stack.queue, BATCH_UPLOADED)
    await stack.queue.delete(BATCH_UPLOADED, item)
    assert files(stack) == 1
    await upload(stack, id_, a_list(ROWS[:1]))
    await sweep.tick(stack.app)
    assert files(stack) == 2
    await check_recipients.consume(stack.app, item.text, last=False)
    await stack.drain()

    await pass_days(stack, 2)

    found = await state(stack, id_)
    assert (found["status"], found["check"]["rows"]) == ("CHECKED", 1)
    # the list and its rows
    assert (files(stack), len(await sets(stack))) == (2, 1)
    assert (await ask(stack, "send_batch", id_)).status == 202


async def test_bytes_that_no_batch_names_are_deleted(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An upload that ended half-way left them."""
    id_ = await make(stack)

    async def away(*_: object) -> None:
        raise UnavailableError("no answer")

    with monkeypatch.context() as outage:
        outage.setattr(Batches, "change", away)
        assert (await upload(stack, id_, a_list(ROWS))).status == 503
    assert files(stack) == 1

    await pass_days(stack, 2)

    assert (files(stack), await sets(stack)) == (0, [])


async def test_an_item_that_comes_after_the_deletion_does_nothing(stack: Stack) -> None:
    """The item that closes a batch may come from the dead letters."""
    id_ = await checked(stack, ROWS, rows_per_minute=1)
    await ask(stack, "send_batch", id_)
    await stack.drain()
    await ask(stack, "cancel_batch", id_)
    batch = await _batch(stack, id_)
    await expire(stack, KEPT)
    await expire(stack, DAY)
    item = BatchStarted(service_id=batch.service_id, batch_id=batch.id, generation=batch.generation)

    await start_batch.consume(stack.app, item.text(), last=False)

    assert (files(stack), await sets(stack)) == (0, [])


async def test_an_outage_of_the_blobs_delays_the_deletion(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The set is not forgotten before its last file is deleted."""
    id_ = await sent(stack, ROWS)
    stack.clock.advance(KEPT)
    await sweep.tick(stack.app)
    stack.clock.advance(DAY)
    delete, calls = FileBlobs.delete, iter(range(100))

    async def second_fails(self: FileBlobs, container: str, name: str) -> None:
        if next(calls) == 1:
            raise UnavailableError("no answer")
        await delete(self, container, name)

    with monkeypatch.context() as outage:
        outage.setattr(FileBlobs, "delete", second_fails)
        with pytest.raises(UnavailableError):
            await sweep.tick(stack.app)
    assert len(await sets(stack)) == 1

    await sweep.tick(stack.app)

    assert (files(stack), await sets(stack)) == (0, [])
    assert (await state(stack, id_))["expired_at"]


async def _batch(stack: Stack, id_: str) -> Batch:
    return await Batches(stack.store).get(SERVICE_ID, id_)
