"""A proof that the caller has the key to which a voucher is bound (DPoP, RFC 9449)."""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from urllib.parse import SplitResult, unquote, urlsplit

from lib.domain.identity.vouchers.parts import PROOF

AGE: Final = timedelta(seconds=60)
"""How old a proof may be, and how far its time may lie ahead: clocks differ."""
_MEMBERS: Final = {"EC": ("crv", "x", "y"), "RSA": ("e", "n"), "OKP": ("crv", "x")}
"""The members of a public key that its thumbprint counts, beside `kty`."""
_SECRET: Final = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})
_PORTS: Final = {"https": 443, "http": 80}
_LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})


@dataclass(frozen=True, slots=True)
class ProvenCall:
    """The call that a proof must name.

    `bases`: the addresses of this installation, as callers see them. `path`: the rest of the
    address. `is_local`: any address of this machine is taken too, for the sandbox.
    """

    method: str
    path: str
    bases: tuple[str, ...]
    is_local: bool = False

    def is_at(self, address: object) -> bool:
        """Tell whether this is the call's address; its query and fragment do not count."""
        if not isinstance(address, str):
            return False
        given = _split(address)
        if given is None:
            return False
        if any(_same(given, _split(base.rstrip("/") + self.path)) for base in self.bases):
            return True
        is_here = self.is_local and given.hostname in _LOOPBACK
        return is_here and unquote(given.path) == unquote(self.path)


def thumbprint(key: object) -> str:
    """Return the thumbprint (RFC 7638, SHA-256) of a public key of a proof's header.

    Raise InvalidVoucherError for a key that is not public, or of an unknown kind.
    """
    kind = key.get("kty") if isinstance(key, Mapping) else None
    if not isinstance(key, Mapping) or kind not in _MEMBERS or key.keys() & _SECRET:
        raise PROOF.refusal("has no public key in its header")
    counted = {name: key.get(name) for name in ("kty", *_MEMBERS[str(kind)])}
    if not all(isinstance(value, str) for value in counted.values()):
        raise PROOF.refusal("has no public key in its header")
    text = json.dumps(counted, sort_keys=True, separators=(",", ":"))
    return encoded(hashlib.sha256(text.encode()).digest())


def check_claims(claims: Mapping[str, Any], call: ProvenCall, token: str, now: float) -> str:
    """Return the proof's own id; raise InvalidVoucherError. `token`: the voucher of the call."""
    if claims.get("htm") != call.method:
        raise PROOF.refusal("is for another method (htm)")
    if not call.is_at(claims.get("htu")):
        raise PROOF.refusal("is for another address (htu)")
    age = now - PROOF.moment(claims, "iat")
    if not -AGE.total_seconds() <= age <= AGE.total_seconds():
        raise PROOF.refusal("is too old, or of a time to come (iat)")
    expected = encoded(hashlib.sha256(token.encode()).digest())
    # as bytes: texts with other characters than ASCII cannot be compared
    sent = PROOF.text(claims, "ath").encode(errors="replace")
    if not hmac.compare_digest(sent, expected.encode()):
        raise PROOF.refusal("is for another voucher (ath)")
    return PROOF.text(claims, "jti")


def encoded(content: bytes) -> str:
    """Return bytes as base64url without padding (RFC 7515)."""
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def _split(address: str) -> SplitResult | None:
    try:
        parts = urlsplit(address)
        is_whole = parts.hostname is not None and parts.port != 0
    except ValueError:
        return None
    return parts if is_whole else None


def _same(one: SplitResult, other: SplitResult | None) -> bool:
    """Compare two addresses: scheme, host and port, and the decoded path."""
    if other is None:
        return False
    return (one.scheme, one.hostname, one.port or _PORTS.get(one.scheme), unquote(one.path)) == (
        other.scheme,
        other.hostname,
        other.port or _PORTS.get(other.scheme),
        unquote(other.path),
    )
