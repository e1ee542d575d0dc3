"""E-mail to a real SMTP server of this machine, and the meaning of each of its answers."""

import asyncio
import email
import ssl
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email import policy
from email.headerregistry import Address
from pathlib import Path
from typing import Any, cast

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from lib.adapters.outbound.smtp_mailer import MailServer, SMTPMailer
from lib.domain.shared.identifiers import MessageId
from lib.ports.errors import UnavailableError
from lib.ports.mailer import Mail
from lib.ports.send_errors import DeferredError, NotSentError, RefusedError
from tests.doubles.clock import StillClock

pytestmark = pytest.mark.slow


MAIL = Mail(
    id="01J0000000000000000000000A-MESSAGE-EMAIL",
    to="emails@example.org",
    language="it",
    subject="Hai un nuovo messaggio",
    text="Entra nell'app\n.\nQUIT\n",
    html="<p>Entra nell'app</p>",
    message_id=MessageId("01J0000000000000000000000A"),
    unsubscribe="https://recapito.example/api/mail/v1/unsubscribe/token",
)
SENDER = Address("Recapito", "no-reply", "ente.example")


@dataclass
class Handler:
    """A server's scripted answers, which keeps the e-mails; `hang_up` cuts the connection."""

    answers: dict[str, str] = field(default_factory=dict)
    hang_up: str = ""
    taken: list[Envelope] = field(default_factory=list)
    users: list[bytes] = field(default_factory=list)

    def _answer(self, server: SMTP, step: str, ok: str) -> str:
        if self.hang_up == step:
            cast("asyncio.Transport", server.transport).abort()
        return self.answers.get(step, ok)

    async def handle_MAIL(  # noqa: N802 - the library's name
        self, server: SMTP, _: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Answer to MAIL FROM."""
        envelope.mail_from = address
        return self._answer(server, "MAIL", "250 OK")

    async def handle_RCPT(  # noqa: N802 - the library's name
        self, server: SMTP, _: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Answer to RCPT TO."""
        envelope.rcpt_tos.append(address)
        return self._answer(server, "RCPT", "250 OK")

    async def handle_DATA(  # noqa: N802 - the library's name
        self, server: SMTP, _: Session, envelope: Envelope
    ) -> str:
        """Answer to DATA."""
        self.taken.append(envelope)
        if self.hang_up == "SILENCE":
            await asyncio.sleep(2)
        return self._answer(server, "DATA", "250 OK")

    async def handle_QUIT(self, server: SMTP, *_: Any) -> str:  # noqa: N802 - the library's name
        """Answer to QUIT."""
        return self._answer(server, "QUIT", "221 Bye")

    def authenticator(self, *arguments: Any) -> AuthResult:
        """Accept one user."""
        login = cast("LoginPassword", arguments[-1])
        self.users.append(login.login)
        return AuthResult(success=login == LoginPassword(b"user", b"word"))


class PlainServer(Controller):
    """A server on a port of its own."""

    def __init__(self, handler: Handler, **options: Any) -> None:
        super().__init__(handler, hostname="127.0.0.1", port=0, **options)

    def _trigger_server(self) -> None:
        """Note the port before the library connects to it."""
        self.port = cast("asyncio.Server", self.server).sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]


@pytest.fixture
def handler() -> Handler:
    """Return a handler."""
    return Handler()


@pytest.fixture
def server(handler: Handler) -> Iterator[MailServer]:
    """Run a server without TLS."""
    controller = PlainServer(handler)
    controller.start()
    yield MailServer("127.0.0.1", controller.port, "none", SENDER)
    controller.stop()


def mailer(server: MailServer, **options: Any) -> SMTPMailer:
    """Return the mailer under test."""
    return SMTPMailer(server, StillClock(), **{"answer_seconds": 1, **options})


async def test_an_email_arrives_as_it_was_sent(handler: Handler, server: MailServer) -> None:
    """The server gets one recipient, the app's sender, and the whole content with its dots."""
    await mailer(server).send(MAIL)

    (envelope,) = handler.taken
    assert (envelope.mail_from, envelope.rcpt_tos) == ("no-reply@ente.example", [MAIL.to])
    assert isinstance(envelope.content, bytes)
    read = email.message_from_bytes(envelope.content, policy=policy.default)
    assert read["Message-ID"] == f"<{MAIL.id}@ente.example>"
    assert read["Date"] == "Mon, 23 Nov 2026 09:00:00 +0000"
    plain = read.get_body(("plain",))
    assert plain is not None
    assert plain.get_content().splitlines() == MAIL.text.splitlines()


@pytest.mark.parametrize(
    ("step", "answer", "error"),
    [
        ("MAIL", "451 4.3.0 later", NotSentError),
        ("MAIL", "530 5.7.0 log in first", NotSentError),
        ("RCPT", "450 4.2.1 emails@example.org is busy", DeferredError),
        ("RCPT", "550 5.1.1 emails@example.org is unknown", RefusedError),
        ("DATA", "451 4.3.0 later", DeferredError),
        ("RCPT", "421 4.3.2 shutting down", NotSentError),
        ("DATA", "554 5.7.1 spam of emails@example.org", RefusedError),
    ],
)
async def test_an_answer_decides_the_outcome_of_an_email(
    handler: Handler, server: MailServer, step: str, answer: str, error: type[Exception]
) -> None:
    """4xx is certainly not sent, and 5xx is never sent; no error quotes the answer."""
    handler.answers[step] = answer

    with pytest.raises(error) as caught:
        await mailer(server).send(MAIL)

    assert type(caught.value) is error
    assert "emails" not in str(caught.value)
    assert caught.value.__cause__ is None


