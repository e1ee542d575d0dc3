"""The sources of the keys that verify citizens' tokens."""

import asyncio
import http.server
import json
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import override

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from infra.local.sandbox.tokens import TokenIssuer
from lib.adapters.outbound import key_sets
from lib.adapters.outbound.key_sets import key_set_at
from lib.ports.errors import UnavailableError


@dataclass
class Provider:
    """An identity provider on this machine, which answers with `status` and `keys`."""

    url: str = ""
    status: int = 200
    keys: list[dict[str, str]] = field(default_factory=list)
    asked: int = 0


def _certificate(folder: Path) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = folder / "provider.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    return path


@pytest.fixture
def provider(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Provider]:
    """Serve a key set over TLS, by a certificate that requests trusts for the test."""
    provider = Provider()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            provider.asked += 1
            body = json.dumps({"keys": provider.keys}).encode()
            self.send_response(provider.status)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Location", "https://localhost:1/")
            self.end_headers()
            self.wfile.write(body)

        @override
        def log_message(self, format: str, *args: object) -> None:
            return

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate = _certificate(tmp_path)
    context.load_cert_chain(certificate)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate))
    provider.url = f"https://localhost:{server.server_port}/jwks"
    provider.keys = [TokenIssuer(tmp_path, "issuer", "audience").jwk]
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield provider
    server.shutdown()
    server.server_close()


async def test_keys_are_fetched_once_for_all_who_ask(provider: Provider) -> None:
    """Twenty calls at once make one request, and later ones none."""
    keys = key_set_at(provider.url)
    kid = provider.keys[0]["kid"]

    found = await asyncio.gather(*(keys.key(kid) for _ in range(20)))
    again = await keys.key(kid)

    assert all(key is found[0] for key in (*found, again))
    assert provider.asked == 1


async def test_a_new_key_is_found_without_waiting_for_the_old_set_to_age(
    provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An unknown key id fetches the set anew, though not at every call."""
    monkeypatch.setattr(key_sets, "RETRY_SECONDS", 0.05)
    keys = key_set_at(provider.url)
    old = provider.keys[0]
    assert await keys.key("new") is None
    assert await keys.key("new") is None
    assert provider.asked == 1

    provider.keys = [old, {**old, "kid": "new"}]
    await asyncio.sleep(0.06)

    assert await keys.key("new") is not None
    assert provider.asked == 2


@pytest.mark.parametrize("status", [500, 302, 404])
async def test_a_provider_that_fails_is_an_outage(provider: Provider, status: int) -> None:
    """Redirects are not followed: the address is the one that was configured."""
    provider.status = status

    with pytest.raises(UnavailableError):
        await key_set_at(provider.url).key("any")


async def test_a_fetch_that_failed_is_not_repeated_at_once(provider: Provider) -> None:
    """Tokens with made-up key ids do not queue up behind a provider that is away."""
    keys = key_set_at(provider.url)
    provider.status = 503

    for number in range(20):
        with pytest.raises(UnavailableError):
            await keys.key(f"made-up-{number}")

    assert provider.asked == 1


async def test_known_keys_outlive_an_outage(
    provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A set that cannot be refreshed goes on serving."""
    keys = key_set_at(provider.url)
    kid = provider.keys[0]["kid"]
    await keys.key(kid)

    monkeypatch.setattr(key_sets, "FRESH_SECONDS", 0)
    provider.status = 503

    assert await keys.key(kid) is not None


@pytest.mark.parametrize(
    "text",
    ["", "[]", "null", "1", '{"keys": 1}', '{"keys": [1]}', "{}", "[" * 100_000, "1" + "0" * 5000],
    ids=["empty", "list", "null", "number", "no list", "no key", "no keys", "deep", "long number"],
)
async def test_a_file_that_is_no_key_set_is_an_outage(tmp_path: Path, text: str) -> None:
    """The caller gets a 503, not a 500."""
    path = tmp_path / "jwks.json"
    path.write_text(text)

    with pytest.raises(UnavailableError):
        await key_set_at(str(path)).key("any")
