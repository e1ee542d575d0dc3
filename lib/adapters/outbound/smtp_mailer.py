"""E-mail by SMTP (RFC 5321): one connection for each e-mail, and an answer to each step.

A fault before the recipient is named concerns this app and is temporary: a password, a quota, a
certificate. After DATA, a missing answer means that the server may have accepted the e-mail.
"""

import asyncio
import contextlib
import ssl
from dataclasses import dataclass, field
from email.headerregistry import Address
from functools import cached_property
from typing import Final, Literal

import aiosmtplib

from lib.adapters.outbound.mime import address_of, written
from lib.ports.clock import Clock
from lib.ports.errors import UnavailableError
from lib.ports.mailer import Mail
from lib.ports.send_errors import DeferredError, NotSentError, RefusedError

CONNECTIONS: Final = 16
ANSWER_SECONDS: Final = 15
"""The seconds of each step: a server may take some time to check an e-mail."""

_FAILURES: Final = (aiosmtplib.SMTPException, OSError, ValueError)
_CLOSING: Final = 421
"""The reply of a server that takes no more mail."""
_REFUSED_FROM: Final = 400
_REFUSED_FOR_GOOD: Final = 500
"""Replies from these codes on are temporary and final refusals; lower replies are not refusals."""

Security = Literal["starttls", "tls", "none"]


@dataclass(frozen=True, slots=True)
class MailServer:
    """An SMTP server; without a user there is no login. `sender` is the address From."""

    host: str
    port: int
    security: Security
    sender: Address
    user: str = ""
    password: str = field(default="", repr=False)


class SMTPMailer:
    """A mailer on one SMTP server; `trusted` replaces the system's certificate authorities."""

    def __init__(
        self,
        server: MailServer,
        clock: Clock,
        *,
        trusted: ssl.SSLContext | None = None,
        answer_seconds: float = ANSWER_SECONDS,
    ) -> None:
        self._server = server
        self._clock = clock
        self._trusted = trusted
        self._answer_seconds = answer_seconds
        self._free = asyncio.Semaphore(CONNECTIONS)

    async def send(self, mail: Mail) -> None:
        """Send an e-mail; see lib.ports.mailer. No error repeats the text of the server."""
        sender, to = self._server.sender, address_of(mail.to)
        content = written(mail, sender=sender, to=to, now=self._clock.now())
        async with self._free:
            client = self._client(sender.domain)
            try:
                await self._offer(client, sender.addr_spec, to.addr_spec)
                await _hand_over(client, content)
                # the server has the e-mail, so a later failure must not lead to a second send
                with contextlib.suppress(*_FAILURES):
                    await client.quit()
            finally:
                client.close()

    async def _offer(self, client: aiosmtplib.SMTP, sender: str, to: str) -> None:
        try:
            await client.connect()
            await client.mail(sender)
        except _FAILURES as error:
            raise NotSentError(_reason(error)) from None
        try:
            await client.rcpt(to)
        except aiosmtplib.SMTPResponseException as error:
            raise _refused(error) from None
        except _FAILURES as error:
            raise NotSentError(_reason(error)) from None

    def _client(self, name: str) -> aiosmtplib.SMTP:
        server = self._server
        return aiosmtplib.SMTP(
            hostname=server.host,
            port=server.port,
            username=server.user or None,
            password=server.password if server.user else None,
            # without a name, the library would look up the name of the machine and wait for it
            local_hostname=name,
            timeout=self._answer_seconds,
            use_tls=server.security == "tls",
            start_tls=server.security == "starttls",
            tls_context=None if server.security == "none" else self._context,
        )

    @cached_property
    def _context(self) -> ssl.SSLContext:
        return self._trusted or ssl.create_default_context()


async def _hand_over(client: aiosmtplib.SMTP, content: bytes) -> None:
    try:
        await client.data(content)
    except aiosmtplib.SMTPResponseException as error:
        raise _refused(error) from None
    except _FAILURES as error:
        raise UnavailableError(_reason(error)) from None


def _refused(error: aiosmtplib.SMTPResponseException) -> Exception:
    if error.code >= _REFUSED_FOR_GOOD:
        return RefusedError(_reason(error))
    if error.code == _CLOSING:
        return NotSentError(_reason(error))
    if error.code >= _REFUSED_FROM:
        return DeferredError(_reason(error))
    return UnavailableError(_reason(error))


def _reason(error: Exception) -> str:
    code = f" {error.code}" if isinstance(error, aiosmtplib.SMTPResponseException) else ""
    return f"mail server: {type(error).__name__}{code}"
