"""The keys that sign tokens (ES256), each derived from a secret."""

import base64
import hashlib
import json
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric import ec

ALGORITHM: Final = "ES256"
_ORDER: Final = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""The order of the curve P-256."""
_COORDINATE_BYTES: Final = 32


@dataclass(frozen=True)
class SigningKey:
    """A private key, with the public key as a JWK whose id is its thumbprint (RFC 7638)."""

    private: ec.EllipticCurvePrivateKey

    @classmethod
    def derived(cls, secret: bytes) -> "SigningKey":
        """Return the key of a secret, always the same."""
        digest = hashlib.blake2b(secret, digest_size=64, person=b"sign in tokens").digest()
        # 512 bits make the remainder uniform for all practical purposes
        number = int.from_bytes(digest) % (_ORDER - 1) + 1
        return cls(ec.derive_private_key(number, ec.SECP256R1()))

    @cached_property
    def public(self) -> ec.EllipticCurvePublicKey:
        """The public key."""
        return self.private.public_key()

    @cached_property
    def id(self) -> str:
        """The thumbprint of the public key."""
        text = json.dumps(self._members, separators=(",", ":"), sort_keys=True)
        return _base64url(hashlib.sha256(text.encode()).digest())

    @property
    def jwk(self) -> dict[str, Any]:
        """The public key as a JWK (RFC 7517)."""
        return {**self._members, "kid": self.id, "alg": ALGORITHM, "use": "sig"}

    @cached_property
    def _members(self) -> dict[str, str]:
        numbers = self.public.public_numbers()
        x, y = (_base64url(one.to_bytes(_COORDINATE_BYTES)) for one in (numbers.x, numbers.y))
        return {"crv": "P-256", "kty": "EC", "x": x, "y": y}


class SigningKeys:
    """The key that signs, and all keys by which tokens are accepted.

    `next_`: the secret of the key that will sign later. It is published ahead, so that clients know
    it when it begins. `previous`: the secret of the key that signed before; empty once withdrawn.
    """

    def __init__(self, secret: bytes, next_: bytes = b"", previous: bytes = b"") -> None:
        self.current = SigningKey.derived(secret)
        others = [SigningKey.derived(one) for one in (next_, previous) if one]
        self.all = {key.id: key for key in (self.current, *others)}


def _base64url(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()
