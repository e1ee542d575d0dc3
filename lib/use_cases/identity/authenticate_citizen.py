"""Authenticate a citizen by bearer token (OpenID Connect over SPID and CIE)."""

import hashlib
from typing import Any, Final, NamedTuple

import jwt
from cachetools import TTLCache

from lib.domain.identity.citizen import Citizen
from lib.domain.identity.citizen_token import (
    LEEWAY,
    TokenRules,
    check_header,
    citizen_of,
    expiry_of,
)
from lib.domain.identity.errors import InvalidTokenError
from lib.domain.shared.deadline import ROME
from lib.ports.clock import Clock
from lib.ports.keys import KeySet

ALGORITHMS: Final = ("ES256", "ES384", "RS256", "RS384", "RS512", "PS256", "EdDSA")
MAX_REMEMBERED: Final = 10_000
REMEMBER_SECONDS: Final = 600
"""The life of a cached key set too, so a withdrawn key is accepted for at most this time."""
MAX_TOKEN_LENGTH: Final = 8192
_FOREIGN: Final = "the token is from another issuer"


class _Verified(NamedTuple):
    expires: float
    citizen: Citizen


class AuthenticateCitizen:
    """Verify signature, issuer, audience and claims; remember a verified token for ten minutes."""

    def __init__(
        self, keys: KeySet, clock: Clock, *, issuer: str, audience: str, rules: TokenRules
    ) -> None:
        self._keys = keys
        self._clock = clock
        self._issuer = issuer
        self._audience = audience
        self._rules = rules
        self._verified = TTLCache[bytes, _Verified](MAX_REMEMBERED, REMEMBER_SECONDS)

    async def __call__(self, authorization: str | None) -> Citizen:
        """Return the citizen of the Authorization header.

        Raise InvalidTokenError, AssuranceLevelTooLowError, InsufficientScopeError,
        CitizenTooYoungError, UnavailableError.
        """
        scheme, _, token = (authorization or "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            reason = "no bearer token"
            raise InvalidTokenError(reason)
        if len(token) > MAX_TOKEN_LENGTH:
            reason = "the token is too long"
            raise InvalidTokenError(reason)
        digest = hashlib.sha256(token.encode()).digest()
        known = self._verified.get(digest)
        if known is None:
            known = self._verified[digest] = await self._verify(token)
        if known.expires + LEEWAY.total_seconds() <= self._clock.now().timestamp():
            self._verified.pop(digest, None)
            reason = "the token has expired"
            raise InvalidTokenError(reason)
        return known.citizen

    async def _verify(self, token: str) -> "_Verified":
        if not self._issuer:
            raise InvalidTokenError(_FOREIGN)
        try:
            header = jwt.get_unverified_header(token)
            check_header(header)
            key = await self._keys.key(str(header.get("kid", "")))
            if key is None:
                reason = "the token's key is unknown"
                raise InvalidTokenError(reason)
            claims: dict[str, Any] = jwt.decode(
                token,
                key,
                algorithms=ALGORITHMS,
                audience=self._audience,
                issuer=self._issuer,
                # the times are checked below, against the Clock port instead of the system clock
                options={
                    "require": ["exp", "iss", "aud"],
                    "verify_exp": False,
                    "verify_iat": False,
                    "verify_nbf": False,
                },
            )
        except jwt.MissingRequiredClaimError as error:
            reason = f"the token has no {error.claim}"
            raise InvalidTokenError(reason) from None
        except jwt.PyJWTError as error:
            raise InvalidTokenError(reason_of(error)) from None
        now = self._clock.now()
        expires = expiry_of(claims, now.timestamp(), self._rules)
        citizen = citizen_of(claims, now.astimezone(ROME).date(), self._rules)
        return _Verified(expires, citizen)


def reason_of(error: jwt.PyJWTError) -> str:
    """Return the reason of the refusal. The library's own text may quote the token."""
    match error:
        case jwt.InvalidAudienceError():
            return "the token is for another audience"
        case jwt.InvalidIssuerError():
            return _FOREIGN
        case jwt.InvalidSignatureError():
            return "the token's signature is wrong"
        case jwt.InvalidAlgorithmError():
            return "the token's algorithm is not allowed"
        case _:
            return "the token is malformed"
