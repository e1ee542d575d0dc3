"""The client of clamd: every answer but OK is no clean file."""

import asyncio
import contextlib
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from lib.adapters.outbound.clamd import ClamAV
from lib.ports.errors import UnavailableError

type Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
CONTENT = bytes(range(256)) * 3000


async def blocks(content: bytes = CONTENT) -> AsyncIterator[bytes]:
    """Yield a file in blocks of odd sizes."""
    for start in range(0, len(content), 300_001):
        yield content[start : start + 300_001]


class Clamd:
    """A daemon that reads a whole stream, and answers as it is told."""

    def __init__(self, answer: bytes | None, *, at_most: int | None = None) -> None:
        self._answer, self._at_most = answer, at_most
        self.received = bytearray()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection, as clamd does."""
        with contextlib.suppress(ConnectionError):
            assert await reader.readexactly(10) == b"zINSTREAM\0"
            while size := struct.unpack(">I", await reader.readexactly(4))[0]:
                self.received += await reader.readexactly(size)
                if self._at_most is not None and len(self.received) > self._at_most:
                    break
            if self._answer is not None:
                writer.write(self._answer)
                await writer.drain()
        writer.close()


@contextlib.asynccontextmanager
async def listening(serve: Serve, folder: Path) -> AsyncIterator[str]:
    """Give the address of a server on a unix socket."""
    server = await asyncio.start_unix_server(serve, folder / "clamd.ctl")
    async with server:
        yield f"unix://{folder}/clamd.ctl"


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (b"stream: OK\0", None),
        (b"stream: Win.Test.EICAR_HDB-1 FOUND\0", "Win.Test.EICAR_HDB-1"),
        (b"stream: OK FOUND\0", "OK"),
    ],
)
async def test_clamd_gives_a_verdict(tmp_path: Path, answer: bytes, expected: str | None) -> None:
    """It gets all bytes in their order."""
    clamd = Clamd(answer)
    async with listening(clamd.serve, tmp_path) as address:
        assert await ClamAV(address).scan(blocks()) == expected

    assert bytes(clamd.received) == CONTENT


@pytest.mark.parametrize(
    "answer",
    [
        b"INSTREAM size limit exceeded. ERROR\0",
        b"stream: \0",
        b"\0",
        b"UNKNOWN COMMAND\0",
        b"stream: OK",
        b"",
        b"x" * 10_000,
    ],
)
async def test_what_is_no_verdict_is_an_outage(tmp_path: Path, answer: bytes) -> None:
    """A cut answer, too: OK without its end is not said."""
    async with listening(Clamd(answer).serve, tmp_path) as address:
        with pytest.raises(UnavailableError):
            await ClamAV(address).scan(blocks())


async def test_a_stream_that_is_too_long_for_clamd_is_an_outage(tmp_path: Path) -> None:
    """It answers and hangs up while the file is on its way."""
    clamd = Clamd(b"INSTREAM size limit exceeded. ERROR\0", at_most=1000)
    async with listening(clamd.serve, tmp_path) as address:
        with pytest.raises(UnavailableError):
            await ClamAV(address).scan(blocks())


async def test_a_silent_clamd_is_an_outage(tmp_path: Path) -> None:
    """After the time that a verdict may take."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    async with listening(serve, tmp_path) as address:
        with pytest.raises(UnavailableError):
            await ClamAV(address, verdict_seconds=0.05).scan(blocks(b"x"))


async def test_a_clamd_that_is_away_is_an_outage(tmp_path: Path) -> None:
    """By either way of reaching it."""
    for address in (f"unix://{tmp_path}/nobody.ctl", "tcp://127.0.0.1:1"):
        with pytest.raises(UnavailableError):
            await ClamAV(address).scan(blocks())
