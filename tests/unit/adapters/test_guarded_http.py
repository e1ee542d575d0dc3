"""Calls to a sender's URL: where they may go, and how much of an answer is waited for."""

import asyncio
import gzip
import threading
import time
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from aiohttp import web

from lib.adapters.outbound import guarded_http
from lib.adapters.outbound.guarded_http import MAX_BYTES, GuardedHTTP
from lib.adapters.outbound.public_address import is_public
from lib.adapters.outbound.reminder_conditions import HTTPReminderConditions
from lib.domain.shared.identifiers import MessageId
from lib.ports.errors import UnavailableError
from lib.ports.reminder_conditions import DueReminder
from tests.doubles.tls import HOST, Certified, Upstream, certified, serving

HERE = "127.0.0.1"
REMINDER = DueReminder(MessageId("01KB0000000000000000000000"), "3")
SIGNED = "/check?case=a%2Fb%7E~&sig=%2b=="


@pytest.fixture(scope="module")
def tls(tmp_path_factory: pytest.TempPathFactory) -> Certified:
    """Give a certificate for HOST, and who trusts it."""
    return certified(tmp_path_factory.mktemp("tls"))


@pytest.fixture
async def upstream(tls: Certified) -> AsyncIterator[Upstream]:
    """Serve a sender's host that says yes."""
    async with serving(tls.server) as host:
        host.answer = saying({"send": True})
        yield host


def saying(
    body: Any, status: int = 200, headers: dict[str, str] | None = None
) -> Callable[[web.Request], Any]:
    """Answer with this JSON, or these bytes."""

    async def answer(_: web.Request) -> web.Response:
        if isinstance(body, bytes):
            return web.Response(status=status, body=body, headers=headers)
        return web.json_response(body, status=status, headers=headers)

    return answer


class Names:
    """A name server; each look-up gets the next of `answers`, the last one for ever."""

    def __init__(self, *answers: list[str]) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []

    def __call__(self, host: str) -> list[str]:
        """Look up."""
        self.asked.append(host)
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


@pytest.fixture
async def guard(upstream: Upstream, tls: Certified) -> AsyncIterator[Callable[..., GuardedHTTP]]:
    """Give guards that may call this machine's server, at 127.0.0.1 alone."""
    opened: list[GuardedHTTP] = []

    def open_one(*answers: list[str], **changes: Any) -> GuardedHTTP:
        values: dict[str, Any] = {
            "lookup": Names(*(answers or ([HERE],))),
            "admits": lambda address: address == HERE,
            "port": upstream.port,
            "trusted": tls.client,
            **changes,
        }
        opened.append(GuardedHTTP(**values))
        return opened[-1]

    yield open_one
    for one in opened:
        await one.close()


def url_of(upstream: Upstream, path: str = "/check", host: str = HOST) -> str:
    """Return an address of the sender's host."""
    return f"https://{host}:{upstream.port}{path}"


async def test_the_url_goes_out_as_it_was_given(
    upstream: Upstream, guard: Callable[..., GuardedHTTP]
) -> None:
    """With the name in Host and checked in TLS; the question is in headers, without the citizen."""
    conditions = HTTPReminderConditions(guard())

    assert await conditions.allows(url_of(upstream, SIGNED), REMINDER) is True

    (request,) = upstream.asked
    assert (request.method, request.raw_path) == ("GET", SIGNED)
    assert dict(request.headers) == {
        "Host": f"{HOST}:{upstream.port}",
        "Accept": "application/json",
        "Accept-Encoding": "identity",
        "User-Agent": "Recapito",
        "Recapito-Message-Id": REMINDER.message_id,
        "Recapito-Reminder-Step": "3",
    }


async def test_no_is_an_answer(upstream: Upstream, guard: Callable[..., GuardedHTTP]) -> None:
    """The reminder is not sent."""
    upstream.answer = saying({"send": False, "because": "withdrawn"})

    assert await HTTPReminderConditions(guard()).allows(url_of(upstream), REMINDER) is False


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (200, {}),
        (200, {"send": "false"}),
        (200, {"send": 0}),
        (200, {"send": None}),
        (200, [False]),
        (200, b""),
        (200, b"<html>"),
        (200, b'{"send": true}' + b" " * MAX_BYTES),
        (200, b"[" * 10_000),
        (201, {"send": False}),
        (204, b""),
        (404, {"send": False}),
        (500, {"send": False}),
        (503, b""),
    ],
)
async def test_anything_else_is_none(
    upstream: Upstream, guard: Callable[..., GuardedHTTP], status: int, body: Any
) -> None:
    """A condition that cannot be had is an outage, neither yes nor no."""
    upstream.answer = saying(body, status)

    with pytest.raises(UnavailableError):
        await HTTPReminderConditions(guard()).allows(url_of(upstream), REMINDER)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_is_not_followed(
    upstream: Upstream, guard: Callable[..., GuardedHTTP], status: int
) -> None:
    """Wherever it leads."""
    upstream.answer = saying({"send": True}, status, {"Location": "/elsewhere"})

    with pytest.raises(UnavailableError, match=str(status)):
        await HTTPReminderConditions(guard()).allows(url_of(upstream), REMINDER)

    assert len(upstream.asked) == 1


