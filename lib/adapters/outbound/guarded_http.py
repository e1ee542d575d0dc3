"""Call URLs of senders, on the public internet only.

A host name is looked up once for a connection. All its addresses must be public, and the connection
uses one of them, with the name in TLS and in the Host header. No error contains the URL.
"""

import re
import ssl
from collections.abc import Callable, Mapping
from ssl import SSLContext
from typing import Final, NamedTuple

import aiohttp
from yarl import URL

from lib.adapters.outbound.guard.body import TooLongError, read_body
from lib.adapters.outbound.guard.public_address import (
    Lookup,
    NotPublicError,
    PublicResolver,
    addresses_of,
    is_public,
)
from lib.domain.attachments.room import Room
from lib.ports.errors import UnavailableError
from lib.ports.senders.hosts import CallFault

MAX_CALL_SECONDS: Final = 5
"""The seconds of a whole call by default: wait, look-up, connection and answer."""
MAX_BYTES: Final = 64 * 1024
CONNECTIONS: Final = 32
CONNECTIONS_PER_HOST: Final = 4
_PLAIN: Final = re.compile(r"[!-~]+")
_HOST_NAME: Final = re.compile(r"(?:[0-9A-Za-z-]{1,63}\.)+[A-Za-z][0-9A-Za-z-]{0,62}")
"""A host name whose last label begins with a letter, which excludes all forms of addresses."""

_THIS_MACHINE: Final = "127.0.0.1"


class NoAnswerError(UnavailableError):
    """A sender's host gave no answer that can be used. `fault`: the reason."""

    def __init__(self, message: str, fault: CallFault) -> None:
        super().__init__(message)
        self.fault = fault


class Fetched(NamedTuple):
    """An answer: `body` may be cut, see `GuardedHTTP.fetch`."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def media_type(self) -> str:
        """The content type in lower case, without parameters; "" if absent."""
        return self.headers.get("Content-Type", "").partition(";")[0].strip().lower()


class GuardedHTTP:
    """A client for senders' URLs, which opens on first use in the event loop of that use.

    `seconds`: of a whole call. `on_this_machine`: the sandbox also calls this machine, without TLS
    and at any port. `login`: user and password, where a host asks for them (Digest). The other
    arguments are for tests, which call their own machine.
    """

    def __init__(
        self,
        *,
        lookup: Lookup = addresses_of,
        admits: Callable[[str], bool] = is_public,
        port: int = 443,
        trusted: SSLContext | None = None,
        on_this_machine: bool = False,
        seconds: float | None = None,
        login: tuple[str, str] | None = None,
    ) -> None:
        self._login = login
        self._on_this_machine, self._seconds = on_this_machine, seconds
        self._lookup, self._admits, self._port, self._trusted = lookup, admits, port, trusted
        self._resolver: PublicResolver | None = None
        self._session: aiohttp.ClientSession | None = None

    async def get(self, url: str, headers: Mapping[str, str]) -> tuple[int, bytes]:
        """Return status and body, also of a redirect; raise UnavailableError.

        The URL is sent unchanged, since it may be signed.
        """
        answer = await self.fetch(url, headers)
        return answer.status, answer.body

    async def fetch(
        self,
        url: str,
        headers: Mapping[str, str],
        *,
        most: int = MAX_BYTES,
        is_cut: bool = False,
        begins: bytes = b"",
        seconds: float | None = None,
        tls: SSLContext | None = None,
        room: Room | None = None,
    ) -> Fetched:
        """Return the answer, also of a redirect; raise NoAnswerError, NoRoomError.

        `most`: the most bytes of the body; a longer body is cut there if `is_cut`, else refused.
        `begins`: a body that begins otherwise is cut after its beginning. `seconds`: of this call.
        `tls`: the certificates of this call, in place of the client's own. `room`: where the bytes
        of the body are counted while it is read.
        """
        target = self._checked(url)
        try:
            session = self._opened()
            async with session.get(
                target,
                headers=headers,
                allow_redirects=False,
                ssl=tls or True,
                timeout=self._timeout(seconds),
            ) as response:
                body = await read_body(response, most, is_cut=is_cut, begins=begins, room=room)
                return Fetched(response.status, response.headers, body)
        except TooLongError:
            raise NoAnswerError("the answer of a sender's host is too long", "TOO_LONG") from None
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            msg = f"a sender's host did not answer: {type(error).__name__}"
            raise NoAnswerError(msg, _fault(error)) from None

    async def post(
        self, url: str, headers: Mapping[str, str], content: Mapping[str, str] | bytes
    ) -> tuple[int, bytes]:
        """Post a form or bytes; return status and body as `get` does; raise UnavailableError."""
        target = self._checked(url)
        try:
            async with self._opened().post(
                target, headers=headers, data=content, allow_redirects=False
            ) as response:
                return response.status, await read_body(response, MAX_BYTES)
        except (aiohttp.ClientError, TimeoutError, OSError, TooLongError) as error:
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
            allowed = _PLAIN.fullmatch(url) and (
                self._is_this_machine(target)
                or (
                    target.scheme == "https"
                    and target.port == self._port
                    and target.raw_user is None
                    and target.raw_password is None
                    and _HOST_NAME.fullmatch(target.raw_host or "")
                )
            )
        except ValueError:
            allowed = None
        if not allowed:
            raise NoAnswerError("a sender's URL is not allowed", "HOST_NOT_PUBLIC")
        return target

    def _is_this_machine(self, target: URL) -> bool:
        return self._on_this_machine and target.scheme == "http" and target.host == _THIS_MACHINE

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._resolver = PublicResolver(self._lookup, self._admits)
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
                timeout=self._timeout(None),
                trust_env=False,
                middlewares=(aiohttp.DigestAuthMiddleware(*self._login),) if self._login else (),
            )
        return self._session

    def _timeout(self, seconds: float | None) -> aiohttp.ClientTimeout:
        return aiohttp.ClientTimeout(total=seconds or self._seconds or MAX_CALL_SECONDS)


def _fault(error: Exception) -> CallFault:
    if isinstance(error, TimeoutError):
        return "TIMEOUT"
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        is_public = not isinstance(error.os_error, NotPublicError)
        return "HOST_NOT_FOUND" if is_public else "HOST_NOT_PUBLIC"
    if isinstance(error, aiohttp.ClientSSLError | ssl.SSLError):
        return "TLS"
    return "UNREACHABLE"
