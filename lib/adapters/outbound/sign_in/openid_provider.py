"""A provider of SPID or CIE, of which this installation is a relying party (OpenID Connect).

The caller keeps `state` and binds it to the browser; this module checks the rest of the answer, by
the time of this machine and not by the sandbox's clock.
"""

import logging
import time
from dataclasses import replace
from typing import Any, Final
from urllib.parse import urlencode

from lib.adapters.outbound.guarded_http import GuardedHTTP
from lib.adapters.outbound.key_sets import CachedKeySet
from lib.adapters.outbound.sign_in.checks import (
    authenticated_at,
    check_issued,
    check_login,
    check_subject,
)
from lib.adapters.outbound.sign_in.exchange import Exchange, Provider, object_of
from lib.adapters.outbound.sign_in.metadata import CachedMetadata, Metadata
from lib.adapters.outbound.sign_in.own_keys import OwnKeys
from lib.adapters.outbound.sign_in.provider_calls import ProviderCalls
from lib.adapters.outbound.sign_in.requests import authorization
from lib.adapters.outbound.sign_in.signed import claims_of, keys_of
from lib.domain.identity.citizen_token import TokenRules, citizen_of
from lib.domain.identity.errors import InvalidTokenError
from lib.domain.shared.values import Masked
from lib.ports.errors import UnavailableError
from lib.ports.identity_provider import ProvenIdentity, ProviderRequest

_ID_TOKEN: Final = "the ID token"  # noqa: S105 - a name
_USERINFO: Final = "UserInfo"
_log: Final = logging.getLogger(__name__)


class OpenIDProvider:
    """One provider.

    `rules`: the names of the claims. `on_this_machine`: the provider of the sandbox has no TLS.
    Cost: `begin_url` calls nobody while the metadata are cached; `finish` makes two calls, or three
    where the provider revokes tokens.
    """

    def __init__(
        self,
        provider: Provider,
        client_id: str,
        keys: OwnKeys,
        rules: TokenRules,
        http: GuardedHTTP,
        *,
        on_this_machine: bool = False,
    ) -> None:
        self._issuer, self._client_id = provider.issuer, client_id
        self._own, self._rules = keys, rules
        self._exchange = Exchange(provider, http)
        self._metadata = CachedMetadata(provider, self._exchange, on_this_machine=on_this_machine)
        self._keys = CachedKeySet(self._fetch_keys)
        self._calls = ProviderCalls(self._exchange, client_id, keys)

    def seconds(self) -> int:
        """Return the time of this machine."""
        return int(time.time())

    async def begin_url(self, request: ProviderRequest) -> str:
        """Return the address to which the browser is sent; see lib.ports.identity_provider."""
        metadata = await self._metadata.current()
        offered = metadata.acr_values
        levels = tuple(level for level in request.acr_values if level in offered)
        wanted = replace(request, acr_values=levels or request.acr_values)
        form = authorization(wanted, self._client_id, self._issuer, self._own)
        return _with(metadata.authorization_endpoint, form)

    async def finish(self, request: ProviderRequest, code: str, issuer: str) -> ProvenIdentity:
        """Return the identity that the code stands for; see lib.ports.identity_provider."""
        if issuer != self._issuer:
            raise InvalidTokenError("the answer is of another issuer")
        metadata = await self._metadata.current()
        access_token, id_token = await self._calls.exchange_code(metadata, request, code)
        try:
            login = await self._login(request, access_token, id_token)
            person = await self._person(metadata, access_token, login)
            await self._calls.revoke(metadata, access_token)
            acr = str(login["acr"])
            rules = replace(self._rules, acr_values=request.acr_values, scope="", minimum_age=0)
            at = authenticated_at(login)
            citizen = citizen_of({**person, "acr": acr}, at.date(), rules)
        except InvalidTokenError as error:
            # the reason names a check; without it, nobody could mend a provider
            _log.warning("a login at %s was refused: %s", self._issuer, error)
            raise
        return ProvenIdentity(
            fiscal_code=citizen.fiscal_code,
            name=citizen.name,
            family_name=citizen.family_name,
            email=citizen.email,
            birth_date=citizen.birth_date,
            acr=acr,
            authenticated_at=at,
            session_hint=Masked(id_token),
        )

    async def end_url(self, session_hint: Masked, return_to: str) -> str | None:
        """Return the address that ends the session; None where it is not known."""
        try:
            endpoint = (await self._metadata.current()).end_session_endpoint
        except UnavailableError:
            return None
        if not endpoint:
            return None
        form = {
            "id_token_hint": str(session_hint),
            "client_id": self._client_id,
            "post_logout_redirect_uri": return_to,
        }
        return _with(endpoint, form)

    async def close(self) -> None:
        """Release the connections."""
        await self._exchange.close()

    async def _login(
        self, request: ProviderRequest, access_token: str, id_token: str
    ) -> dict[str, Any]:
        """Return the claims of the ID token, which are those of this login."""
        claims, signature = await claims_of(_ID_TOKEN, id_token, self._keys)
        check_issued(_ID_TOKEN, claims, self._issuer, self._client_id, time.time())
        check_login(claims, request, access_token, signature)
        return claims

    async def _person(
        self, metadata: Metadata, access_token: str, login: dict[str, Any]
    ) -> dict[str, Any]:
        """Return the claims about the citizen, which came signed and encrypted."""
        signed = self._own.open(await self._calls.userinfo(metadata, access_token))
        claims, _ = await claims_of(_USERINFO, signed, self._keys)
        check_issued(_USERINFO, claims, self._issuer, self._client_id, time.time())
        check_subject(claims, login.get("sub"))
        return claims

    async def _fetch_keys(self) -> dict[str, Any]:
        metadata = await self._metadata.current()
        if not metadata.jwks_uri:
            return (await self._metadata.fetched()).keys
        keys = keys_of(object_of((await self._exchange.get(metadata.jwks_uri)).body))
        if not keys:
            raise self._exchange.fault("publishes no keys for signatures")
        return keys


def _with(url: str, form: dict[str, str]) -> str:
    return f"{url}{'&' if '?' in url else '?'}{urlencode(form)}"
