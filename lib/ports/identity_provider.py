"""Ports to the identity providers (SPID, CIE) where citizens prove who they are."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from lib.domain.shared.identifiers import FiscalCode
from lib.domain.shared.values import Masked


@dataclass(frozen=True, slots=True)
class ProviderRequest:
    """One login at the provider.

    `state`, `nonce`, `code_verifier`: random values of this login, which the caller keeps until
    the browser returns. `acr_values`: the accepted levels of assurance, the preferred one first.
    `begun_at`: when the login began, by `IdentityProvider.seconds`; a citizen who `must_log_in` has
    to prove the identity after it.
    """

    state: str
    nonce: str
    code_verifier: str
    redirect_uri: str
    acr_values: tuple[str, ...]
    must_log_in: bool = False
    begun_at: int = 0


@dataclass(frozen=True, slots=True)
class ProvenIdentity:
    """The citizen as the provider attests them. A text that the provider lacks is empty.

    `birth_date`: a complete date as ISO 8601 writes it. `session_hint`: what `end_url` needs to
    end the session at the provider. Its repr shows no personal data.
    """

    fiscal_code: FiscalCode
    name: Masked
    family_name: Masked
    email: Masked
    birth_date: Masked
    acr: str
    authenticated_at: datetime
    session_hint: Masked


class IdentityProvider(Protocol):
    """One provider, of which the app is a relying party (OpenID Connect).

    Raises: UnavailableError, from `begin_url` and `finish`.
    """

    def seconds(self) -> int:
        """Return the present time since 1970, by the clock that judges the provider's answers."""
        ...

    async def begin_url(self, request: ProviderRequest) -> str:
        """Return the address of the provider to which the browser is sent."""
        ...

    async def finish(self, request: ProviderRequest, code: str, issuer: str) -> ProvenIdentity:
        """Return the identity for which the provider gave the authorization code.

        `issuer`: the parameter `iss` of the provider's answer (RFC 9207); empty without one.

        Raises: InvalidTokenError, AssuranceLevelTooLowError.
        """
        ...

    async def end_url(self, session_hint: Masked, return_to: str) -> str | None:
        """Return the address that ends the citizen's session at the provider; None without one."""
        ...

    async def close(self) -> None:
        """Release connections."""
        ...


@dataclass(frozen=True, slots=True)
class OfferedProvider:
    """A provider at which citizens may log in. `name`: its name as people know it."""

    name: str
    provider: IdentityProvider


class RelyingParty(Protocol):
    """The relying party's public documents, which providers and their federation read."""

    def key_set(self) -> dict[str, Any]:
        """Return the public keys of signatures and of encryption (JWKS, RFC 7517)."""
        ...

    def entity_configuration(self) -> str | None:
        """Return the signed entity configuration (OpenID Federation); None outside a federation."""
        ...
