"""An exchange gives a whole answer or an error, and a connection serves again after the first."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import aiohttp
import pytest

from lib.adapters.azure.direct.exchanges import BROKEN, Answer, Exchanges

TIMEOUT = aiohttp.ClientTimeout(sock_connect=1, sock_read=0.3)
WHOLE = b"HTTP/1.1 200 OK\r\nETag: x\r\nContent-Length: 2\r\n\r\n{}"
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n1\r\n}\r\n0\r\n\r\n"
LATE = b"HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n"
TO_THE_END = b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{}"

type Ask = Callable[..., Awaitable[Answer]]


class Service:
    """A service that answers each request with the same bytes, and keeps what it was sent."""

    def __init__(self, answer: bytes, *, hangs_up: bool = False) -> None:
        self.answer, self.hangs_up = answer, hangs_up
        self.heads: list[bytes] = []
        self.bodies: list[bytes] = []
        self.connections = 0
        self.writers: list[asyncio.StreamWriter] = []
        self.ended = asyncio.Event()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection until the client or the service hangs up."""
        self.connections += 1
        self.writers.append(writer)
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                self.heads.append(head)
                length = head.lower().partition(b"content-length: ")[2].partition(b"\r")[0]
                self.bodies.append(await reader.readexactly(int(length or 0)))
                writer.write(self.answer)
                await writer.drain()
                if self.hangs_up:
                    break
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            self.ended.set()
            writer.close()


@asynccontextmanager
async def asking(service: Service) -> AsyncIterator[Ask]:
    """Yield a function that sends a request to the service."""
    server = await asyncio.start_server(service.serve, "127.0.0.1", 0)
    connector = aiohttp.TCPConnector()
    exchanges = Exchanges(lambda: connector, TIMEOUT)
    start = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"

    async def ask(
        method: str = "GET", target: str = "/a", body: bytes = b"", **more: str
    ) -> Answer:
        return await exchanges.exchange(method, start + target, {"accept": "*/*", **more}, body)

    try:
        yield ask
    finally:
        await connector.close()
        server.close()


@pytest.mark.parametrize("sent", [WHOLE, CHUNKED])
async def test_a_connection_serves_again_after_a_whole_answer(sent: bytes) -> None:
    """The answers are whole, in one piece or in several."""
    service = Service(sent)
    async with asking(service) as ask:
        answers = [await ask() for _ in range(3)]

    assert [(one.status, one.body) for one in answers] == [(200, b"{}")] * 3
    assert service.connections == 1


async def test_an_answer_may_end_with_its_connection() -> None:
    """The next request has a connection of its own."""
    service = Service(TO_THE_END, hangs_up=True)
    async with asking(service) as ask:
        assert [(await ask()).body for _ in range(2)] == [b"{}"] * 2

    assert service.connections == 2


async def test_requests_at_the_same_time_have_connections_of_their_own() -> None:
    """No answer goes to another request."""
    service = Service(WHOLE)
    async with asking(service) as ask:
        await asyncio.gather(*(ask() for _ in range(5)))

    assert service.connections == 5


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
async def test_the_request_is_framed(method: str) -> None:
    """The escaped address stays as it is; a body of any length arrives."""
    service = Service(WHOLE)
    big = b"x" * 3_000_000
    async with asking(service) as ask:
        for body in (b"", b"{}", big):
            await ask(method, "/a%20b/%C3%A8?c=%2F", body)

    assert service.bodies == [b"", b"{}", big]
    first, *others = service.heads[0].decode().split("\r\n")
    assert first == f"{method} /a%20b/%C3%A8?c=%2F HTTP/1.1"
    assert {one.partition(":")[0].lower() for one in others if one} == {
        "accept",
        "host",
        "content-length",
    }


async def test_the_names_of_the_headers_of_an_answer_have_any_case() -> None:
    """Services and emulators differ in it."""
    async with asking(Service(WHOLE)) as ask:
        assert (await ask()).headers["etag"] == "x"


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"HTTP/1.1 200 OK\r\nContent-",
        WHOLE[:-1],
        CHUNKED[:-5],
        b"no HTTP at all\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
        b"HTTP/1.1 100 Continue\r\n\r\n",
    ],
    ids=["nothing", "half a head", "half a body", "half a chunk", "garbage", "length", "interim"],
)
@pytest.mark.parametrize("hangs_up", [True, False])
async def test_an_answer_that_is_not_whole_is_an_error(answer: bytes, *, hangs_up: bool) -> None:
    """At the end of the connection, or after the time; the connection serves no other request."""
    service = Service(answer, hangs_up=hangs_up)
    async with asking(service) as ask:
        with pytest.raises(BROKEN):
            await ask()
        await service.ended.wait()
        service.answer = WHOLE
        assert (await ask()).body == b"{}"

    assert service.connections == 2


async def test_a_cancelled_exchange_ends_its_connection() -> None:
    """A late answer must not be read as that of the next request."""
    service = Service(b"")
    async with asking(service) as ask:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await ask()
        await service.ended.wait()
        service.answer = WHOLE
        assert (await ask()).body == b"{}"

    assert service.connections == 2


async def test_a_closed_connection_is_an_error_or_a_new_one() -> None:
    """A service may hang up between two requests."""
    service = Service(WHOLE, hangs_up=True)
    async with asking(service) as ask:
        for _ in range(3):
            assert (await ask()).body == b"{}"
            await service.ended.wait()
            await asyncio.sleep(0.02)
            service.ended.clear()

    assert service.connections == 3


async def test_a_service_that_is_away_is_an_error() -> None:
    """Nothing listens."""
    service = Service(WHOLE)
    async with asking(service) as ask:
        pass
    with pytest.raises(BROKEN):
        await ask()


@pytest.mark.parametrize("value", ["a\r\nx: y", "a\n", "a\0"])
async def test_a_header_cannot_bring_another(value: str) -> None:
    """Nothing of such a request is sent."""
    service = Service(WHOLE)
    async with asking(service) as ask:
        with pytest.raises(ValueError, match=r"injection|control"):
            await ask(x=value)
        assert (await ask()).body == b"{}"

    assert len(service.heads) == 1


async def test_what_nobody_asked_for_is_no_answer() -> None:
    """A connection on which something came between two requests serves no other request."""
    service = Service(WHOLE)
    async with asking(service) as ask:
        assert (await ask()).body == b"{}"
        service.writers[0].write(LATE)
        await service.writers[0].drain()
        await asyncio.sleep(0.05)
        answers = [(await ask()).status for _ in range(2)]

    assert answers == [200, 200]
    assert service.connections == 2
    assert len(service.heads) == 3
