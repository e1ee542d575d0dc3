"""The calls of a login at a provider: exchange the code, ask for UserInfo, revoke the token."""

import contextlib
from typing import Final

from lib.adapters.outbound.sign_in.exchange import Exchange
from lib.adapters.outbound.sign_in.metadata import Metadata
from lib.adapters.outbound.sign_in.own_keys import OwnKeys
from lib.adapters.outbound.sign_in.requests import assertion
from lib.domain.identity.errors import InvalidTokenError
from lib.ports.errors import UnavailableError
from lib.ports.identity_provider import ProviderRequest

_OK: Final = 200
_OF_THE_CODE: Final = frozenset({400, 403, 413})
"""The statuses of a refused code. Any browser can bring one, so none of them is an outage.

Three outages in a row would stop the logins of all. Not each provider answers `invalid_grant`, and
a firewall before it answers a code that looks like an attack.
"""
_OF_THE_CLIENT: Final = frozenset({"invalid_client", "unauthorized_client"})
_JOSE: Final = frozenset({"application/jose", "application/jwt"})


class ProviderCalls:
    """The calls of one provider, by a relying party that proves itself with its key."""

    def __init__(self, exchange: Exchange, client_id: str, keys: OwnKeys) -> None:
        self._exchange, self._client_id, self._own = exchange, client_id, keys

    async def exchange_code(
        self, metadata: Metadata, request: ProviderRequest, code: str
    ) -> tuple[str, str]:
        """Return the access token and the ID token. Raise InvalidTokenError, UnavailableError."""
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": request.redirect_uri,
            "code_verifier": request.code_verifier,
            **assertion(self._client_id, metadata.token_endpoint, self._own),
        }
        status, answer = await self._exchange.post(metadata.token_endpoint, form)
        if status in _OF_THE_CODE and answer.get("error") not in _OF_THE_CLIENT:
            raise InvalidTokenError("the provider refused the authorization code")
        if status != _OK:
            raise self._exchange.fault(f"answered {status} to an authorization code")
        access_token, id_token = answer.get("access_token"), answer.get("id_token")
        if not (_is_token(access_token) and isinstance(id_token, str)):
            raise self._exchange.fault("gave no tokens")
        return str(access_token), id_token

    async def userinfo(self, metadata: Metadata, access_token: str) -> str:
        """Return UserInfo as it came. Raise InvalidTokenError, UnavailableError."""
        answer = await self._exchange.get(metadata.userinfo_endpoint, access_token)
        if answer.media_type not in _JOSE:
            raise InvalidTokenError("UserInfo is not encrypted as it must be")
        return answer.body.decode("latin-1").strip()

    async def revoke(self, metadata: Metadata, access_token: str) -> None:
        """Revoke the access token, which has served its purpose."""
        endpoint = metadata.revocation_endpoint
        if not endpoint:
            return
        form = {"token": access_token, **assertion(self._client_id, endpoint, self._own)}
        # a token that is not revoked ends within minutes
        with contextlib.suppress(UnavailableError):
            await self._exchange.post(endpoint, form)


def _is_token(value: object) -> bool:
    return isinstance(value, str) and value.isascii() and value.isprintable() and bool(value)
