"""Authenticate a citizen by an access token that this app issued."""

import hashlib
from collections.abc import Collection
from typing import Any, Final, NamedTuple

import jwt
from cachetools import TTLCache

from lib.domain.identity.access import Access
from lib.domain.identity.citizen import Citizen
from lib.domain.identity.citizen_token import (
    ACTOR,
    LEEWAY,
    PREFIX,
    TokenRules,
    citizen_of,
    expiry_of,
)
from lib.domain.identity.errors import InvalidTokenError
from lib.domain.shared.deadline import ROME
from lib.domain.shared.identifiers import FiscalCode, SessionId
from lib.domain.sign_in.clients import INBOX
from lib.domain.sign_in.rules import ACCESS_LIFE, SignInRules
from lib.domain.sign_in.signing_keys import ALGORITHM, SigningKeys
from lib.domain.sign_in.tickets import Place
from lib.ports.clock import Clock
from lib.use_cases.identity.authenticate_citizen import MAX_TOKEN_LENGTH, reason_of
from lib.use_cases.sign_in.issue_tokens import ACCESS_TYPE
from lib.use_cases.sign_in.look_up_session import LookUpSession

_MAX_REMEMBERED: Final = 10_000
_REMEMBER_SECONDS: Final = 600
_REQUIRED: Final = ("exp", "iat", "iss", "aud", "sub", "sid", "client_id", "jti")


class _Verified(NamedTuple):
    """The statements of an access token. `issued`, `expires`: in seconds since 1970."""

    citizen: Citizen
    session_id: SessionId
    issued: float
    expires: float


class AuthenticateSession:
    """Verify an access token (RFC 9068), and look whether its session goes on.

    A verified token is remembered, so that a call costs no verification. The look tells of a
    session's end in time.
    """

    def __init__(
        self, keys: SigningKeys, look_up: LookUpSession, rules: SignInRules, clock: Clock
    ) -> None:
        self._keys = keys
        self._look_up = look_up
        self._rules = rules
        self._clock = clock
        self._claims = TokenRules(
            acr_values=rules.acr_values,
            scope=INBOX,
            max_lifetime=ACCESS_LIFE,
            minimum_age=rules.minimum_age,
            fiscal_code_claims=("fiscal_number",),
            name_claims=("given_name",),
            family_name_claims=("family_name",),
            birth_date_claims=("birthdate",),
        )
        self._verified = TTLCache[bytes, _Verified](_MAX_REMEMBERED, _REMEMBER_SECONDS)

    def issued(self, token: str) -> bool:
        """Tell whether the token names this app as its issuer. Nothing else is verified."""
        if len(token) > MAX_TOKEN_LENGTH:
            return False
        if _digest(token) in self._verified:
            return True
        try:
            claims = jwt.decode(token, options={"verify_signature": False})
        except jwt.PyJWTError:
            return False
        return bool(claims.get("iss") == self._rules.issuer)

    async def __call__(self, token: str) -> Access:
        """Return the access that a token of this app gives.

        Raise InvalidTokenError, AssuranceLevelTooLowError, InsufficientScopeError,
        CitizenTooYoungError, UnavailableError.
        """
        digest = _digest(token)
        known = self._verified.get(digest)
        if known is None:
            known = self._verified[digest] = self._verify(token)
        if known.expires + LEEWAY.total_seconds() <= self._clock.now().timestamp():
            self._verified.pop(digest, None)
            raise InvalidTokenError("the token has expired")
        live = await self._look_up(known.citizen.fiscal_code, known.session_id)
        if live is None or (
            live.not_before is not None and known.issued < int(live.not_before.timestamp())
        ):
            raise InvalidTokenError("the session of the token has ended")
        return Access.to_own_inbox(known.citizen, known.session_id)

    def place_of(self, token: str) -> Place:
        """Return the place of the session of a token that may have expired, whatever its scope.

        The session of a delegate's token is the delegate's. Raise InvalidTokenError.
        """
        claims = self.access_claims(token)
        person = claims.get(ACTOR, claims)
        fiscal_code = FiscalCode(person["fiscal_number"].removeprefix(PREFIX))
        return Place(fiscal_code, SessionId(claims["sid"]))

    def _verify(self, token: str) -> _Verified:
        """Return the statements of a token, which may have expired; raise as the call does."""
        claims = self.access_claims(token)
        now = self._clock.now()
        expires = expiry_of(claims, now.timestamp(), self._claims)
        citizen = citizen_of(claims, now.astimezone(ROME).date(), self._claims)
        return _Verified(citizen, SessionId(str(claims["sid"])), float(claims["iat"]), expires)

    def access_claims(self, token: str) -> dict[str, Any]:
        """Return the claims of an access token, which may have expired.

        Raise InvalidTokenError.
        """
        return self.claims_of(token, ACCESS_TYPE, (self._rules.audience,))

    def claims_of(self, token: str, type_: str, audiences: Collection[str]) -> dict[str, Any]:
        """Return the claims of a token of this app for one of the audiences.

        The function does not check the times of the token. Raise InvalidTokenError.
        """
        required = _REQUIRED if type_ == ACCESS_TYPE else ("exp", "iat", "iss", "aud", "sid")
        try:
            header = jwt.get_unverified_header(token)
            if header.get("typ") != type_ or "crit" in header:
                raise InvalidTokenError("the token is of another type")
            key = self._keys.all.get(str(header.get("kid", "")))
            if key is None:
                raise InvalidTokenError("the token's key is unknown")
            claims: dict[str, Any] = jwt.decode(
                token,
                key.public,
                algorithms=(ALGORITHM,),
                audience=audiences,
                issuer=self._rules.issuer,
                # the times are checked against the Clock port instead of the system clock
                options={
                    "require": list(required),
                    "verify_exp": False,
                    "verify_iat": False,
                    "verify_nbf": False,
                },
            )
        except jwt.MissingRequiredClaimError as error:
            raise InvalidTokenError(f"the token has no {error.claim}") from None
        except jwt.PyJWTError as error:
            raise InvalidTokenError(reason_of(error)) from None
        if not str(claims.get("fiscal_number", "")).startswith(PREFIX):
            raise InvalidTokenError("the token has no fiscal_number")
        return claims


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode(errors="surrogatepass")).digest()
