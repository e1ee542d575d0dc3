"""Senders' hosts of remote content over HTTP, through the guard."""

import contextlib
import os
import ssl
import tempfile
from collections.abc import Iterator

from lib.adapters.outbound.guarded_http import GuardedHTTP, NoAnswerError
from lib.domain.attachments.room import Room
from lib.ports.senders.hosts import MutualTLS, RemoteAnswer, RemoteCall, RemoteCallError


class HTTPRemoteContentHosts:
    """The client of senders' hosts, which calls them through the guard.

    `most_held`: the most bytes of all answers that are read at a time.
    """

    def __init__(self, http: GuardedHTTP, *, most_held: int) -> None:
        self._http = http
        self._room = Room(most_held)

    async def get(self, call: RemoteCall) -> RemoteAnswer:
        """Return the host's answer; see lib.ports."""
        try:
            tls = None if call.tls is None else _context(call.tls)
        except (ssl.SSLError, ValueError):
            raise RemoteCallError("TLS") from None
        try:
            answer = await self._http.fetch(
                call.url,
                call.headers,
                most=call.most,
                is_cut=call.beginning_only,
                begins=call.begins,
                seconds=call.seconds,
                tls=tls,
                room=self._room,
            )
        except NoAnswerError as error:
            raise RemoteCallError(error.fault) from None
        headers = answer.headers
        return RemoteAnswer(
            answer.status,
            answer.media_type,
            answer.body,
            etag=headers.get("ETag", ""),
            last_modified=headers.get("Last-Modified", ""),
            retry_after=headers.get("Retry-After", ""),
        )

    async def close(self) -> None:
        """Release the connections."""
        await self._http.close()


def _context(tls: MutualTLS) -> ssl.SSLContext:
    context = ssl.create_default_context(cadata=tls.server_ca)
    with _file(f"{tls.client_cert}\n{tls.client_key}") as path:
        context.load_cert_chain(path)
    return context


@contextlib.contextmanager
def _file(text: str) -> Iterator[str]:
    """Give the path of a file with the text, since OpenSSL reads a private key from a file only.

    On Linux the file is in memory, so the key is written to no disk.
    """
    if hasattr(os, "memfd_create"):
        with os.fdopen(os.memfd_create("certificate"), "w") as file:
            file.write(text)
            file.flush()
            yield f"/proc/self/fd/{file.fileno()}"
    else:
        with tempfile.NamedTemporaryFile("w") as kept:
            kept.write(text)
            kept.flush()
            yield kept.name
