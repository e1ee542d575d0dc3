"""The algorithms that the rules of SPID and CIE allow. `none`, HMAC and RSA1_5 are forbidden."""

from typing import Any, Final

SIGNATURES: Final = ("RS256", "RS512", "PS256", "PS512", "ES256", "ES512")
KEY_ENCRYPTIONS: Final = (
    "RSA-OAEP-256",
    "RSA-OAEP",
    "ECDH-ES",
    "ECDH-ES+A128KW",
    "ECDH-ES+A256KW",
)
CONTENT_ENCRYPTIONS: Final = ("A256CBC-HS512", "A128CBC-HS256", "A256GCM", "A128GCM")

_SIGNATURE_OF: Final = {"P-256": "ES256", "P-521": "ES512"}


def signature_of(key: Any) -> str:
    """Return the algorithm with which a key of ours signs: its own, or that of its kind."""
    return str(key.get("alg") or _SIGNATURE_OF.get(key.get("crv"), "RS256"))


def encryption_of(key: Any) -> str:
    """Return the algorithm by which others encrypt for a key of ours."""
    return str(key.get("alg") or ("ECDH-ES" if key.get("kty") == "EC" else "RSA-OAEP-256"))


def hash_of(signature: str) -> str:
    """Return the name of the hash in an algorithm of a signature: ES512 has SHA-512."""
    return f"sha{signature[2:]}"
