"""Citizens who call with a token, or with the cookie of a browser's session."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from functions.http.callers.cookies import cookies_of, named, refuse_other_sites, set_cookie
from functions.http.callers.head import Head
from lib.composition.app import App
from lib.domain.identity.access import Access
from lib.domain.identity.acting import ActingClaim, DelegationId
from lib.domain.identity.errors import InvalidTokenError
from lib.domain.parties.errors import NotDelegateError

PARTY: Final = "recapito-party"
"""The header by which a page names the delegation under which a call acts."""
OWN_INBOX: Final = "self"


async def access_of(app: App, head: Head) -> Access:
    """Return the access to an inbox that a token or, without one, a cookie gives.

    The issuer that a token names decides who verifies it. A token names its party itself, so PARTY
    beside a token is refused.
    """
    authorization = head.headers.get("authorization")
    if authorization and not authorization.isascii():
        raise InvalidTokenError("the token is malformed")
    if authorization and _party_of(head.headers) is not None:
        raise NotDelegateError
    if not app.settings.has_sign_in:
        return Access.to_own_inbox(await app.identity.authenticate_citizen(authorization))
    if not authorization and (cookie := _session_cookie(app, head.headers)):
        return await _by_cookie(app, head, cookie)
    scheme, _, token = (authorization or "").partition(" ")
    if scheme.lower() == "bearer" and app.sign_in.authenticate.issued(token):
        return await app.sign_in.authenticate(token)
    return Access.to_own_inbox(await app.identity.authenticate_citizen(authorization))


def _session_cookie(app: App, headers: Mapping[str, str]) -> str | None:
    is_local = app.settings.public_url.startswith("http://")
    return cookies_of(headers).get(named("session", is_local=is_local))


async def _by_cookie(app: App, head: Head, cookie: str) -> Access:
    """Return the access, and renew the cookie."""
    rules = app.sign_in.rules
    refuse_other_sites(head.method, head.headers, rules.issuer)
    access, renewed = await app.sign_in.use_cookie(cookie)
    if renewed is not None:
        head.answer_headers["Set-Cookie"] = set_cookie(renewed, is_local=rules.is_local)
    id_ = _party_of(head.headers)
    if id_ is None:
        return access
    return replace(access, actor=replace(access.actor, acting=ActingClaim(None, id_)))


def _party_of(headers: Mapping[str, str]) -> DelegationId | None:
    """Return the delegation that a page names; None for the citizen's own inbox."""
    named = headers.get(PARTY)
    return DelegationId(named) if named and named != OWN_INBOX else None
