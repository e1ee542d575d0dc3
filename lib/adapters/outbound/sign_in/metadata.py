"""The metadata of a provider: its addresses, levels and keys.

A provider publishes a document of OpenID Connect Discovery, or the entity statement of OpenID
Federation, which it signs with a key that is in it. Either is trusted since it comes over TLS from
the issuer that the settings name: the trust chain is not followed.
"""

import asyncio
import time
from typing import Any, Final, NamedTuple

from lib.adapters.outbound.sign_in.exchange import Exchange, Provider, object_of
from lib.adapters.outbound.sign_in.signed import Keys, keys_of, stated
from lib.domain.identity.errors import InvalidTokenError
from lib.ports.errors import UnavailableError

FRESH_SECONDS: Final = 3600
RETRY_SECONDS: Final = 10
_DISCOVERY: Final = "/.well-known/openid-configuration"
_FEDERATION: Final = "/.well-known/openid-federation"
_LOOPBACK: Final = "http://127.0.0.1:"


class Metadata(NamedTuple):
    """The metadata of a provider. `keys`: its own JWKS, empty where `jwks_uri` has them."""

    authorization_endpoint: str
    token_endpoint: str
    userinfo_endpoint: str
    end_session_endpoint: str
    revocation_endpoint: str
    jwks_uri: str
    keys: Keys
    acr_values: tuple[str, ...]


class CachedMetadata:
    """The metadata, cached for an hour.

    A fetch that failed is repeated after 10 s; until then, and longer, the last metadata are used.
    Cost: one call of the provider an hour and process.
    Concurrency: calls at the same time share one fetch.
    """

    def __init__(self, provider: Provider, exchange: Exchange, *, on_this_machine: bool) -> None:
        self._provider, self._exchange = provider, exchange
        self._schemes = ("https://", *((_LOOPBACK,) if on_this_machine else ()))
        self._found: Metadata | None = None
        self._due_at = -float("inf")
        self._failure = ""
        self._lock = asyncio.Lock()

    async def current(self) -> Metadata:
        """Return the metadata. Raise UnavailableError."""
        if self._found is None or time.monotonic() >= self._due_at:
            async with self._lock:
                if time.monotonic() >= self._due_at:
                    await self._refresh()
        if self._found is None:
            raise UnavailableError(self._failure)
        return self._found

    async def fetched(self) -> Metadata:
        """Return the metadata as they are now. Raise UnavailableError."""
        async with self._lock:
            self._found = await self._fetch()
            self._due_at = time.monotonic() + FRESH_SECONDS
            return self._found

    async def _refresh(self) -> None:
        try:
            self._found, self._failure, wait = await self._fetch(), "", FRESH_SECONDS
        except UnavailableError as error:
            self._failure, wait = str(error), RETRY_SECONDS
        self._due_at = time.monotonic() + wait

    async def _fetch(self) -> Metadata:
        provider = self._provider
        path = _FEDERATION if provider.is_federated else _DISCOVERY
        answer = await self._exchange.get(f"{provider.issuer.rstrip('/')}{path}")
        published = _stated(answer.body, provider) if provider.is_federated else None
        found = object_of(answer.body) if published is None else published
        if found.get("issuer") != provider.issuer:
            raise self._exchange.fault("published metadata of another issuer")
        jwks = found.get("jwks")
        metadata = Metadata(
            authorization_endpoint=self._address(found, "authorization_endpoint"),
            token_endpoint=self._address(found, "token_endpoint"),
            userinfo_endpoint=self._address(found, "userinfo_endpoint"),
            end_session_endpoint=self._address(found, "end_session_endpoint"),
            revocation_endpoint=self._address(found, "revocation_endpoint"),
            jwks_uri=self._address(found, "jwks_uri"),
            keys=keys_of(jwks) if isinstance(jwks, dict) else {},
            acr_values=tuple(filter(_is_text, _list(found, "acr_values_supported"))),
        )
        needed = (*metadata[:3], metadata.jwks_uri or metadata.keys)
        methods = _list(found, "code_challenge_methods_supported")
        if not all(needed) or "S256" not in (methods or ["S256"]):
            raise self._exchange.fault("published metadata that cannot be used")
        return metadata

    def _address(self, found: dict[str, Any], name: str) -> str:
        value = found.get(name)
        return value if isinstance(value, str) and value.startswith(self._schemes) else ""


def _stated(body: bytes, provider: Provider) -> dict[str, Any]:
    """Return the metadata of an entity statement; empty for a statement that is not valid."""
    try:
        statement = stated(body.decode("ascii"))
    except (InvalidTokenError, UnicodeDecodeError):
        return {}
    names = {statement.get("iss"), statement.get("sub")}
    metadata = statement.get("metadata")
    found = metadata.get("openid_provider") if isinstance(metadata, dict) else None
    return found if isinstance(found, dict) and names == {provider.issuer} else {}


def _list(found: dict[str, Any], name: str) -> list[Any]:
    value = found.get(name)
    return value if isinstance(value, list) else []


def _is_text(value: object) -> bool:
    return isinstance(value, str)
