"""Calls with wrong keys cost their caller, and no other."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from infra.local.sandbox.seed import SENDER_KEY
from lib.composition.stacks import embedded_ports
from lib.domain.identity.errors import TooManyFailuresError
from lib.domain.services.service import Group
from lib.ports.documents import Container
from lib.ports.errors import UnavailableError
from lib.ports.schema.senders import SENDER_KEYS
from lib.repositories.services import key_holders
from lib.use_cases.identity import failed_calls
from lib.use_cases.identity.failed_calls import MAX_FAILURES, FailedCalls
from tests.builders.messages import a_message
from tests.builders.services import with_groups
from tests.builders.settings import settings_for
from tests.doubles.clock import StillClock
from tests.stack import Reply, Stack


class Counted:
    """A store that counts the lookups of keys, and fails them while `away` is set."""

    def __init__(self, inner: Any) -> None:
        self._inner = inner
        self.reads = 0
        self.away = False

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    async def read(self, container: Container, *arguments: Any) -> Any:
        """Read the document; count the lookup of a key."""
        if container == SENDER_KEYS:
            self.reads += 1
            await asyncio.sleep(0)
            if self.away:
                raise UnavailableError("away")
        return await self._inner.read(container, *arguments)


@asynccontextmanager
async def counting(folder: Path, **settings: Any) -> AsyncIterator[tuple[Stack, Counted]]:
    """Give a stack, and its store, which counts the lookups of keys."""
    clock, chosen = StillClock(), settings_for(folder, **settings)
    store = Counted(embedded_ports(chosen, clock).store)
    stack = await Stack(folder, chosen, store=store, clock=clock).start()
    store.reads = 0
    yield stack, store
    await stack.app.close()


@pytest.fixture
async def counted(tmp_path: Path) -> AsyncIterator[tuple[Stack, Counted]]:
    """Give a stack, and its store, which counts the lookups of keys."""
    async with counting(tmp_path) as both:
        yield both


async def call(stack: Stack, key: str, address: str = "198.51.100.7") -> Reply:
    """Submit with a key, from an address."""
    return await stack.call(
        "submit_message", a_message(), key=key, headers={"x-forwarded-for": address}
    )


async def test_a_wrong_key_is_remembered_for_seconds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Calls with a wrong key cost one read, and a key that is made meanwhile works soon."""
    monkeypatch.setattr(key_holders, "WRONG_SECONDS", 0.2)
    async with counting(tmp_path) as (stack, store):
        for _ in range(20):
            assert (await call(stack, "made-later")).status == 401
        assert store.reads == 1

        await with_groups(stack, Group.MESSAGE_WRITE, key="made-later")
        await asyncio.sleep(0.25)

        assert (await call(stack, "made-later")).status == 201


def test_an_address_in_ipv6_s_form_counts_as_itself() -> None:
    """An IPv4 address that is written as IPv6 counts as that one address."""
    failed = FailedCalls()
    for address in ("::ffff:198.51.100.7", "198.51.100.7"):
        failed.add(address, MAX_FAILURES // 2)

    with pytest.raises(TooManyFailuresError):
        failed.admit("198.51.100.7")
    failed.admit("::ffff:198.51.100.8")


@pytest.mark.parametrize("at_once", [False, True])
async def test_an_address_that_guesses_keys_is_stopped(
    counted: tuple[Stack, Counted], *, at_once: bool
) -> None:
    """An address with too many wrong keys gets 429 and costs no read, also at once."""
    stack, store = counted
    calls = [call(stack, f"guess-{number}") for number in range(3 * MAX_FAILURES)]
    replies = await asyncio.gather(*calls) if at_once else [await one for one in calls]

    statuses = [reply.status for reply in replies]
    assert (statuses.count(401), statuses.count(429)) == (MAX_FAILURES, 2 * MAX_FAILURES)
    assert store.reads == MAX_FAILURES
    refused = next(reply for reply in replies if reply.status == 429)
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    assert refused.headers["content-type"] == "application/problem+json"


async def test_a_repeated_wrong_key_is_stopped(counted: tuple[Stack, Counted]) -> None:
    """A repeated wrong key costs one read, and gets 429 in the end."""
    stack, store = counted
    replies = [await call(stack, "old") for _ in range(MAX_FAILURES + 1)]

    assert (replies[-2].status, replies[-1].status, store.reads) == (401, 429, 1)


async def test_guessing_stops_no_other_caller(tmp_path: Path) -> None:
    """Neither other addresses nor a key that was valid from the same address are stopped."""
    async with counting(tmp_path, sender_cache_seconds=0) as (stack, _):
        assert (await call(stack, SENDER_KEY)).status == 201
        for number in range(MAX_FAILURES + 1):
            last = await call(stack, f"guess-{number}")
        assert last.status == 429

        assert (await call(stack, SENDER_KEY)).status == 201
        assert (await call(stack, "sandbox-limited-key", address="198.51.100.8")).status == 201


async def test_a_good_key_does_not_count_as_failed(counted: tuple[Stack, Counted]) -> None:
    """First calls with a good key, and calls during an outage, do not count as failed."""
    stack, store = counted
    store.away = True
    for _ in range(MAX_FAILURES + 1):
        reply = await call(stack, SENDER_KEY)
        assert reply.status == 429
        assert "address" not in reply.body["detail"]
    store.away = False

    replies = await asyncio.gather(*(call(stack, SENDER_KEY) for _ in range(2 * MAX_FAILURES)))

    assert {reply.status for reply in replies} == {201}
    assert (await call(stack, "wrong")).status == 401


async def test_a_call_without_a_key_is_not_counted(counted: tuple[Stack, Counted]) -> None:
    """A call without a key costs no read and does not count."""
    stack, store = counted
    for _ in range(MAX_FAILURES + 1):
        assert (await call(stack, "")).status == 401
    assert store.reads == 0


def test_the_memory_of_addresses_has_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    """The oldest address is forgotten, and a network of IPv6 counts as one caller."""
    monkeypatch.setattr(failed_calls, "MAX_ADDRESSES", 10)
    failed = FailedCalls()
    failed.add("198.51.100.0", MAX_FAILURES)
    for number in range(1, 10):
        failed.admit(f"198.51.100.{number}")
    with pytest.raises(TooManyFailuresError):
        failed.admit("198.51.100.0")
    failed.admit("198.51.100.10")
    failed.admit("198.51.100.0")

    for number in range(MAX_FAILURES):
        failed.admit(f"2001:db8::{number:x}")
    with pytest.raises(TooManyFailuresError):
        failed.admit("2001:db8::ffff:1")
    failed.admit("2001:db8:0:1::1")
    failed.admit(None)


def test_failures_are_forgotten_after_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    """Failures count for a minute by the process's own clock."""
    failed, moment = FailedCalls(), [1000.0]
    monkeypatch.setattr(time, "monotonic", lambda: moment[0])
    for _ in range(MAX_FAILURES):
        failed.admit("198.51.100.7")
    moment[0] += 59.5
    with pytest.raises(TooManyFailuresError) as caught:
        failed.admit("198.51.100.7")
    assert caught.value.seconds == 1

    moment[0] += 0.5
    failed.admit("198.51.100.7")
