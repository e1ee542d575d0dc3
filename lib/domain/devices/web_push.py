"""The push subscription of a browser: its address and its keys (Push API of the W3C, RFC 8291)."""

import base64
import re
from typing import Annotated, Final

from pydantic import AfterValidator, StringConstraints

from lib.domain.shared.values import IOType

ENDPOINT_PATTERN: Final = (
    r"^https://([A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9-]*(:443)?"
    r"/[!$-\[\]_a-z{}~]*$"
)
"""An https URL of a named host, without user, other port and fragment."""
_BASE64URL: Final = re.compile(r"[A-Za-z0-9_-]*={0,2}", re.ASCII)
_POINT_BYTES: Final = 65
_SECRET_BYTES: Final = 16
_UNCOMPRESSED: Final = 4
# the curve P-256 (FIPS 186-5): y² = x³ - 3x + _B, modulo _P
_P: Final = 2**256 - 2**224 + 2**192 + 2**96 - 1
_B: Final = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B


def public_key(text: str) -> str:
    """Return a public key of P-256, as base64url, without padding; raise ValueError.

    A library for it would load at each cold start, for the key of the settings.
    """
    point = _decoded(text)
    x, y = int.from_bytes(point[1:33]), int.from_bytes(point[33:])
    is_point = len(point) == _POINT_BYTES and point[0] == _UNCOMPRESSED and max(x, y) < _P
    if not is_point or (y * y - x * x * x + 3 * x - _B) % _P:
        raise ValueError("must be an uncompressed point of P-256")
    return encoded(point)


def encoded(content: bytes) -> str:
    """Return bytes as base64url without padding."""
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def _secret(text: str) -> str:
    content = _decoded(text)
    if len(content) != _SECRET_BYTES:
        raise ValueError("must be a secret of 16 bytes")
    return encoded(content)


def _decoded(text: str) -> bytes:
    """Return the bytes of base64url; raise ValueError for another text."""
    if not _BASE64URL.fullmatch(text):
        raise ValueError("must be base64url")
    bare = text.rstrip("=")
    return base64.urlsafe_b64decode(f"{bare}{'=' * (-len(bare) % 4)}")


EndpointField = Annotated[
    str,
    StringConstraints(pattern=ENDPOINT_PATTERN, max_length=2048),
    IOType(
        ("address of a push service",),
        "must be the https address of a push service, of at most 2048 characters, without a user, "
        "a port and a fragment",
    ),
]
PublicKeyField = Annotated[
    str,
    StringConstraints(max_length=88),
    AfterValidator(public_key),
    IOType(
        ("public key of P-256",),
        "must be an uncompressed point of the curve P-256, its 65 bytes in base64url",
    ),
]
AuthField = Annotated[
    str,
    StringConstraints(max_length=24),
    AfterValidator(_secret),
    IOType(("secret of 16 bytes",), "must be 16 bytes in base64url"),
]
