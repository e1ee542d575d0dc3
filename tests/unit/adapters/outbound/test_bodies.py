"""The bodies of senders' answers are read within limits of size, time and memory."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from lib.adapters.outbound.guarded_http import GuardedHTTP
from lib.adapters.outbound.remote_content import HTTPRemoteContentHosts
from lib.ports.senders.hosts import NoRoomError, RemoteCall, RemoteCallError

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/pdf\r\n"
MEGABYTE = 1024 * 1024
LARGE = 500 * MEGABYTE


class RawHost:
    """A host of plain sockets, which may break HTTP. `sent`: the bytes of the last answer."""

    def __init__(self) -> None:
        self.port = 0
        self.sent = 0
        self.chunks: list[bytes] = []
        self.pause = 0.0
        self.repeats = 1

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Send the chunks, the last one as often as `repeats` says, and close."""
        self.sent = 0
        try:
            await reader.readuntil(b"\r\n\r\n")
            *first, last = self.chunks
            for chunk in (*first, *[last] * self.repeats):
                writer.write(chunk)
                await writer.drain()
                self.sent += len(chunk)
                await asyncio.sleep(self.pause)
            writer.close()
        except (ConnectionError, asyncio.IncompleteReadError):
            writer.close()

    def call(self, most: int = MEGABYTE, seconds: float = 5) -> RemoteCall:
        """Return a call of the host for a PDF document."""
        url = f"http://127.0.0.1:{self.port}/1.pdf"
        return RemoteCall(url, {}, None, most, begins=b"%PDF-", seconds=seconds)


@asynccontextmanager
async def serving() -> AsyncIterator[RawHost]:
    """Serve on a port of this machine."""
    host = RawHost()
    server = await asyncio.start_server(host.answer, "127.0.0.1", 0)
    host.port = server.sockets[0].getsockname()[1]
    yield host
    server.close()
    server.close_clients()
    await server.wait_closed()


@pytest.fixture
async def host() -> AsyncIterator[RawHost]:
    """Give a host."""
    async with serving() as host:
        yield host


@pytest.fixture
async def hosts() -> AsyncIterator[HTTPRemoteContentHosts]:
    """Give a client that holds four megabytes at most."""
    hosts = HTTPRemoteContentHosts(GuardedHTTP(on_this_machine=True), most_held=4 * MEGABYTE)
    yield hosts
    await hosts.close()


async def fault(hosts: HTTPRemoteContentHosts, call: RemoteCall) -> str:
    """Return the reason why the call has no answer."""
    with pytest.raises(RemoteCallError) as raised:
        await hosts.get(call)
    return raised.value.fault


async def outcome(hosts: HTTPRemoteContentHosts, call: RemoteCall) -> str:
    """Return the body, or the reason why there is none."""
    try:
        return (await hosts.get(call)).body.decode()
    except RemoteCallError as error:
        return error.fault


@pytest.mark.parametrize("length", [str(LARGE), "", "5"])
async def test_a_document_of_500_megabytes_is_not_read(
    host: RawHost, hosts: HTTPRemoteContentHosts, length: str
) -> None:
    """Nothing of an announced one is read, and little more than the limit of another.

    Of a host that announces five bytes and sends more, five bytes are read, or it is none.
    """
    announced = f"Content-Length: {length}\r\n" if length else ""
    host.chunks = [HEAD + announced.encode() + b"Connection: close\r\n\r\n%PDF-", b" " * MEGABYTE]
    host.repeats = 500

    lies = {"%PDF-", "UNREACHABLE"}
    assert await outcome(hosts, host.call()) in (lies if length == "5" else {"TOO_LONG"})
    await asyncio.sleep(0.05)
    assert host.sent < 20 * MEGABYTE
    # the next call has a connection of its own
    host.chunks, host.repeats = [HEAD + b"Content-Length: 6\r\n\r\n%PDF-1"], 1
    assert (await hosts.get(host.call())).body == b"%PDF-1"


@pytest.mark.parametrize(
    "begun",
    [
        HEAD + b"Content-Length: 1000\r\n\r\n%PDF-1",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n6\r\n%PDF-1\r\n",
        HEAD + b"Content-Length: -5\r\n\r\n%PDF-1",
        HEAD + b"Content-Le",
        b"",
        b"SSH-2.0-OpenSSH\r\n",
    ],
)
async def test_an_answer_that_is_cut_in_the_middle_is_none(
    host: RawHost, hosts: HTTPRemoteContentHosts, begun: bytes
) -> None:
    """No part of a document passes for the whole."""
    host.chunks = [begun]

    assert await fault(hosts, host.call()) == "UNREACHABLE"


@pytest.mark.parametrize(
    "chunks",
    [[b""], [HEAD, b""], [HEAD, b"X: y\r\n"], [HEAD + b"Content-Length: 999\r\n\r\n%PDF-", b"x"]],
)
async def test_a_host_that_hangs_or_trickles_has_its_time(
    host: RawHost, hosts: HTTPRemoteContentHosts, chunks: list[bytes]
) -> None:
    """The time is that of the whole call, whenever bytes come."""
    host.chunks, host.repeats, host.pause = chunks, 100, 0.05
    started = asyncio.get_running_loop().time()

    assert await fault(hosts, host.call(seconds=0.2)) == "TIMEOUT"
    assert asyncio.get_running_loop().time() - started < 2


async def test_what_does_not_begin_as_it_must_is_not_read_to_its_end(
    host: RawHost, hosts: HTTPRemoteContentHosts
) -> None:
    """The caller sees the beginning, and refuses it."""
    host.chunks = [HEAD + b"\r\n<html>", b"x" * 65_536]
    host.repeats = 500

    answer = await hosts.get(host.call(most=3 * MEGABYTE))

    assert answer.body.startswith(b"<html>")
    assert len(answer.body) < MEGABYTE


async def test_a_process_holds_a_limited_number_of_bytes(
    host: RawHost, hosts: HTTPRemoteContentHosts
) -> None:
    """A second large document at a time is refused, and a small one is read meanwhile."""
    size = 3 * MEGABYTE
    head = HEAD + f"Content-Length: {size}\r\n\r\n%PDF-".encode()
    host.chunks, host.pause = [head, b"x" * (size - 5)], 0.2
    call = host.call(most=size)
    first = asyncio.create_task(hosts.get(call))
    await asyncio.sleep(0.1)

    with pytest.raises(NoRoomError) as raised:
        await hosts.get(call)
    assert raised.value.retry_after == 2
    async with serving() as other:
        other.chunks = [HEAD + b"Content-Length: 6\r\n\r\n%PDF-1"]
        assert (await hosts.get(other.call())).body == b"%PDF-1"
    assert len((await first).body) == size
    # the room is given back, also after a failure
    assert await fault(hosts, replace(call, most=5)) == "TOO_LONG"
    assert len((await hosts.get(call)).body) == size