async def test_a_name_is_looked_up_once_and_its_address_pinned(
    upstream: Upstream, guard: Callable[..., GuardedHTTP]
) -> None:
    """What it means a moment later is checked anew, and only then: there is no gap."""
    names = Names([HERE], ["10.0.0.1"])
    http = guard(lookup=names)
    upstream.answer = saying({"send": True}, headers={"Connection": "close"})

    assert (await http.get(url_of(upstream), {}))[0] == 200
    assert names.asked == [HOST]
    with pytest.raises(UnavailableError, match="ClientConnectorDNSError"):
        await http.get(url_of(upstream), {})

    assert names.asked == [HOST, HOST]
    assert len(upstream.asked) == 1


@pytest.mark.parametrize("other", ["10.0.0.1", "::1", "::ffff:127.0.0.1"])
@pytest.mark.parametrize("order", [1, -1])
async def test_one_forbidden_address_forbids_the_name(
    upstream: Upstream, guard: Callable[..., GuardedHTTP], other: str, order: int
) -> None:
    """Not the first that answers decides."""
    with pytest.raises(UnavailableError):
        await guard([HERE, other][::order]).get(url_of(upstream), {})

    assert upstream.asked == []


async def test_this_machine_is_not_called_unless_told_to(
    upstream: Upstream, guard: Callable[..., GuardedHTTP]
) -> None:
    """What the app opens is without arguments: public addresses alone, port 443 alone."""
    http = guard(admits=is_public)
    with pytest.raises(UnavailableError, match="ClientConnectorDNSError"):
        await http.get(url_of(upstream), {})
    with pytest.raises(UnavailableError, match="URL is not allowed"):
        await GuardedHTTP().get(url_of(upstream), {})

    assert GuardedHTTP()._admits is is_public
    assert upstream.asked == []


async def test_a_name_without_an_address_is_an_outage(
    upstream: Upstream, guard: Callable[..., GuardedHTTP]
) -> None:
    """Nothing is taken for the absence of a forbidden one."""
    with pytest.raises(UnavailableError):
        await guard([]).get(url_of(upstream), {})


@pytest.mark.parametrize(
    "url",
    [
        "http://{host}:{port}/",
        "ftp://{host}:{port}/",
        "//{host}:{port}/",
        "https://{host}:1/",
        "https://{host}/",
        "https://user@{host}:{port}/",
        "https://user:secret@{host}:{port}/",
        "https://:secret@{host}:{port}/",
        "https://@{host}:{port}\\@10.0.0.1/",
        "https://127.0.0.1:{port}/",
        "https://127.1:{port}/",
        "https://2130706433:{port}/",
        "https://0x7f000001:{port}/",
        "https://0x7f.0.0.0x1:{port}/",
        "https://0177.0.0.1:{port}/",
        "https://127.0.0.1.:{port}/",
        "https://[::1]:{port}/",
        "https://[::ffff:127.0.0.1]:{port}/",
        "https://localhost:{port}/",
        "https://{host}.:{port}/",
        "https://{host}%00.it:{port}/",
        "https://xn{long}.it:{port}/",
        "https://{host}:{port}/a b",
        "https://{host}:{port}/\r\nX-Injected: 1",
        "https://{host}:{port}/à",
        "https://ⓔxample.it:{port}/",
        "https:///",
        "https://{host}:99999/",
        "",
    ],
)
async def test_what_is_no_plain_https_url_is_not_called(
    upstream: Upstream, guard: Callable[..., GuardedHTTP], url: str
) -> None:
    """Nor looked up; and the refusal does not repeat it."""
    names = Names([HERE])
    target = url.format(host=HOST, port=upstream.port, long="x" * 63)

    with pytest.raises(UnavailableError, match=r"^a sender's URL is not allowed$"):
        await guard(lookup=names).get(target, {})

    assert (names.asked, upstream.asked) == ([], [])


async def test_the_certificate_must_be_the_name_s(
    upstream: Upstream, guard: Callable[..., GuardedHTTP]
) -> None:
    """And of an authority that is trusted."""
    for http, host in ((guard(), f"other.{HOST}"), (guard(trusted=None), HOST)):
        with pytest.raises(UnavailableError, match="Certificate"):
            await http.get(url_of(upstream, host=host), {})

    assert upstream.asked == []