@pytest.mark.parametrize(
    ("step", "error"),
    [
        ("MAIL", NotSentError),
        ("RCPT", NotSentError),
        ("DATA", UnavailableError),
        ("SILENCE", UnavailableError),
    ],
)
async def test_no_answer_is_a_doubt_from_data_on_alone(
    handler: Handler, server: MailServer, step: str, error: type[Exception]
) -> None:
    """Before DATA the server cannot have taken the e-mail."""
    handler.hang_up = step

    with pytest.raises(error) as caught:
        await mailer(server).send(MAIL)

    assert type(caught.value) is error


@pytest.mark.parametrize("answer", ["421 bye", "", "500 what"])
async def test_a_failure_after_the_server_took_an_email_does_not_count(
    handler: Handler, server: MailServer, answer: str
) -> None:
    """The server is then responsible for the e-mail."""
    if answer:
        handler.answers["QUIT"] = answer
    else:
        handler.hang_up = "QUIT"

    await mailer(server).send(MAIL)

    assert len(handler.taken) == 1


async def test_a_server_that_is_away_or_another_got_nothing(unused: int) -> None:
    """No server listens on the port, or the server there says nothing."""
    away = MailServer("127.0.0.1", unused, "none", SENDER)
    with pytest.raises(NotSentError):
        await mailer(away).send(MAIL)

    async def silent(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(1)
        writer.close()

    async with await asyncio.start_server(silent, "127.0.0.1", 0) as listening:
        port = listening.sockets[0].getsockname()[1]
        with pytest.raises(NotSentError):
            await mailer(replace(away, port=port), answer_seconds=0.2).send(MAIL)


@pytest.fixture
def unused() -> int:
    """Return a port on which no server listens any more."""
    controller = PlainServer(Handler())
    controller.start()
    controller.stop()
    return controller.port


async def test_an_address_of_no_form_is_refused_before_anything_is_sent(
    handler: Handler, server: MailServer
) -> None:
    """A command in an address reaches no server."""
    with pytest.raises(RefusedError):
        await mailer(server).send(replace(MAIL, to="a>\r\nRCPT TO:<b@example.org"))

    assert not handler.taken


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a key and a self-signed certificate for this machine."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "server.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return path


def serving(certificate: Path) -> ssl.SSLContext:
    """Return the server's side of TLS."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


@pytest.fixture
def encrypted(handler: Handler, certificate: Path) -> Iterator[MailServer]:
    """Run a server that takes no e-mail before STARTTLS and a login."""
    controller = PlainServer(
        handler,
        tls_context=serving(certificate),
        require_starttls=True,
        auth_required=True,
        authenticator=handler.authenticator,
    )
    controller.start()
    yield MailServer("localhost", controller.port, "starttls", SENDER, "user", "word")
    controller.stop()


async def test_starttls_and_a_login(
    handler: Handler, encrypted: MailServer, certificate: Path
) -> None:
    """The certificate is trusted."""
    trusted = ssl.create_default_context(cafile=str(certificate))

    await mailer(encrypted, trusted=trusted).send(MAIL)

    assert len(handler.taken) == 1
    assert handler.users == [b"user"]


async def test_a_password_that_is_not_taken_is_our_fault_and_passes(
    handler: Handler, encrypted: MailServer, certificate: Path
) -> None:
    """A rotated password costs no citizen an e-mail, and is in no error."""
    trusted = ssl.create_default_context(cafile=str(certificate))
    wrong = replace(encrypted, password="secret-word")

    with pytest.raises(NotSentError) as caught:
        await mailer(wrong, trusted=trusted).send(MAIL)

    assert "secret-word" not in f"{caught.value!r}{wrong!r}"
    assert not handler.taken


async def test_a_certificate_nobody_signed_gets_no_password_and_no_email(
    handler: Handler, encrypted: MailServer
) -> None:
    """The mailer verifies certificates."""
    with pytest.raises(NotSentError):
        await mailer(encrypted).send(MAIL)

    assert not handler.users
    assert not handler.taken


async def test_a_certificate_of_another_name_is_refused(
    handler: Handler, encrypted: MailServer, certificate: Path
) -> None:
    """The certificate is for localhost, not for its address."""
    trusted = ssl.create_default_context(cafile=str(certificate))

    with pytest.raises(NotSentError):
        await mailer(replace(encrypted, host="127.0.0.1"), trusted=trusted).send(MAIL)

    assert not handler.users


async def test_a_server_without_starttls_gets_nothing_in_the_open(
    handler: Handler, server: MailServer
) -> None:
    """An attacker between may have removed the offer of STARTTLS."""
    with pytest.raises(NotSentError):
        await mailer(replace(server, security="starttls")).send(MAIL)

    assert not handler.taken


@pytest.mark.parametrize("is_trusted", [True, False])
async def test_tls_from_the_start(handler: Handler, certificate: Path, is_trusted: bool) -> None:
    """The mailer verifies this certificate too."""
    controller = PlainServer(handler, ssl_context=serving(certificate))
    controller.start()
    try:
        server = MailServer("localhost", controller.port, "tls", SENDER)
        trusted = ssl.create_default_context(cafile=str(certificate)) if is_trusted else None
        sending = mailer(server, trusted=trusted).send(MAIL)
        if is_trusted:
            await sending
        else:
            with pytest.raises(NotSentError):
                await sending
    finally:
        controller.stop()

    assert len(handler.taken) == is_trusted
