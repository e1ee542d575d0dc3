"""The address and the keys of a browser's subscription."""

import base64
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from pydantic import TypeAdapter, ValidationError

from infra.azure.web_push_keys import make_keys
from lib.domain.devices.web_push import (
    AuthField,
    EndpointField,
    PublicKeyField,
    encoded,
    public_key,
)
from tests.functions.devices.device_calls import KEYS

POINT = base64.urlsafe_b64decode(f"{KEYS['p256dh']}=")


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://fcm.googleapis.com/fcm/send/d2a:APA91b-_x",
        "https://updates.push.services.mozilla.com/wpush/v2/gAAAAAB",
        "https://wns2-by3p.notify.windows.com/w/?token=BQYAAA%2b%3d",
        "https://web.push.apple.com/QGuQ",
        "https://push.example:443/",
    ],
)
def test_the_address_of_a_push_service_is_taken(endpoint: str) -> None:
    """The browsers' services have hosts of their own, and others may come."""
    assert TypeAdapter(EndpointField).validate_python(endpoint) == endpoint


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://push.example/send",
        "HTTPS://push.example/send",
        "https://push.example",
        "https://push.example:8443/send",
        "https://user@push.example/send",
        "https://push.example\\@evil.example/send",
        "https://push.example/send#x",
        "https://push.example/send it",
        "https://push.example/send\n",
        "https://push.example/\x00",
        "https://127.0.0.1/send",
        "https://2130706433/send",
        "https://0x7f.1/send",
        "https://[::1]/send",
        "https://localhost/send",
        "https://metadata/send",
        "https://push..example/send",
        "https://-push.example/send",
        "https://pùsh.example/send",
        f"https://push.example/{'x' * 2048}",
        "javascript:alert(1)",
        "",
    ],
)
def test_another_address_is_refused(endpoint: str) -> None:
    """The hub would call it: plain HTTP, addresses of a network, users and other ports are none."""
    with pytest.raises(ValidationError):
        TypeAdapter(EndpointField).validate_python(endpoint)


def test_a_key_of_any_browser_is_taken() -> None:
    """Our check of the curve agrees with the library's."""
    for _ in range(50):
        made = ec.generate_private_key(ec.SECP256R1()).public_key()
        point = made.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        assert public_key(encoded(point)) == encoded(point)


def test_padding_makes_no_other_key() -> None:
    """Browsers write no padding; some libraries of pages do."""
    for text in (KEYS["p256dh"], f"{KEYS['p256dh']}="):
        assert TypeAdapter(PublicKeyField).validate_python(text) == KEYS["p256dh"]
    for text in (KEYS["auth"], f"{KEYS['auth']}=="):
        assert TypeAdapter(AuthField).validate_python(text) == KEYS["auth"]


@pytest.mark.parametrize(
    "point",
    [
        b"",
        POINT[:-1],
        POINT + b"\0",
        b"\3" + POINT[1:],
        b"\2" + POINT[1:33],
        POINT[:-1] + bytes([POINT[-1] ^ 1]),
        b"\4" + bytes(64),
        b"\4" + b"\xff" * 64,
    ],
)
def test_what_is_no_point_of_the_curve_is_refused(point: bytes) -> None:
    """A key that is cut, compressed, or beside the curve is no key."""
    with pytest.raises(ValueError, match="P-256"):
        public_key(encoded(point))


@pytest.mark.parametrize("text", [KEYS["p256dh"].replace("-", "+"), "è" * 87, f"={KEYS['auth']}"])
def test_other_characters_are_refused(text: str) -> None:
    """The alphabet is that of base64url alone."""
    with pytest.raises(ValueError, match="base64url"):
        public_key(text)


@pytest.mark.parametrize("size", [0, 15, 17])
def test_a_secret_has_sixteen_bytes(size: int) -> None:
    """Another size is no secret of a subscription."""
    with pytest.raises(ValidationError):
        TypeAdapter(AuthField).validate_python(encoded(bytes(size)))


def test_the_keys_of_an_installation_are_a_pair(tmp_path: Path) -> None:
    """The private key is in a file of its owner alone, and never replaces another."""
    path = tmp_path / "key.txt"
    public = make_keys(path)
    scalar = base64.urlsafe_b64decode(f"{path.read_text()}=")
    made = ec.derive_private_key(int.from_bytes(scalar), ec.SECP256R1()).public_key()

    assert len(scalar) == 32
    assert path.stat().st_mode & 0o777 == 0o600
    assert public == encoded(made.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))
    with pytest.raises(FileExistsError):
        make_keys(path)