async def test_no_proxy_of_the_environment_is_used(
    upstream: Upstream, guard: Callable[..., GuardedHTTP], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would do the look-up itself."""
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")

    assert (await guard().get(url_of(upstream), {}))[0] == 200


async def test_a_cookie_is_not_kept(upstream: Upstream, guard: Callable[..., GuardedHTTP]) -> None:
    """One message's call tells nothing of another's."""
    http = guard()
    upstream.answer = saying({"send": True}, headers={"Set-Cookie": "a=b; Path=/"})

    await http.get(url_of(upstream), {})
    await http.get(url_of(upstream), {})

    assert "Cookie" not in upstream.asked[1].headers


async def test_a_body_without_an_end_is_cut_off(
    upstream: Upstream, guard: Callable[..., GuardedHTTP]
) -> None:
    """Soon after the limit, and the connection is closed."""
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

    with pytest.raises(UnavailableError, match="too much"):
        await guard().get(url_of(upstream), {})

    assert sent < 500 * MAX_BYTES


async def test_a_packed_body_is_not_unpacked(
    upstream: Upstream, guard: Callable[..., GuardedHTTP]
) -> None:
    """A kilobyte may hold a megabyte."""
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
    """However the time is spent: no byte at all, a byte now and then, no address."""
    monkeypatch.setattr(guarded_http, "SECONDS", 0.3)

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
    """The others wait, and end up served."""
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
    """A session's own limits are those of the guard, in the app too."""
    http = GuardedHTTP()
    session = http._opened()

    connector = session.connector
    assert connector is not None
    assert (connector.limit, connector.limit_per_host) == (32, 4)
    assert session.trust_env is False
    await http.close()


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0",
        "0.1.2.3",
        "10.0.0.1",
        "100.64.0.1",
        "100.127.255.255",
        "127.0.0.1",
        "127.255.255.254",
        "168.63.129.16",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.1",
        "192.0.0.9",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.0.1",
        "198.18.0.1",
        "198.19.255.255",
        "198.51.100.1",
        "203.0.113.1",
        "224.0.0.1",
        "233.252.0.1",
        "239.255.255.255",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::7f00:1",
        "::ffff:8.8.8.8",
        "::ffff:10.0.0.1",
        "::ffff:0:8.8.8.8",
        "64:ff9b::8.8.8.8",
        "64:ff9b::a00:1",
        "64:ff9b:1::a00:1",
        "100::1",
        "2001::1",
        "2001:0:4136:e378:8000:63bf:3fff:fdd2",
        "2001:2::1",
        "2001:10::1",
        "2001:20::1",
        "2001:db8::1",
        "2002:a00:1::1",
        "2002:808:808::1",
        "3fff::1",
        "5f00::1",
        "fc00::1",
        "fd12:3456:789a::1",
        "fe80::1",
        "fe80::1%eth0",
        "fec0::1",
        "ff02::1",
        "ff0e::1",
        "4000::1",
        "",
        "localhost",
        "8.8.8",
        "08.8.8.8",
        "8.8.8.8 ",
    ],
)
def test_an_address_of_these_is_not_public(address: str) -> None:
    """Private, loopback, link-local, carrier's, multicast, reserved, and forms around another."""
    assert not is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "8.8.8.8",
        "20.50.2.1",
        "100.63.255.255",
        "100.128.0.1",
        "172.32.0.1",
        "193.0.0.1",
        "2001:200::1",
        "2606:4700::1111",
        "2a00:1450:4002:414::2003",
    ],
)
def test_an_address_of_the_internet_is_public(address: str) -> None:
    """Beside the edges of what is not, too."""
    assert is_public(address)


async def test_look_ups_that_hang_hold_up_no_other_s(
    upstream: Upstream, guard: Callable[..., GuardedHTTP], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nine of one sender's, whose callers have gone: another sender's goes on at once."""
    monkeypatch.setattr(guarded_http, "SECONDS", 0.3)
    released = threading.Event()

    def lookup(host: str) -> list[str]:
        if host.startswith("slow"):
            released.wait(20)
        return [HERE]

    upstream.answer = saying({"send": True})
    http = guard(lookup=lookup)
    slow = [http.get(f"https://slow-{n}.example.org:{upstream.port}/", {}) for n in range(9)]
    errors = await asyncio.gather(*slow, return_exceptions=True)
    assert {type(error) for error in errors} == {UnavailableError}

    began = time.monotonic()
    assert (await http.get(url_of(upstream), {}))[0] == 200
    assert time.monotonic() - began < 0.3
    released.set()


async def test_look_ups_that_get_no_thread_take_no_place(
    upstream: Upstream, guard: Callable[..., GuardedHTTP], monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are an outage; once threads can be had, the next goes on."""
    monkeypatch.setattr(guarded_http, "LOOKUPS", 2)
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
    """At once, and until those that hang have ended."""
    monkeypatch.setattr(guarded_http, "SECONDS", 0.3)
    monkeypatch.setattr(guarded_http, "LOOKUPS", 2)
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
