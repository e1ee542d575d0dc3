"""Tell which citizen a bearer token belongs to (OpenID Connect over SPID and CIE)."""

import hashlib
import re
import time
from collections import OrderedDict
from datetime import timedelta
from typing import Any, Final, NamedTuple

import jwt

from lib.domain.citizen import Citizen
from lib.domain.errors import CitizenUnknownError
from lib.domain.values import FISCAL_CODE_PATTERN, FiscalCode, Masked
from lib.ports.clock import Clock
from lib.ports.keys import KeySet

ALGORITHMS: Final = ("ES256", "ES384", "RS256", "RS384", "RS512", "PS256", "EdDSA")
CLAIM: Final = "fiscal_number"
PREFIX: Final = "TINIT-"
LEEWAY: Final = timedelta(seconds=30)
MAX_REMEMBERED: Final = 10_000
REMEMBER_SECONDS: Final = 600
"""As long as a key set is taken for fresh: a key that was withdrawn serves no longer than that."""
MAX_TOKEN_LENGTH: Final = 8192

_FISCAL_CODE: Final = re.compile(FISCAL_CODE_PATTERN[1:-1])


class _Verified(NamedTuple):
    expires: float
    citizen: Citizen
    until: float


class AuthenticateCitizen:
    """Verify signature, issuer, audience and times; remember a verified token for ten minutes."""

    def __init__(self, keys: KeySet, clock: Clock, *, issuer: str, audience: str) -> None:
        self._keys = keys
        self._clock = clock
        self._issuer = issuer
        self._audience = audience
        self._verified: OrderedDict[bytes, _Verified] = OrderedDict()

    async def __call__(self, authorization: str | None) -> Citizen:
        """Take the Authorization header; raise CitizenUnknownError, UnavailableError."""
        scheme, _, token = (authorization or "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            reason = "no bearer token"
            raise CitizenUnknownError(reason)
        if len(token) > MAX_TOKEN_LENGTH:
            reason = "the token is too long"
            raise CitizenUnknownError(reason)
        digest = hashlib.sha256(token.encode()).digest()
        known = self._verified.get(digest)
        if known is None or known.until <= time.monotonic():
            known = await self._verify(token)
            self._verified[digest] = known
            if len(self._verified) > MAX_REMEMBERED:
                self._verified.popitem(last=False)
        if known.expires + LEEWAY.total_seconds() <= self._clock.now().timestamp():
            self._verified.pop(digest, None)
            reason = "the token has expired"
            raise CitizenUnknownError(reason)
        return known.citizen

    async def _verify(self, token: str) -> "_Verified":
        try:
            key = await self._keys.key(str(jwt.get_unverified_header(token).get("kid", "")))
            if key is None:
                reason = "the token's key is unknown"
                raise CitizenUnknownError(reason)
            claims: dict[str, Any] = jwt.decode(
                token,
                key,
                algorithms=ALGORITHMS,
                audience=self._audience,
                issuer=self._issuer,
                # the times are held against the Clock port below, not against the system's
                options={
                    "require": ["exp", "iss", "aud", CLAIM],
                    "verify_exp": False,
                    "verify_iat": False,
                    "verify_nbf": False,
                },
            )
        except jwt.MissingRequiredClaimError as error:
            reason = f"the token has no {error.claim}"
            raise CitizenUnknownError(reason) from None
        except jwt.PyJWTError as error:
            raise CitizenUnknownError(_reason(error)) from None
        until = time.monotonic() + REMEMBER_SECONDS
        citizen = Citizen(_fiscal_code(claims), _name(claims, "name"), _name(claims, "family_name"))
        return _Verified(self._expiry(claims), citizen, until)

    def _expiry(self, claims: dict[str, Any]) -> float:
        not_before, expires = claims.get("nbf", 0), claims["exp"]
        if not isinstance(expires, int | float) or not isinstance(not_before, int | float):
            reason = "the token's times are not numbers"
            raise CitizenUnknownError(reason)
        if not_before > (self._clock.now() + LEEWAY).timestamp():
            reason = "the token is not valid yet"
            raise CitizenUnknownError(reason)
        return float(expires)


def _reason(error: jwt.PyJWTError) -> str:
    """Say what is wrong in our own words: the library's may quote the token."""
    match error:
        case jwt.InvalidAudienceError():
            return "the token is for another audience"
        case jwt.InvalidIssuerError():
            return "the token is from another issuer"
        case jwt.InvalidSignatureError():
            return "the token's signature is wrong"
        case jwt.InvalidAlgorithmError():
            return "the token's algorithm is not allowed"
        case _:
            return "the token is malformed"


def _fiscal_code(claims: dict[str, Any]) -> FiscalCode:
    number = str(claims[CLAIM]).upper()
    if not number.startswith(PREFIX) or not _FISCAL_CODE.fullmatch(number[len(PREFIX) :]):
        reason = f"the token's {CLAIM} is not {PREFIX} and a fiscal code"
        raise CitizenUnknownError(reason)
    return FiscalCode(number[len(PREFIX) :])


def _name(claims: dict[str, Any], claim: str) -> Masked:
    value = claims.get(claim)
    return Masked(value if isinstance(value, str) else "")
