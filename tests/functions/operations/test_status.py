"""Everybody may ask whether the API works."""

import asyncio
from datetime import timedelta

import pytest

from lib.ports.errors import UnavailableError
from lib.use_cases.operations import check_health
from tests.stack import Stack, refusal


async def test_an_api_that_works_says_so(stack: Stack) -> None:
    """No key is needed, and the answer has a problem's members."""
    reply = await stack.call("read_status", key=None)

    assert reply.status == 200
    assert reply.headers["content-type"] == "application/json"
    assert reply.body == {"status": 200, "title": "OK", "detail": "The API works."}


@pytest.mark.parametrize(("port", "method"), [("store", "read"), ("queue", "length")])
async def test_an_outage_gets_503(
    stack: Stack, monkeypatch: pytest.MonkeyPatch, port: str, method: str
) -> None:
    """The refusal is a problem, says when to ask again, and names no part of the installation."""

    async def away(*_: object) -> None:
        raise UnavailableError("https://the-account.example does not answer")

    with monkeypatch.context() as outage:
        outage.setattr(getattr(stack, port), method, away)
        reply = await stack.call("read_status", key=None)

    assert refusal(reply)[:2] == (503, "Service unavailable")
    assert reply.headers["Retry-After"] == "5"
    assert "the-account" not in str(reply.body)
    stack.clock.advance(timedelta(seconds=5))
    assert (await stack.call("read_status", key=None)).status == 200


async def test_a_store_that_never_answers_gets_503(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The caller does not wait for longer than the patience."""

    async def never(*_: object) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(stack.store, "read", never)
    monkeypatch.setattr(check_health, "PATIENCE", timedelta(milliseconds=10))

    assert (await stack.call("read_status", key=None)).status == 503


async def test_many_calls_make_one_check(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    """In five seconds there is one look at the queues, also after the clock was set back."""
    looks = 0
    length = stack.queue.length

    async def counted(name: str) -> int:
        nonlocal looks
        looks += 1
        return await length(name)

    monkeypatch.setattr(stack.queue, "length", counted)

    replies = await asyncio.gather(*(stack.call("read_status", key=None) for _ in range(20)))

    assert {reply.status for reply in replies} == {200}
    assert looks == 1
    stack.clock.advance(timedelta(seconds=4.9))
    await stack.call("read_status", key=None)
    assert looks == 1
    stack.clock.advance(timedelta(days=-1))
    await stack.call("read_status", key=None)
    assert looks == 2
