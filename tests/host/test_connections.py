"""Slow, half-open and idle connections: each ends in time, and none holds up others."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web

from infra.local.http import server as http_server
from infra.local.http.body import Bodies, BodyError
from infra.local.http.server import Server


class Served:
    """A server with short limits of time, which answers with the length of the body."""

    def __init__(self) -> None:
        self.bodies = Bodies(0.3)
        self.refused: list[int] = []
        self.server = Server(self._answer, refused=self.refused.append, request_factory=None)
        self.path = ""

    async def open(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """Connect."""
        return await asyncio.open_unix_connection(self.path)

    async def _answer(self, request: web.BaseRequest) -> web.Response:
        try:
            body = await self.bodies.read(request, 1000)
        except BodyError as error:
            return web.Response(status=error.status)
        return web.Response(text=str(len(body)))


@pytest.fixture
async def served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Served]:
    """Serve on a socket of the test's own."""
    monkeypatch.setattr(http_server, "HEAD_SECONDS", 0.3)
    monkeypatch.setattr(http_server, "LINGER_SECONDS", 0.1)
    served = Served()
    served.path = str(tmp_path / "socket")
    listening = await asyncio.get_running_loop().create_unix_server(served.server, served.path)
    yield served
    listening.close()
    await served.server.shutdown(1)


async def until_end(reader: asyncio.StreamReader) -> bytes:
    """Read until the other side ends the connection."""
    async with asyncio.timeout(3):
        return await reader.read()


async def test_a_connection_that_says_nothing_is_ended(served: Served) -> None:
    """A half-open connection says nothing either."""
    reader, writer = await served.open()
    assert await until_end(reader) == b""
    writer.close()
    assert served.refused == []


@pytest.mark.parametrize("before", [b"", b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"])
async def test_headers_that_trickle_are_answered_408(served: Served, before: bytes) -> None:
    """The limit holds for all headers of a request together, also of a later request."""
    loop = asyncio.get_running_loop()
    received = b""

    async def trickle() -> None:
        for byte in b"GET / HTTP/1.1\r\nHost: example.org\r\nX-Long: long":
            await loop.sock_sendall(client, bytes([byte]))
            await asyncio.sleep(0.05)

    # a stream would lose what it received when it sends to a closed connection
    with socket.socket(socket.AF_UNIX) as client:
        client.setblocking(False)
        await loop.sock_connect(client, served.path)
        await loop.sock_sendall(client, before)
        while before and not received.endswith(b"\r\n\r\n0"):
            received += await loop.sock_recv(client, 1000)
        task, answer = asyncio.create_task(trickle()), b""
        async with asyncio.timeout(3):
            while part := await loop.sock_recv(client, 1000):
                answer += part
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert json.loads(answer.partition(b"\r\n\r\n")[2])["status"] == 408
    assert served.refused == [408]


async def test_a_body_that_does_not_come_is_answered_408(served: Served) -> None:
    """The connection ends, and other connections are served meanwhile."""
    reader, writer = await served.open()
    writer.write(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc")
    other, other_writer = await served.open()
    other_writer.write(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc")
    assert await other.readuntil(b"\r\n\r\n3")
    assert (await until_end(reader)).startswith(b"HTTP/1.1 408 ")
    for one in (writer, other_writer):
        one.close()


async def test_a_stop_waits_no_longer_for_half_a_body(served: Served) -> None:
    """The client gets a 503, and may send the request again."""
    served.bodies = Bodies(60)
    reader, writer = await served.open()
    writer.write(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc")
    await asyncio.sleep(0.1)
    served.bodies.hasten()
    assert (await until_end(reader)).startswith(b"HTTP/1.1 503 ")
    writer.close()


async def test_a_connection_that_is_used_stays(served: Served) -> None:
    """The limit for headers begins anew with each request."""
    reader, writer = await served.open()
    for _ in range(4):
        writer.write(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        await reader.readuntil(b"\r\n\r\n0")
        await asyncio.sleep(0.15)
    assert len(served.server.idle()) == 1
    writer.close()
