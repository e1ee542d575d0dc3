"""Values of concurrent callers go to one call of the work."""

import asyncio
from collections.abc import Sequence

import pytest

from lib.repositories.shared.gathering import Gathering, Outcomes

SECONDS = 0.05
"""The longest wait of a group here."""


class Work:
    """Work that keeps what it was called with, and that may fail or wait."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, list[int]]] = []
        self.error: Exception | None = None
        self.gate = asyncio.Event()
        self.gate.set()

    async def __call__(self, key: str, values: Sequence[int]) -> Outcomes:
        """Keep the call; negative values fail alone."""
        self.calls.append((key, list(values)))
        await self.gate.wait()
        if self.error is not None:
            raise self.error
        return [KeyError(value) if value < 0 else None for value in values]


def gathering(work: Work, most: int = 10, seconds: float = SECONDS) -> Gathering[str, int]:
    """Return a gathering of the work."""
    return Gathering(work, most=most, seconds=seconds)


async def test_a_single_caller_does_not_wait() -> None:
    """With a wait of an hour, a caller without others is served at once."""
    work = Work()
    async with asyncio.timeout(5):
        await gathering(work, seconds=3600).add("a", 1)
    assert work.calls == [("a", [1])]


async def test_announced_callers_share_a_call() -> None:
    """Each of them takes another time before it adds its value."""
    work = Work()
    together = gathering(work, seconds=3600)

    async def caller(number: int) -> None:
        with together.announced() as add:
            for _ in range(1 + number):
                await asyncio.sleep(0)
            await add("ab"[number % 2], number)

    async with asyncio.timeout(5):
        await asyncio.gather(*map(caller, range(6)))

    assert sorted(work.calls) == [("a", [0, 2, 4]), ("b", [1, 3, 5])]


async def test_a_caller_that_leaves_without_a_value_keeps_nobody_waiting() -> None:
    """It may fail on its way, or have nothing to add."""
    work = Work()
    together = gathering(work, seconds=3600)

    async def fails() -> None:
        with together.announced():
            await asyncio.sleep(0)
            raise LookupError

    async def adds() -> None:
        with together.announced() as add:
            await add("a", 1)

    async with asyncio.timeout(5):
        results = await asyncio.gather(adds(), fails(), return_exceptions=True)

    assert [type(one) for one in results] == [type(None), LookupError]
    assert work.calls == [("a", [1])]


async def test_no_group_waits_longer_than_its_time() -> None:
    """An announced caller that takes long comes in a later group."""
    work = Work()
    together = gathering(work)

    with together.announced() as add:
        async with asyncio.timeout(5):
            await together.add("a", 1)
        await add("a", 2)

    assert work.calls == [("a", [1]), ("a", [2])]


async def test_a_full_group_does_not_wait() -> None:
    """The most values of a group are served together, the others in the next group."""
    work = Work()
    together = gathering(work, most=3, seconds=3600)

    with together.announced() as late:
        tasks = [asyncio.create_task(together.add("a", number)) for number in range(4)]
        async with asyncio.timeout(5):
            await asyncio.gather(*tasks[:3])
        assert work.calls == [("a", [0, 1, 2])]
        await late("b", 9)
        await tasks[3]

    assert work.calls[1:] == [("a", [3]), ("b", [9])]


async def test_an_error_reaches_every_caller_of_the_group() -> None:
    """The next group is served anew."""
    work = Work()
    together = gathering(work, most=2, seconds=3600)
    work.error = LookupError()

    with together.announced():
        results = await asyncio.gather(
            together.add("a", 1), together.add("a", 2), return_exceptions=True
        )
    assert [type(one) for one in results] == [LookupError, LookupError]

    work.error = None
    await together.add("a", 3)
    assert work.calls[-1] == ("a", [3])


@pytest.mark.parametrize("is_waiting", [True, False])
async def test_a_cancelled_caller_stops_no_other(*, is_waiting: bool) -> None:
    """It is cancelled while its group waits, or while the work is under way."""
    work = Work()
    work.gate.clear()
    together = gathering(work, most=2, seconds=3600)
    with together.announced():
        cancelled = asyncio.create_task(together.add("a", 1))
        await asyncio.sleep(0)
        if is_waiting:
            cancelled.cancel()
            await asyncio.sleep(0)
        other = asyncio.create_task(together.add("a", 2))
        await asyncio.sleep(0.01)
        cancelled.cancel()
        work.gate.set()
        async with asyncio.timeout(5):
            await other

    assert cancelled.cancelled()
    assert work.calls == [("a", [1, 2])]


async def test_the_error_of_a_value_reaches_its_caller_alone() -> None:
    """The other callers of the group succeed."""
    work = Work()
    together = gathering(work, most=3, seconds=3600)

    with together.announced():
        results = await asyncio.gather(
            *(together.add("a", number) for number in (1, -2, 3)), return_exceptions=True
        )

    assert [type(one) for one in results] == [type(None), KeyError, type(None)]
    assert work.calls == [("a", [1, -2, 3])]
