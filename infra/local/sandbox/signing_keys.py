"""The sandbox's signing keys, each in a file of the data folder that is made once."""

import base64
import hmac
import os
from pathlib import Path
from typing import Any

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from infra.local.errors import HostError

_COORDINATE_BYTES = 32


def read_or_create_key(folder: Path, name: str) -> tuple[ec.EllipticCurvePrivateKey, bytes]:
    """Return the key of a file, and its text (PEM); the first call makes the key.

    Raise HostError for a file without such a key.
    Concurrency: processes that create the key at the same time get the same key.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / name
    if not path.exists():
        pem = ec.generate_private_key(ec.SECP256R1()).private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        write_whole(path, pem, 0o600, keep=True)
    text = path.read_bytes()
    try:
        key = serialization.load_pem_private_key(text, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise HostError(f"{path} does not have an elliptic-curve key; delete it")
    return key, text


def write_whole(path: Path, content: bytes, mode: int, *, keep: bool = False) -> None:
    """Write a file so that no reader sees a part of it. `keep`: an existing file stays."""
    part = path.with_name(f"{path.name}.{os.getpid()}")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    if not keep:
        part.replace(path)
        return
    try:
        path.hardlink_to(part)
    except FileExistsError:
        return
    finally:
        part.unlink()


def public_jwk(key: ec.EllipticCurvePrivateKey) -> dict[str, Any]:
    """Return the public key as a JWK, whose id follows from the key."""
    numbers = key.public_key().public_numbers()
    x, y = (
        base64.urlsafe_b64encode(n.to_bytes(_COORDINATE_BYTES)).rstrip(b"=").decode()
        for n in (numbers.x, numbers.y)
    )
    kid = hmac.digest(b"kid", f"{x}.{y}".encode(), "sha256")[:8].hex()
    return {"kty": "EC", "crv": "P-256", "x": x, "y": y, "kid": kid, "alg": "ES256", "use": "sig"}
