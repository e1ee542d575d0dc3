"""The scanner ClamAV: its daemon clamd, by TCP or a unix socket (command INSTREAM)."""

import asyncio
import contextlib
import struct
from collections.abc import AsyncIterable, AsyncIterator
from typing import Final
from urllib.parse import urlsplit

from lib.ports.errors import UnavailableError

PORT: Final = 3310
CONNECT_SECONDS: Final = 5.0
WRITE_SECONDS: Final = 30.0
"""The time for a block to be taken."""
VERDICT_SECONDS: Final = 120.0
_BLOCK: Final = 256 * 1024
_LONGEST: Final = 4096
_FOUND: Final = " FOUND"
_FAULTS: Final = (
    OSError,
    TimeoutError,
    asyncio.IncompleteReadError,
    asyncio.LimitOverrunError,
)


class ClamAV:
    """A scanner that asks clamd, with a connection for each file.

    A file without a verdict is not clean: every other answer than OK and FOUND is an outage. clamd
    ends the stream at its `StreamMaxLength`, which must be above the size of the largest file.
    """

    def __init__(self, address: str, *, verdict_seconds: float = VERDICT_SECONDS) -> None:
        self._address = urlsplit(address)
        self._verdict_seconds = verdict_seconds

    async def scan(self, blocks: AsyncIterable[bytes]) -> str | None:
        """Return the name of the malware; see lib.ports.files.scanner."""
        try:
            async with self._connected() as (reader, writer):
                return _verdict(await self._ask(reader, writer, blocks))
        except _FAULTS as error:
            raise UnavailableError(f"clamd: {type(error).__name__}") from error

    async def _ask(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        blocks: AsyncIterable[bytes],
    ) -> str:
        writer.write(b"zINSTREAM\0")
        try:
            async for block in blocks:
                for start in range(0, len(block), _BLOCK):
                    part = block[start : start + _BLOCK]
                    writer.write(struct.pack(">I", len(part)))
                    writer.write(part)
                    async with asyncio.timeout(WRITE_SECONDS):
                        await writer.drain()
            writer.write(struct.pack(">I", 0))
            async with asyncio.timeout(WRITE_SECONDS):
                await writer.drain()
        except (BrokenPipeError, ConnectionResetError):
            # clamd has refused the stream, and its answer may say why
            pass
        async with asyncio.timeout(self._verdict_seconds):
            answer = await reader.readuntil(b"\0")
        return answer.rstrip(b"\0").decode(errors="replace").strip()

    @contextlib.asynccontextmanager
    async def _connected(
        self,
    ) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
        address = self._address
        async with asyncio.timeout(CONNECT_SECONDS):
            if address.scheme == "unix":
                reader, writer = await asyncio.open_unix_connection(address.path, limit=_LONGEST)
            else:
                reader, writer = await asyncio.open_connection(
                    address.hostname, address.port or PORT, limit=_LONGEST
                )
        try:
            yield reader, writer
        finally:
            writer.transport.abort()

    async def close(self) -> None:
        """Do nothing: no connection stays open."""


def _verdict(answer: str) -> str | None:
    told = answer.removeprefix("stream:").strip()
    if told == "OK":
        return None
    if told.endswith(_FOUND):
        return told.removesuffix(_FOUND)
    # such as "INSTREAM size limit exceeded. ERROR"
    raise UnavailableError(f"clamd gave no verdict: {told[:100]}")
