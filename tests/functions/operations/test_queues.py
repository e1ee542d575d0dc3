"""Operators see what waits in the queues."""

from datetime import timedelta

import pytest

from functions.declared import CONSUMERS
from infra.local.sandbox.seed import OPERATOR_KEY, SENDER_KEY
from lib.ports.errors import UnavailableError
from lib.ports.queue import POISON_SUFFIX
from lib.ports.queueing.names import EVERY_QUEUE, MESSAGE_SUBMITTED, QUEUES
from tests.stack import Stack


async def waiting(stack: Stack) -> dict[str, tuple[int, int | None]]:
    """Return the status of the queues by name."""
    reply = await stack.call("read_queues", key=OPERATOR_KEY)
    assert reply.status == 200
    return {
        one["queue"]: (one["length"], one.get("oldest_seconds")) for one in reply.body["queues"]
    }


async def test_a_backlog_is_visible(stack: Stack) -> None:
    """The status has the length and the oldest age of every queue."""
    await stack.submit()
    stack.clock.moment += timedelta(seconds=90)
    await stack.submit()

    seen = await waiting(stack)

    assert list(seen) == list(EVERY_QUEUE)
    assert seen.pop(MESSAGE_SUBMITTED) == (2, 90)
    assert set(seen.values()) == {(0, None)}
    await stack.queue.receive(MESSAGE_SUBMITTED, limit=32, visibility_timeout=timedelta(minutes=1))
    assert (await waiting(stack))[MESSAGE_SUBMITTED] == (2, None)


async def test_only_operators_read_the_queues(stack: Stack) -> None:
    """Senders and callers without a key are refused."""
    assert (await stack.call("read_queues", key=SENDER_KEY)).status == 403
    assert (await stack.call("read_queues", key=None)).status == 401


async def test_an_outage_of_the_queues_gets_503(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The status gets 503 where the queues cannot be read."""

    async def away(_: str) -> int:
        raise UnavailableError("away")

    monkeypatch.setattr(stack.queue, "length", away)

    assert (await stack.call("read_queues", key=OPERATOR_KEY)).status == 503


def test_every_queue_is_named() -> None:
    """The list of queues has every queue of a consumer."""
    assert set(QUEUES) == {consumer.queue for consumer in CONSUMERS}
    assert set(EVERY_QUEUE) == {*QUEUES, *(f"{name}{POISON_SUFFIX}" for name in QUEUES)}
