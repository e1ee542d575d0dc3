"""A list of the register is asked for once, although calls die and come at the same time."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from lib.domain.batches.outcome import RowResult
from lib.repositories.batches.domicile_lists import DomicileLists
from lib.use_cases.batches.find_domiciles import ASKING
from lib.use_cases.batches.follow_batch import FollowBatch
from tests.functions.batches.batch_calls import ask, fails
from tests.functions.batches.domicile_calls import (
    ADDRESS,
    WITH,
    WITHOUT,
    Register,
    an_ended_batch,
    domiciles,
    rows_of,
    stack_with,
)
from tests.stack import Stack


class ProcessDied(BaseException):
    """Stands for the end of a process."""


@pytest.fixture
def register() -> Register:
    """Return a register."""
    return Register()


@pytest.fixture
async def asking(tmp_path: Path, register: Register) -> AsyncIterator[Stack]:
    """Give a stack with the register."""
    stack = await stack_with(tmp_path, register)
    yield stack
    await stack.app.close()


def dies_at_write(monkeypatch: pytest.MonkeyPatch, number: int, *, after: bool) -> None:
    """Let the process die before or after the write of this number, counted from 0."""
    put, writes = DomicileLists.put, 0

    async def dying(self: DomicileLists, *arguments: Any) -> Any:
        nonlocal writes
        writes += 1
        if writes - 1 == number and not after:
            raise ProcessDied
        stored = await put(self, *arguments)
        if writes - 1 == number:
            raise ProcessDied
        return stored

    monkeypatch.setattr(DomicileLists, "put", dying)


@pytest.mark.parametrize(
    ("number", "after", "asked_before", "asked"),
    [(0, False, 0, 1), (0, True, 0, 1), (1, False, 1, 2), (1, True, 1, 1)],
)
async def test_a_call_that_dies_is_made_good(
    asking: Stack,
    register: Register,
    monkeypatch: pytest.MonkeyPatch,
    number: int,
    after: bool,
    asked_before: int,
    asked: int,
) -> None:
    """Only a death between the register's answer and its write costs one list more."""
    id_ = await an_ended_batch(asking)
    with monkeypatch.context() as patch:
        dies_at_write(patch, number, after=after)
        with pytest.raises(ProcessDied):
            await domiciles(asking, id_)
    assert len(register.asked) == asked_before

    # another call does not ask while the first one may still live
    await domiciles(asking, id_)
    asking.clock.advance(ASKING)
    await domiciles(asking, id_)
    assert rows_of(await domiciles(asking, id_))[WITH] == ADDRESS
    assert len(register.asked) == asked


async def test_calls_at_the_same_time_ask_once(asking: Stack, register: Register) -> None:
    """The call that stored the list asks; the others wait for its answer."""
    id_ = await an_ended_batch(asking)
    begun, goes_on = asyncio.Event(), asyncio.Event()

    async def slowly() -> None:
        begun.set()
        await goes_on.wait()

    register.before = slowly
    first = asyncio.create_task(domiciles(asking, id_))
    await begun.wait()
    others = await asyncio.gather(*(domiciles(asking, id_) for _ in range(5)))
    goes_on.set()

    assert {(await first).status, *(one.status for one in others)} == {202}
    assert len(register.asked) == 1
    assert rows_of(await domiciles(asking, id_))[WITH] == ADDRESS


async def test_calls_that_begin_together_ask_once(asking: Stack, register: Register) -> None:
    """They all find no list; one of them stores it."""
    id_ = await an_ended_batch(asking)
    replies = await asyncio.gather(*(domiciles(asking, id_) for _ in range(8)))

    assert {one.status for one in replies} <= {200, 202}
    assert len(register.asked) == 1


async def test_a_late_call_does_not_replace_a_newer_list(asking: Stack, register: Register) -> None:
    """It was slower than ASKING, so another call asked again; the id of that list stays."""
    id_ = await an_ended_batch(asking)

    async def others() -> None:
        register.before = None
        asking.clock.advance(ASKING)
        assert (await domiciles(asking, id_)).status == 202
        register.lists["list-0"] = ((), "an older list, which must not be read")

    register.before = others
    assert (await domiciles(asking, id_)).status == 202

    assert rows_of(await domiciles(asking, id_))[WITH] == ADDRESS
    assert len(register.asked) == 2


async def test_other_rows_make_another_list(
    asking: Stack, register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Such as the rows of a retry: the answer about the first rows is not taken for theirs."""
    id_ = await an_ended_batch(asking, [WITH])
    await domiciles(asking, id_)
    results = FollowBatch.results

    async def with_another(self: FollowBatch, batch: Any, *, unreached: bool) -> Any:
        async for one in results(self, batch, unreached=unreached):
            yield one
            yield RowResult(one.number, None, WITHOUT, one.outcome, one.reason)

    monkeypatch.setattr(FollowBatch, "results", with_another)
    assert (await domiciles(asking, id_)).status == 202
    assert register.asked == [(WITH,), (WITH, WITHOUT)]


async def test_a_store_that_is_away_asks_nobody(
    asking: Stack, register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the document another call would ask as well."""
    id_ = await an_ended_batch(asking)
    with monkeypatch.context() as patch:
        patch.setattr(asking.store, "create", fails)
        assert (await domiciles(asking, id_)).status == 503
    assert register.asked == []
    assert (await domiciles(asking, id_)).status == 202
    assert (await ask(asking, "read_batch", id_)).status == 200
