"""The checks of what a provider says: an answer, an ID token, UserInfo. All are pure."""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from lib.adapters.outbound.sign_in.algorithms import hash_of
from lib.domain.identity.errors import AssuranceLevelTooLowError, InvalidTokenError
from lib.ports.identity_provider import ProviderRequest

LEEWAY_SECONDS: Final = 60
"""The seconds by which a provider's clock may differ from ours."""
_LAST_SECOND: Final = 253_402_300_799
"""The last second of the year 9999, since 1970."""


def check_issued(
    what: str, claims: Mapping[str, Any], issuer: str, client_id: str, now: float
) -> None:
    """Raise InvalidTokenError unless the issuer made these claims for us, and for now."""
    if claims.get("iss") != issuer:
        raise InvalidTokenError(f"{what} is of another issuer")
    if claims.get("aud") not in (client_id, [client_id]):
        raise InvalidTokenError(f"{what} is for another client")
    if _seconds(what, claims, "exp") <= now - LEEWAY_SECONDS:
        raise InvalidTokenError(f"{what} has expired")
    for name in ("iat", "nbf"):
        if name in claims and _seconds(what, claims, name) > now + LEEWAY_SECONDS:
            raise InvalidTokenError(f"{what} is not valid yet")


def check_login(
    claims: Mapping[str, Any], request: ProviderRequest, access_token: str, signature: str
) -> None:
    """Raise unless an ID token is of this login, and of the levels that it allows.

    Raises: InvalidTokenError, AssuranceLevelTooLowError.
    """
    if not _equal(claims.get("nonce"), request.nonce):
        raise InvalidTokenError("the ID token is of another login")
    digest = hashlib.new(hash_of(signature), access_token.encode()).digest()
    half = base64.urlsafe_b64encode(digest[: len(digest) // 2]).rstrip(b"=").decode()
    if not _equal(claims.get("at_hash"), half):
        raise InvalidTokenError("the ID token is of another access token")
    if request.must_log_in and _time(claims) < request.begun_at - LEEWAY_SECONDS:
        raise InvalidTokenError("the citizen did not log in anew")
    if claims.get("acr") not in request.acr_values:
        raise AssuranceLevelTooLowError(request.acr_values)


def check_subject(claims: Mapping[str, Any], subject: object) -> None:
    """Raise InvalidTokenError unless UserInfo is about the subject of the ID token."""
    if not isinstance(subject, str) or not subject or not _equal(claims.get("sub"), subject):
        raise InvalidTokenError("UserInfo is about another subject")


def authenticated_at(claims: Mapping[str, Any]) -> datetime:
    """Return when the citizen logged in: `auth_time`, or when the ID token was issued."""
    return datetime.fromtimestamp(_time(claims), UTC)


def _time(claims: Mapping[str, Any]) -> float:
    return _seconds("the ID token", claims, "auth_time" if "auth_time" in claims else "iat")


def _seconds(what: str, claims: Mapping[str, Any], name: str) -> float:
    """Return a NumericDate (RFC 7519)."""
    value: Any = claims.get(name)
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if is_number and 0 <= value <= _LAST_SECOND:
        return float(value)
    raise InvalidTokenError(f"the {name} of {what} is not a time")


def _equal(value: object, expected: str) -> bool:
    return isinstance(value, str) and hmac.compare_digest(value.encode(), expected.encode())
