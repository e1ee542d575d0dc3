"""A call to a sender's URL has limits: bytes, seconds, connections and look-ups."""

import asyncio
import gzip
import threading
import time
from collections.abc import Callable

import pytest
from aiohttp import web

from lib.adapters.outbound import guarded_http
from lib.adapters.outbound.guard import public_address
from lib.adapters.outbound.guarded_http import MAX_BYTES, GuardedHTTP, NoAnswerError
from lib.ports.errors import UnavailableError
from tests.doubles.tls import Upstream
from tests.unit.adapters.outbound.support import HERE, saying, url_of


async def test_a_body_without_an_end_is_cut_off(
    upstream: Upstream, guard: Callable[..., GuardedHTTP]
) -> None:
    """Soon after the limit the guard closes the connection."""
    sent = 0

    async def answer(request: web.Request) -> web.StreamResponse:
        nonlocal sent
        response = web.StreamResponse()
        await response.prepare(request)
        while sent < 1000 * MAX_BYTES:
            await response.write(b" " * MAX_BYTES)
            sent += MAX_BYTES
        return response

    upstream.answer = answer

    with pytest.raises(UnavailableError, match="too long"):
        await guard().get(url_of(upstream), {})

    assert sent < 500 * MAX_BYTES


async def test_a_packed_body_is_not_unpacked(
    upstream: Upstream, guard: Callable[..., GuardedHTTP]
) -> None:
    """A packed kilobyte may hold a megabyte."""
    packed = gzip.compress(b'{"send": true}' + b" " * 1_000_000)
    upstream.answer = saying(packed, headers={"Content-Encoding": "gzip"})

    assert await guard().get(url_of(upstream), {}) == (200, packed)


@pytest.mark.parametrize("where", ["head", "body", "look-up"])
async def test_slowness_has_an_end(
    upstream: Upstream,
    guard: Callable[..., GuardedHTTP],
    monkeypatch: pytest.MonkeyPatch,
    where: str,
) -> None:
    """The limit holds for a late head, for a slow body and for a slow look-up."""
    monkeypatch.setattr(guarded_http, "MAX_CALL_SECONDS", 0.3)

    async def answer(request: web.Request) -> web.StreamResponse:
        if where == "head":
            await asyncio.sleep(3)
        response = web.StreamResponse()
        await response.prepare(request)
        for _ in range(30):
            await response.write(b" ")
            await asyncio.sleep(0.1)
        return response

    def lookup(_: str) -> list[str]:
        time.sleep(0.6 if where == "look-up" else 0)
        return [HERE]

    upstream.answer = answer
    began = time.monotonic()

    with pytest.raises(UnavailableError, match="Timeout"):
        await guard(lookup=lookup).get(url_of(upstream), {})

    assert time.monotonic() - began < 2


async def test_few_calls_at_a_time_go_to_a_host(
    upstream: Upstream, guard: Callable[..., GuardedHTTP], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other calls wait, and get their answers."""
    monkeypatch.setattr(guarded_http, "CONNECTIONS_PER_HOST", 2)
    running = most = 0

    async def answer(_: web.Request) -> web.Response:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0.02)
        running -= 1
        return web.json_response({"send": True})

    upstream.answer = answer
    http = guard()

    answers = await asyncio.gather(*(http.get(url_of(upstream), {}) for _ in range(9)))

    assert [status for status, _ in answers] == [200] * 9
    assert most == 2


async def test_few_calls_go_out_at_all() -> None:
    """The session has the limits of the guard, in the app too."""
    http = GuardedHTTP()
    session = http._opened()

    connector = session.connector
    assert connector is not None
    assert (connector.limit, connector.limit_per_host) == (32, 4)
    assert session.trust_env is False
    await http.close()


async def test_look_ups_that_hang_hold_up_no_other_s(
    upstream: Upstream, guard: Callable[..., GuardedHTTP], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nine look-ups of one sender hang; another sender's call goes on at once."""
    monkeypatch.setattr(guarded_http, "MAX_CALL_SECONDS", 0.3)
    released = threading.Event()

    def lookup(host: str) -> list[str]:
        if host.startswith("slow"):
            released.wait(20)
        return [HERE]

    upstream.answer = saying({"send": True})
    http = guard(lookup=lookup)
    slow = [http.get(f"https://slow-{n}.example.org:{upstream.port}/", {}) for n in range(9)]
    errors = await asyncio.gather(*slow, return_exceptions=True)
    assert {type(error) for error in errors} == {NoAnswerError}

    # less than the look-ups hang, and enough for a busy machine
    monkeypatch.setattr(guarded_http, "MAX_CALL_SECONDS", 10)
    assert (await http.get(url_of(upstream), {}))[0] == 200
    released.set()


async def test_look_ups_that_get_no_thread_take_no_place(
    upstream: Upstream, guard: Callable[..., GuardedHTTP], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a thread a look-up is an outage; with threads again, the next call succeeds."""
    monkeypatch.setattr(public_address, "LOOKUPS", 2)
    upstream.answer = saying({"send": True})
    http = guard(lookup=lambda _: [HERE])

    def refuse(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as without:
        without.setattr(threading.Thread, "start", refuse)
        for _ in range(3):
            with pytest.raises(UnavailableError):
                await http.get(url_of(upstream), {})

    assert (await http.get(url_of(upstream), {}))[0] == 200


async def test_more_look_ups_than_threads_are_refused(
    upstream: Upstream, guard: Callable[..., GuardedHTTP], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The guard refuses more look-ups at once, until the hanging ones have ended."""
    monkeypatch.setattr(guarded_http, "MAX_CALL_SECONDS", 0.3)
    monkeypatch.setattr(public_address, "LOOKUPS", 2)
    released = threading.Event()

    def lookup(host: str) -> list[str]:
        if host.startswith("slow"):
            released.wait(20)
        return [HERE]

    upstream.answer = saying({"send": True})
    http = guard(lookup=lookup)
    slow = [http.get(f"https://slow-{n}.example.org:{upstream.port}/", {}) for n in range(2)]
    await asyncio.gather(*slow, return_exceptions=True)
    with pytest.raises(UnavailableError):
        await http.get(url_of(upstream), {})
    released.set()
    await asyncio.sleep(0.1)

    assert (await http.get(url_of(upstream), {}))[0] == 200
