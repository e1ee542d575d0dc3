"""The signed parts of a call with a voucher, each with its header, and checks that they share."""

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final, NamedTuple

from lib.domain.identity.errors import InvalidVoucherError, VoucherScheme

LEEWAY: Final = timedelta(seconds=30)
"""The difference between the clocks of two systems that is allowed."""
ALGORITHMS: Final = (
    *("ES256", "ES384", "ES512", "EdDSA", "PS256", "PS384", "PS512"),
    *("RS256", "RS384", "RS512"),
)
"""The algorithms of signatures; all of them have a private and a public key."""
MAX_JWT_LENGTH: Final = 6144
"""The most characters of a signed part. Front ends take headers of 8 KiB."""
_LAST_SECOND: Final = 253_402_300_799
"""The last second of the year 9999, since 1970."""
_JWT: Final = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")


class Part(NamedTuple):
    """A kind of JWT in a request. `label`: its name in refusals. `types`: the allowed `typ`."""

    label: str
    header: str
    types: frozenset[str]
    scheme: VoucherScheme = "Bearer"

    def refusal(self, reason: str) -> InvalidVoucherError:
        """Return the refusal of the part: its label and the reason."""
        return InvalidVoucherError(f"{self.label} {reason}", self.header, self.scheme)

    def check_form(self, token: str) -> None:
        """Refuse a text that has not the form of a signed JWT, or is too long."""
        if len(token) > MAX_JWT_LENGTH:
            raise self.refusal("is too long")
        if not _JWT.fullmatch(token):
            raise self.refusal("is malformed")

    def check_header(self, header: Mapping[str, Any]) -> str:
        """Return the algorithm; refuse another type, an extension, and an algorithm not allowed."""
        type_ = header.get("typ")
        name = type_.lower().removeprefix("application/") if isinstance(type_, str) else ""
        if name not in self.types:
            raise self.refusal("is of another type")
        if "crit" in header:
            raise self.refusal("has an extension that is not known")
        algorithm = header.get("alg")
        if algorithm not in ALGORITHMS:
            raise self.refusal("has an algorithm that is not allowed")
        return str(algorithm)

    def key_id(self, header: Mapping[str, Any]) -> str:
        """Return the id of the key by which the part is signed."""
        key_id = header.get("kid")
        if not isinstance(key_id, str) or not key_id:
            raise self.refusal("has no kid")
        return key_id

    def moment(self, claims: Mapping[str, Any], claim: str) -> float:
        """Return a time of the claims (RFC 7519), in seconds since 1970."""
        value = claims.get(claim)
        if not isinstance(value, int | float) or isinstance(value, bool):
            raise self.refusal(f"has an {claim} that is no time")
        # compare before the conversion: an integer of 400 digits has no float
        if not 0 <= value <= _LAST_SECOND:
            raise self.refusal(f"has an {claim} that is no time")
        return float(value)

    def expiry(self, claims: Mapping[str, Any], now: float, longest: timedelta) -> float:
        """Return the time of the end; refuse a part that is not valid yet or lives too long.

        The function does not check whether the end has come.
        """
        ends, begins = self.moment(claims, "exp"), self.moment(claims, "iat")
        starts = [begins, self.moment(claims, "nbf")] if "nbf" in claims else [begins]
        if max(starts) > now + LEEWAY.total_seconds():
            raise self.refusal("is not valid yet")
        if ends - begins > (longest + LEEWAY).total_seconds():
            raise self.refusal("lives too long")
        return ends

    def check_end(self, ends: float, now: float) -> None:
        """Refuse a part whose end has come."""
        if ends + LEEWAY.total_seconds() <= now:
            raise self.refusal("has expired")

    def text(self, claims: Mapping[str, Any], claim: str, longest: int = 256) -> str:
        """Return a claim that must be a text."""
        value = claims.get(claim)
        if not isinstance(value, str) or not 0 < len(value) <= longest:
            raise self.refusal(f"has no {claim}")
        return value


VOUCHER: Final = Part("the voucher", "Authorization", frozenset({"at+jwt"}))
BOUND_VOUCHER: Final = VOUCHER._replace(scheme="DPoP")
PROOF: Final = Part("the proof of possession", "DPoP", frozenset({"dpop+jwt"}), "DPoP")
SIGNATURE: Final = Part("the signature", "Agid-JWT-Signature", frozenset({"jwt"}))
EVIDENCE: Final = Part("the evidence", "Agid-JWT-TrackingEvidence", frozenset({"jwt"}))
DIGEST: Final = Part("the digest", "Digest", frozenset())
