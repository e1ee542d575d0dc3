"""Sign the tokens of a session."""

import base64
import hashlib
import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple

import jwt

from lib.domain.identity.acting import DelegationId
from lib.domain.identity.citizen_token import ACTOR, DELEGATION, PREFIX
from lib.domain.shared.identifiers import FiscalCode
from lib.domain.sign_in.clients import INBOX, Scope
from lib.domain.sign_in.rules import ACCESS_LIFE, SignInRules
from lib.domain.sign_in.session import Session
from lib.domain.sign_in.signing_keys import ALGORITHM, SigningKeys
from lib.domain.sign_in.tickets import Place, Tickets

ACCESS_TYPE: Final = "at+jwt"
ID_TYPE: Final = "JWT"


class IssuedTokens(NamedTuple):
    """The answer to a client that asked for tokens. `id_token`: None without the scope openid."""

    access_token: str
    refresh_token: str
    id_token: str | None
    scope: tuple[Scope, ...]
    seconds: int


class ActingToken(NamedTuple):
    """An access token of a delegate, who acts for a party."""

    access_token: str
    scope: str
    seconds: int


_OF_A_PERSON: Final = (
    *("sub", "fiscal_number", "given_name", "family_name", "birthdate"),
    *("email", "email_verified"),
)
"""The claims about a person; in a token of a delegate they stand in `act`."""


class IssueTokens:
    """Make the tokens of a session. Cost: a signature for each; no access to the store."""

    def __init__(self, keys: SigningKeys, tickets: Tickets, rules: SignInRules) -> None:
        self._keys = keys
        self._tickets = tickets
        self._rules = rules

    def __call__(
        self,
        place: Place,
        session: Session,
        subject: str,
        scope: tuple[Scope, ...],
        now: datetime,
        *,
        with_id_token: bool,
    ) -> IssuedTokens:
        """Return the tokens: the access token has the scope, the others those of the session."""
        ends_at = min(now + ACCESS_LIFE, session.ends_at)
        shared = {
            "iss": self._rules.issuer,
            "sub": subject,
            "iat": int(now.timestamp()),
            "exp": int(ends_at.timestamp()),
            "sid": session.id,
            "acr": session.acr,
            "auth_time": int(session.authenticated_at.timestamp()),
            "fiscal_number": f"{PREFIX}{place.fiscal_code}",
        }
        access = {
            **shared,
            # the app can read the token, and the inbox has these data of the person too
            **(_person(session) if INBOX in scope else {}),
            "aud": self._rules.audience,
            "client_id": session.client_id,
            "jti": secrets.token_urlsafe(16),
            "scope": " ".join(scope),
        }
        access_token = self._signed(access, ACCESS_TYPE)
        id_token = None
        if with_id_token and "openid" in session.scope:
            claims = {
                **shared,
                **_person(session, session.scope),
                "aud": session.client_id,
                "at_hash": _half_hash(access_token),
                **({"nonce": session.nonce} if session.nonce else {}),
            }
            id_token = self._signed(claims, ID_TYPE)
        return IssuedTokens(
            access_token,
            self._tickets.refresh_token(place, session.generation, now),
            id_token,
            scope,
            int((ends_at - now).total_seconds()),
        )

    def acting(
        self, own: Mapping[str, Any], party: FiscalCode, delegation_id: DelegationId, now: datetime
    ) -> ActingToken:
        """Return the token with which a person acts for a party, by the claims of their own."""
        actor = {name: own[name] for name in _OF_A_PERSON if name in own}
        claims = {
            **{name: value for name, value in own.items() if name not in _OF_A_PERSON},
            "iat": int(now.timestamp()),
            "jti": secrets.token_urlsafe(16),
            "sub": delegation_id,
            "fiscal_number": f"{PREFIX}{party}",
            DELEGATION: delegation_id,
            ACTOR: actor,
        }
        seconds = int(own["exp"] - now.timestamp())
        return ActingToken(self._signed(claims, ACCESS_TYPE), str(own["scope"]), seconds)

    def _signed(self, claims: dict[str, Any], type_: str) -> str:
        key = self._keys.current
        headers = {"kid": key.id, "typ": type_}
        return jwt.encode(claims, key.private, ALGORITHM, headers=headers)


def _person(
    session: Session, scope: tuple[Scope, ...] = ("profile", "email")
) -> dict[str, str | bool]:
    """Return the claims about the person that a scope allows, those that are known."""
    claims: dict[str, str | bool] = {}
    if "profile" in scope:
        claims |= {
            "given_name": str(session.name),
            "family_name": str(session.family_name),
            "birthdate": str(session.birth_date),
        }
    if "email" in scope and session.email:
        claims |= {"email": str(session.email), "email_verified": False}
    return {name: value for name, value in claims.items() if value != ""}


def _half_hash(token: str) -> str:
    """Return the claim `at_hash` (OpenID Connect Core, section 3.1.3.6)."""
    half = hashlib.sha256(token.encode()).digest()[:16]
    return base64.urlsafe_b64encode(half).rstrip(b"=").decode()
