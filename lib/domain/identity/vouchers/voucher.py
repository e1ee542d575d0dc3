"""A voucher of PDND: an access token (RFC 9068) for a client, a purpose and this e-service."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from lib.domain.identity.vouchers.parts import VOUCHER
from lib.domain.shared.identifiers import UUID_PATTERN, PurposeId, VoucherClientId

LONGEST_LIFE: Final = timedelta(hours=24)
"""PDND lets the provider of an e-service choose up to a day."""
_UUID: Final = re.compile(UUID_PATTERN[1:-1])
_SHA256: Final = re.compile("[0-9a-f]{64}")
_THUMBPRINT: Final = re.compile("[A-Za-z0-9_-]{43}")


@dataclass(frozen=True, slots=True)
class Voucher:
    """The claims of a voucher whose signature, issuer and audience are right.

    `ends`: seconds since 1970. `thumbprint`: that of the key to which the voucher is bound; None
    for a bearer token. `evidence_digest`: the SHA-256 of the evidence that must come with each
    call, in hexadecimal digits; None if the voucher names none.
    """

    client_id: VoucherClientId
    purpose_id: PurposeId
    ends: float
    thumbprint: str | None = None
    evidence_digest: str | None = None


def voucher_of(claims: Mapping[str, Any], now: float) -> Voucher:
    """Return the voucher of verified claims; raise InvalidVoucherError. `now`: since 1970."""
    VOUCHER.text(claims, "jti")
    client_id = claims.get("client_id", claims.get("sub"))
    if claims.get("sub", client_id) != client_id:
        raise VOUCHER.refusal("names two clients")
    return Voucher(
        client_id=VoucherClientId(_uuid(client_id, "client_id")),
        purpose_id=PurposeId(_uuid(claims.get("purposeId"), "purposeId")),
        ends=VOUCHER.expiry(claims, now, LONGEST_LIFE),
        thumbprint=_thumbprint(claims),
        evidence_digest=_evidence_digest(claims),
    )


def _uuid(value: object, claim: str) -> str:
    if not isinstance(value, str) or not _UUID.fullmatch(value.lower()):
        raise VOUCHER.refusal(f"has no {claim} in the form of a UUID")
    return value.lower()


def _thumbprint(claims: Mapping[str, Any]) -> str | None:
    if "cnf" not in claims:
        return None
    bound = claims["cnf"]
    value = bound.get("jkt") if isinstance(bound, Mapping) else None
    if not isinstance(value, str) or not _THUMBPRINT.fullmatch(value):
        raise VOUCHER.refusal("is bound to a key in an unknown way")
    return value


def _evidence_digest(claims: Mapping[str, Any]) -> str | None:
    if "digest" not in claims:
        return None
    digest = claims["digest"]
    if not isinstance(digest, Mapping):
        raise VOUCHER.refusal("has a digest that is no object")
    algorithm, value = digest.get("alg"), digest.get("value")
    if algorithm not in {"SHA256", "SHA-256"}:
        raise VOUCHER.refusal("has a digest that is not of SHA256")
    if not isinstance(value, str) or not _SHA256.fullmatch(value.lower()):
        raise VOUCHER.refusal("has a digest that is not of SHA256")
    return value.lower()
