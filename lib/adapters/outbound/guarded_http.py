"""Call URLs of senders, on the public internet only.

A host name is looked up once for a connection. All its addresses must be public, and the connection
uses one of them, with the name in TLS and in the Host header. No error contains the URL.
"""

import asyncio
import contextlib
import re
import socket
import threading
from collections.abc import Callable, Iterable, Mapping
from ssl import SSLContext
from typing import Final

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from lib.adapters.outbound.public_address import is_public
from lib.ports.errors import UnavailableError

MAX_CALL_SECONDS: Final = 5
"""The seconds of a whole call: wait, look-up, connection and answer."""
MAX_BYTES: Final = 64 * 1024
CONNECTIONS: Final = 32
CONNECTIONS_PER_HOST: Final = 4
LOOKUPS: Final = 64
"""The most threads for look-ups.

A look-up of the system cannot be stopped. So a look-up without a waiter occupies its thread until
the system gives up, which takes at most half a minute.
"""

_PLAIN: Final = re.compile(r"[!-~]+")
_HOST_NAME: Final = re.compile(r"(?:[0-9A-Za-z-]{1,63}\.)+[A-Za-z][0-9A-Za-z-]{0,62}")
"""A host name whose last label begins with a letter, which excludes all forms of addresses."""

type Lookup = Callable[[str], Iterable[str]]


def addresses_of(host: str) -> list[str]:
    """Return a host's addresses, as the system finds them."""
    found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return [str(entry[4][0]) for entry in found]


class _Resolver(AbstractResolver):
    def __init__(self, lookup: Lookup, admits: Callable[[str], bool]) -> None:
        self._lookup, self._admits = lookup, admits
        self._running = threading.BoundedSemaphore(LOOKUPS)

    async def resolve(
        self,
        host: str,
        port: int = 0,
        family: socket.AddressFamily = socket.AF_INET,  # noqa: ARG002 - both are looked up
    ) -> list[ResolveResult]:
        """Return all addresses; raise OSError if an address is not public."""
        addresses = await self._looked_up(host)
        if not addresses or not all(self._admits(address) for address in addresses):
            raise OSError("not a public host")
        return [
            ResolveResult(
                hostname=host,
                host=address,
                port=port,
                family=socket.AF_INET6 if ":" in address else socket.AF_INET,
                proto=0,
                flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
            )
            for address in addresses
        ]

    async def _looked_up(self, host: str) -> list[str]:
        """Look up in a daemon thread: neither a cancelled caller nor the exit waits for it."""
        if not self._running.acquire(blocking=False):
            raise OSError("too many look-ups without an answer")
        loop = asyncio.get_running_loop()
        found: asyncio.Future[list[str]] = loop.create_future()

        def settle(addresses: list[str] | None, error: Exception | None) -> None:
            if found.done():
                return
            if error is not None:
                found.set_exception(error)
            else:
                found.set_result(addresses or [])

        def look() -> None:
            addresses, fault = None, None
            try:
                addresses = list(self._lookup(host))
            except Exception as error:  # noqa: BLE001 - raised by the await of the future
                fault = error
            finally:
                self._running.release()
            with contextlib.suppress(RuntimeError):
                # the loop may have ended meanwhile
                loop.call_soon_threadsafe(settle, addresses, fault)

        try:
            threading.Thread(target=look, name="lookup", daemon=True).start()
        except RuntimeError:
            self._running.release()
            raise OSError("no thread for a look-up") from None
        return await found

    async def close(self) -> None:
        """Leave running look-ups to their threads."""


class GuardedHTTP:
    """A client for senders' URLs, which opens on first use in the event loop of that use.

    The arguments are for tests, which call their own machine. No setting changes them.
    """

    def __init__(
        self,
        *,
        lookup: Lookup = addresses_of,
        admits: Callable[[str], bool] = is_public,
        port: int = 443,
        trusted: SSLContext | None = None,
    ) -> None:
        self._lookup, self._admits, self._port, self._trusted = lookup, admits, port, trusted
        self._resolver: _Resolver | None = None
        self._session: aiohttp.ClientSession | None = None

    async def get(self, url: str, headers: Mapping[str, str]) -> tuple[int, bytes]:
        """Return status and body, also of a redirect; raise UnavailableError.

        The URL is sent unchanged, since it may be signed.
        """
        target = self._checked(url)
        try:
            async with self._opened().get(
                target, headers=headers, allow_redirects=False
            ) as response:
                return response.status, await _read(response)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            msg = f"a sender's host did not answer: {type(error).__name__}"
            raise UnavailableError(msg) from None

    async def post(
        self, url: str, headers: Mapping[str, str], form: Mapping[str, str]
    ) -> tuple[int, bytes]:
        """Post a form; return status and body as `get` does; raise UnavailableError."""
        target = self._checked(url)
        try:
            async with self._opened().post(
                target, headers=headers, data=dict(form), allow_redirects=False
            ) as response:
                return response.status, await _read(response)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            msg = f"a host did not answer: {type(error).__name__}"
            raise UnavailableError(msg) from None

    async def close(self) -> None:
        """Release the connections."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()
        # a connector does not close a resolver that it got as an argument
        if self._resolver is not None:
            await self._resolver.close()

    def _checked(self, url: str) -> URL:
        try:
            target = URL(url, encoded=True)
            allowed = (
                _PLAIN.fullmatch(url)
                and target.scheme == "https"
                and target.port == self._port
                and target.raw_user is None
                and target.raw_password is None
                and _HOST_NAME.fullmatch(target.raw_host or "")
            )
        except ValueError:
            allowed = None
        if not allowed:
            raise UnavailableError("a sender's URL is not allowed")
        return target

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._resolver = _Resolver(self._lookup, self._admits)
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(
                    limit=CONNECTIONS,
                    limit_per_host=CONNECTIONS_PER_HOST,
                    resolver=self._resolver,
                    use_dns_cache=False,
                    ssl=self._trusted or True,
                ),
                cookie_jar=aiohttp.DummyCookieJar(),
                # no decompression: a small body could unpack to a very large body
                auto_decompress=False,
                headers={"Accept-Encoding": "identity", "User-Agent": "Recapito"},
                timeout=aiohttp.ClientTimeout(total=MAX_CALL_SECONDS),
                trust_env=False,
            )
        return self._session


async def _read(response: aiohttp.ClientResponse) -> bytes:
    read = bytearray()
    async for chunk in response.content.iter_chunked(MAX_BYTES):
        read += chunk
        if len(read) > MAX_BYTES:
            response.close()
            raise UnavailableError("the answer of a sender's host is too long")
    return bytes(read)
