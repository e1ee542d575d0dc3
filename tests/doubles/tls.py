"""A server on this machine with a certificate, and the authority that signed it."""

import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from aiohttp import web
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

HOST = "conditions.comune.example"


@dataclass(frozen=True)
class Certified:
    """The contexts of TLS of a server and of a client that trusts it.

    `authority`: the certificate of the server's authority, in PEM.
    """

    server: ssl.SSLContext
    client: ssl.SSLContext
    authority: str


def certified(folder: Path, host: str = HOST) -> Certified:
    """Make an authority, and its certificate for the host alone."""
    authority, ca = ec.generate_private_key(ec.SECP256R1()), _name("An authority of tests")
    key = ec.generate_private_key(ec.SECP256R1())
    ca_usage = x509.BasicConstraints(ca=True, path_length=0)
    root = (
        _certificate(ca, ca, authority)
        .add_extension(ca_usage, critical=True)
        .add_extension(_SIGNS, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(authority.public_key()), False)
        .sign(authority, hashes.SHA256())
    )
    names = x509.SubjectAlternativeName([x509.DNSName(host)])
    signer = x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.public_key())
    leaf = (
        _certificate(_name(host), ca, key)
        .add_extension(names, critical=False)
        .add_extension(signer, critical=False)
        .sign(authority, hashes.SHA256())
    )
    pem = folder / "server.pem"
    pem.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + leaf.public_bytes(serialization.Encoding.PEM)
    )
    server = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    server.load_cert_chain(pem)
    text = root.public_bytes(serialization.Encoding.PEM).decode()
    return Certified(server, ssl.create_default_context(cadata=text), text)


_SIGNS = x509.KeyUsage(
    digital_signature=False,
    content_commitment=False,
    key_encipherment=False,
    data_encipherment=False,
    key_agreement=False,
    key_cert_sign=True,
    crl_sign=True,
    encipher_only=False,
    decipher_only=False,
)


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _certificate(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey
) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
    )


@dataclass
class Upstream:
    """A sender's host: `answer` handles each request, and `asked` has the requests."""

    port: int = 0
    answer: Any = None
    asked: list[web.Request] = field(default_factory=list)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer the request."""
        self.asked.append(request)
        answer: web.StreamResponse = await self.answer(request)
        return answer


@asynccontextmanager
async def serving(server: ssl.SSLContext) -> AsyncIterator[Upstream]:
    """Serve on a port of 127.0.0.1."""
    upstream = Upstream()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", upstream.handle)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=server).start()
    upstream.port = runner.addresses[0][1]
    yield upstream
    await runner.cleanup()
