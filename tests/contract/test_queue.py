"""The contract of Queue."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from lib.ports.errors import LimitError, NotFoundError
from lib.ports.queue import MAX_DELAY, MAX_TEXT_BYTES, Queue, QueueItem

type Lapse = Callable[[float], Awaitable[None]]

MINUTE = timedelta(minutes=1)
TWO_SECONDS = timedelta(seconds=2)


async def receive(queue: Queue, name: str, hidden: timedelta = MINUTE) -> list[QueueItem]:
    """Receive as many items as one call may."""
    return await queue.receive(name, limit=32, visibility_timeout=hidden)


async def test_received_item_is_what_was_put(queue: Queue, jobs: str) -> None:
    """Text comes back as it was, at its first delivery."""
    await queue.put(jobs, '{"città": "Forlì"}')

    (item,) = await receive(queue, jobs)

    assert (item.text, item.dequeue_count) == ('{"città": "Forlì"}', 1)
    assert item.inserted_at.utcoffset() == timedelta(0)


async def test_empty_queue_gives_nothing(queue: Queue, jobs: str) -> None:
    """A receive does not wait for items."""
    assert await receive(queue, jobs) == []


async def test_received_item_is_hidden(queue: Queue, jobs: str) -> None:
    """Nobody else gets an item during its visibility timeout."""
    await queue.put(jobs, "x")
    await receive(queue, jobs)

    assert await receive(queue, jobs) == []


async def test_item_comes_back_after_its_timeout(queue: Queue, jobs: str, lapse: Lapse) -> None:
    """An item not deleted is delivered again, counted, under another receipt."""
    await queue.put(jobs, "x")
    (first,) = await receive(queue, jobs, TWO_SECONDS)
    await lapse(2.1)

    (second,) = await receive(queue, jobs)

    assert (second.id, second.dequeue_count) == (first.id, 2)
    assert second.pop_receipt != first.pop_receipt
    assert second.inserted_at == first.inserted_at


async def test_deleted_item_does_not_come_back(queue: Queue, jobs: str, lapse: Lapse) -> None:
    """A delete ends the item."""
    await queue.put(jobs, "x")
    (item,) = await receive(queue, jobs, TWO_SECONDS)
    await queue.delete(jobs, item)
    await lapse(2.1)

    assert await receive(queue, jobs) == []
    assert await queue.length(jobs) == 0


async def test_late_delete_works_until_received_again(
    queue: Queue, jobs: str, lapse: Lapse
) -> None:
    """The end of the timeout alone does not void the receipt."""
    await queue.put(jobs, "x")
    (item,) = await receive(queue, jobs, TWO_SECONDS)
    await lapse(2.1)

    await queue.delete(jobs, item)

    assert await queue.length(jobs) == 0


async def test_void_receipt_is_not_found(queue: Queue, jobs: str, lapse: Lapse) -> None:
    """A receiver that lost an item to another can neither delete nor update the item."""
    await queue.put(jobs, "x")
    (lost,) = await receive(queue, jobs, TWO_SECONDS)
    await lapse(2.1)
    await receive(queue, jobs)

    with pytest.raises(NotFoundError):
        await queue.delete(jobs, lost)
    with pytest.raises(NotFoundError):
        await queue.update(jobs, lost, visibility_timeout=MINUTE)
    assert await queue.length(jobs) == 1


async def test_second_delete_is_not_found(queue: Queue, jobs: str) -> None:
    """A receipt is good for one delete."""
    await queue.put(jobs, "x")
    (item,) = await receive(queue, jobs)
    await queue.delete(jobs, item)

    with pytest.raises(NotFoundError):
        await queue.delete(jobs, item)


async def test_update_replaces_text_and_receipt(queue: Queue, jobs: str, lapse: Lapse) -> None:
    """After an update only the returned receipt counts, and the next delivery has the new text."""
    await queue.put(jobs, "old")
    (item,) = await receive(queue, jobs)

    updated = await queue.update(jobs, item, visibility_timeout=TWO_SECONDS, text="new")

    assert updated.text == "new"
    with pytest.raises(NotFoundError):
        await queue.delete(jobs, item)
    await lapse(2.1)
    (again,) = await receive(queue, jobs)
    assert (again.text, again.dequeue_count) == ("new", 2)


async def test_update_without_text_keeps_it(queue: Queue, jobs: str) -> None:
    """A timeout of zero gives the item back at once, its text unchanged."""
    await queue.put(jobs, "kept")
    (item,) = await receive(queue, jobs)

    updated = await queue.update(jobs, item, visibility_timeout=timedelta(0))

    assert updated == replace(item, pop_receipt=updated.pop_receipt)
    (again,) = await receive(queue, jobs)
    assert again.text == "kept"


async def test_delayed_item_is_invisible_until_due(queue: Queue, jobs: str, lapse: Lapse) -> None:
    """A delay hides the item from receivers, not from the count."""
    await queue.put(jobs, "later", delay=TWO_SECONDS)

    assert await receive(queue, jobs) == []
    assert await queue.length(jobs) == 1
    await lapse(2.1)
    assert [item.text for item in await receive(queue, jobs)] == ["later"]


async def test_receive_takes_up_to_its_limit(queue: Queue, jobs: str) -> None:
    """Two receives share three items, each once."""
    for text in "abc":
        await queue.put(jobs, text)

    two = await queue.receive(jobs, limit=2, visibility_timeout=MINUTE)
    one = await queue.receive(jobs, limit=2, visibility_timeout=MINUTE)

    assert (len(two), len(one)) == (2, 1)
    assert sorted(item.text for item in two + one) == ["a", "b", "c"]


async def test_concurrent_receivers_share_without_overlap(queue: Queue, jobs: str) -> None:
    """Eight receivers at once get every item, none of them twice."""
    await asyncio.gather(*(queue.put(jobs, str(i)) for i in range(40)))

    taken = await asyncio.gather(
        *(queue.receive(jobs, limit=5, visibility_timeout=MINUTE) for _ in range(8))
    )

    assert sorted(int(item.text) for items in taken for item in items) == list(range(40))


async def test_queues_are_apart(queue: Queue, jobs: str) -> None:
    """An item of one queue is neither seen nor deleted through another."""
    await queue.put(jobs, "x")
    await queue.put(f"{jobs}-poison", "y")
    (item,) = await receive(queue, jobs)

    with pytest.raises(NotFoundError):
        await queue.delete(f"{jobs}-poison", item)
    assert await queue.length(f"{jobs}-poison") == 1


async def test_text_of_the_full_size_fits(queue: Queue, jobs: str) -> None:
    """48 KiB of UTF-8 is the limit, in bytes."""
    await queue.put(jobs, "è" * (MAX_TEXT_BYTES // 2))

    with pytest.raises(LimitError):
        await queue.put(jobs, "è" * (MAX_TEXT_BYTES // 2) + "e")


@pytest.mark.parametrize("delay", [timedelta(seconds=-1), MAX_DELAY + timedelta(seconds=1)])
async def test_delay_outside_its_limits_is_refused(
    queue: Queue, jobs: str, delay: timedelta
) -> None:
    """A delay is 0 to 7 days."""
    with pytest.raises(LimitError):
        await queue.put(jobs, "x", delay=delay)


@pytest.mark.parametrize("limit", [0, 33])
async def test_receive_limit_is_1_to_32(queue: Queue, jobs: str, limit: int) -> None:
    """A receive of none, or of more than 32, is refused."""
    with pytest.raises(LimitError):
        await queue.receive(jobs, limit=limit, visibility_timeout=MINUTE)


@pytest.mark.parametrize("name", ["ab", "With-Capitals", "two--hyphens", "-edge", "x" * 64])
async def test_queue_name_storage_refuses_is_refused(queue: Queue, name: str) -> None:
    """A queue's name follows Storage Queue's rule."""
    with pytest.raises(LimitError):
        await queue.put(name, "x")


async def test_oldest_is_when_the_longest_waiting_item_was_put(
    queue: Queue, jobs: str, lapse: Lapse
) -> None:
    """Hidden and delayed items do not count: nothing can receive them now."""
    assert await queue.oldest(jobs) is None
    await queue.put(jobs, "later", delay=MINUTE)
    assert await queue.oldest(jobs) is None
    await queue.put(jobs, "first")
    await lapse(2.1)
    await queue.put(jobs, "second")

    oldest = await queue.oldest(jobs)
    (first, *_) = sorted(await receive(queue, jobs), key=lambda item: item.inserted_at)

    assert (first.text, oldest) == ("first", first.inserted_at)
    assert await queue.oldest(jobs) is None


async def test_a_queue_nobody_has_put_to_has_no_oldest(queue: Queue, jobs: str) -> None:
    """A queue without a put is an empty queue."""
    assert await queue.oldest(f"{jobs}-never") is None


@pytest.mark.parametrize("name", ["A", "a--b", "x" * 64])
async def test_oldest_refuses_a_name_that_storage_refuses(queue: Queue, name: str) -> None:
    """The other calls refuse such a name too."""
    with pytest.raises(LimitError):
        await queue.oldest(name)
