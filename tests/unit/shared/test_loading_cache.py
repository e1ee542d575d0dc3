"""A cache that loads a value once, keeps it for a while, and has a limit."""

import asyncio
from dataclasses import dataclass, field

import pytest

from lib.repositories.shared.loading_cache import LoadingCache


@dataclass
class Source:
    """A source that counts its loads; with `away` a load fails."""

    values: dict[str, int]
    away: bool = False
    asked: list[str] = field(default_factory=list)

    async def load(self, key: str) -> int | None:
        """Return the value after a turn of the loop."""
        self.asked.append(key)
        await asyncio.sleep(0)
        if self.away:
            raise OSError
        return self.values.get(key)


async def test_a_value_is_loaded_once() -> None:
    """All callers share the load, one after the other or at once."""
    source = Source({"a": 1})
    cache = LoadingCache(source.load, seconds=60)

    assert await asyncio.gather(*(cache.get("a") for _ in range(5))) == [1] * 5
    assert await cache.get("a") == 1
    assert source.asked == ["a"]


async def test_a_value_is_forgotten_after_its_time() -> None:
    """The time counts from the beginning of the load."""
    source = Source({"a": 1})
    cache = LoadingCache(source.load, seconds=0.05)
    await cache.get("a")
    assert "a" in cache
    source.values["a"] = 2
    await asyncio.sleep(0.06)

    assert "a" not in cache
    assert await cache.get("a") == 2


async def test_nothing_is_remembered_for_no_time() -> None:
    """Each call loads anew."""
    source = Source({"a": 1})
    cache = LoadingCache(source.load, seconds=0)

    assert [await cache.get("a"), await cache.get("a")] == [1, 1]
    assert source.asked == ["a", "a"]


@pytest.mark.parametrize(("absent_seconds", "loads"), [(0, 2), (60, 1)])
async def test_a_key_without_a_value_has_a_time_of_its_own(
    absent_seconds: float, loads: int
) -> None:
    """By default that time is zero, so that a value made a moment later is found."""
    source = Source({})
    cache = LoadingCache(source.load, seconds=60, absent_seconds=absent_seconds)

    assert [await cache.get("a"), await cache.get("a")] == [None, None]
    assert len(source.asked) == loads
    assert "a" not in cache


async def test_a_load_that_fails_is_not_remembered() -> None:
    """All waiting callers get the error, and the next call loads again."""
    source = Source({"a": 1}, away=True)
    cache = LoadingCache(source.load, seconds=60)
    answers = await asyncio.gather(*(cache.get("a") for _ in range(3)), return_exceptions=True)
    assert [type(one) for one in answers] == [OSError] * 3
    source.away = False

    assert await cache.get("a") == 1
    assert source.asked == ["a", "a"]


async def test_a_caller_that_leaves_ends_no_load_of_others() -> None:
    """The other callers get the result of its load."""
    source = Source({"a": 1})
    cache = LoadingCache(source.load, seconds=60)
    leaving, staying = (asyncio.create_task(cache.get("a")) for _ in range(2))
    await asyncio.sleep(0)
    leaving.cancel()

    assert await staying == 1
    assert source.asked == ["a"]


async def test_memory_has_a_bound() -> None:
    """The bound holds for keys with a value and without: new keys do not fill the memory."""
    source = Source({str(number): number for number in range(30)})
    cache = LoadingCache(source.load, seconds=60, absent_seconds=60, most=10)
    await asyncio.gather(*(cache.get(str(number)) for number in range(60)))

    assert sum(str(number) in cache for number in range(60)) <= 10
    source.asked.clear()
    for number in range(30, 60):
        await cache.get(str(number))
    assert len(source.asked) >= 20


async def test_a_load_that_fails_after_its_waiters_left_is_not_cached() -> None:
    """The next call loads the value anew, and does not get the error of the load before."""
    source = Source({"a": 1}, away=True)
    cache = LoadingCache(source.load, seconds=60)
    waiter = asyncio.create_task(cache.get("a"))
    await asyncio.sleep(0)
    waiter.cancel()
    await asyncio.sleep(0.01)
    source.away = False

    assert await cache.get("a") == 1
    assert source.asked == ["a", "a"]
