"""Read the bodies of requests within limits of size and time."""

import asyncio
from typing import Final

from aiohttp import web
from aiohttp.streams import StreamReader
from aiohttp.web_protocol import RequestPayloadError

BODY_SECONDS: Final = 30.0
LAST_SECONDS: Final = 1.0
"""The seconds for half-sent bodies when the host stops."""


class BodyError(Exception):
    """A body that is refused, with the status and the detail of the answer."""

    def __init__(self, status: int, detail: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(detail)
        self.status, self.detail, self.headers = status, detail, headers or {}


class Bodies:
    """The reader of the bodies of a worker's requests."""

    def __init__(self, seconds: float = BODY_SECONDS) -> None:
        self._seconds = seconds
        self._stopping = False
        self._reading: set[asyncio.Timeout] = set()

    def hasten(self) -> None:
        """Give every body one second from now."""
        self._stopping = True
        self._seconds = LAST_SECONDS
        for timeout in self._reading:
            timeout.reschedule(asyncio.get_running_loop().time() + LAST_SECONDS)

    @staticmethod
    def check(request: web.BaseRequest, limit: int) -> None:
        """Check the headers of a body.

        Raises: BodyError (413, 415).
        """
        if (request.content_length or 0) > limit:
            raise _too_large(limit)
        encoding = request.headers.get("content-encoding")
        # examples of PDND's clients name the character set as the encoding
        if encoding is not None and encoding.strip().lower() not in {"identity", "utf-8"}:
            raise BodyError(
                415,
                "Send the body as it is, without the header Content-Encoding.",
                {"Accept-Encoding": "identity"},
            )

    async def read(self, request: web.BaseRequest, limit: int) -> bytes:
        """Return the body.

        Raises: BodyError (400, 408, 413, 415, 503).
        """
        self.check(request, limit)
        if "expect" in request.headers and request.transport is not None:
            # The client waits for this answer before it sends the body.
            request.transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        content = request.content
        try:
            if content.total_bytes == request.content_length:
                return await content.read()
            return await self._wait(content, limit)
        except RequestPayloadError:
            raise BodyError(400, "The body is not framed as its headers say.") from None

    async def _wait(self, content: StreamReader, limit: int) -> bytes:
        parts, size = [], 0
        try:
            async with asyncio.timeout(self._seconds) as timeout:
                self._reading.add(timeout)
                try:
                    while part := await content.readany():
                        size += len(part)
                        if size > limit:
                            raise _too_large(limit)
                        parts.append(part)
                finally:
                    self._reading.discard(timeout)
        except TimeoutError:
            if self._stopping:
                raise BodyError(
                    503, "The host stops; send the request again.", {"Retry-After": "1"}
                ) from None
            raise BodyError(
                408, f"The body did not come within {self._seconds:.0f} seconds."
            ) from None
        return b"".join(parts)


def _too_large(limit: int) -> BodyError:
    return BodyError(413, f"The body may have at most {limit} bytes.")
