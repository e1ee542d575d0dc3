"""The policies of endpoints: each endpoint names the callers that it admits."""

import ipaddress
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol

from lib.composition.app import App
from lib.domain.identity.access import Access
from lib.domain.identity.errors import (
    AssuranceLevelTooLowError,
    CitizenTooYoungError,
    InsufficientScopeError,
    InvalidSenderKeyError,
    InvalidTokenError,
    NoGroupError,
    NotAllowedError,
    TooManyFailuresError,
)
from lib.domain.services.service import Group, Sender
from lib.domain.services.subscription import KeyHolder, Manager, Operator
from lib.domain.shared.errors import DomainError

SENDER_KEY_HEADER = "ocp-apim-subscription-key"
CITIZEN_LOGIN = (
    "A signed JWT of the identity provider (SPID, CIE), with the fiscal code as TINIT-…, a level "
    "of assurance of 2 or more in `acr`, and a lifetime of at most a day, unless the settings say "
    "otherwise. A lower level is answered with 401 insufficient_user_authentication (RFC 9470): "
    "log in anew with one of the acr_values in WWW-Authenticate."
)
"""The description of the Authorization header in the OpenAPI document."""


class Policy[C](Protocol):
    """Decides whether a caller may use an endpoint.

    `authenticate` runs before the body is read, `admit` after the body is valid, as in IO.
    """

    @property
    def scheme(self) -> str | None:
        """The OpenAPI security scheme; None if everybody may call."""
        ...

    @property
    def refusals(self) -> tuple[type[DomainError], ...]:
        """The errors that the policy may raise."""
        ...

    async def authenticate(self, app: App, headers: Mapping[str, str]) -> C:
        """Return the caller."""
        ...

    def admit(self, caller: C, body: Any, address: Callable[[], str | None], /) -> None:
        """Refuse a call that the caller may not make with this body, or from this address."""
        ...


_KEY_REFUSALS: Final[tuple[type[DomainError], ...]] = (
    InvalidSenderKeyError,
    TooManyFailuresError,
    NoGroupError,
    NotAllowedError,
)


async def _holder(app: App, headers: Mapping[str, str], groups: frozenset[Group]) -> KeyHolder:
    """Return the holder of the key in the header."""
    key = headers.get(SENDER_KEY_HEADER)
    if key and not key.isascii():
        raise InvalidSenderKeyError(missing=False)
    address = client_address(headers.get("x-forwarded-for"), app.settings.trusted_proxies)
    return await app.identity.authenticate_key(key, groups, address)


@dataclass(frozen=True, slots=True)
class Senders:
    """Admits senders by key, if a key has one of the groups.

    `check`: a function that refuses bodies which the sender may not send.
    """

    groups: frozenset[Group]
    check: Callable[[Sender, Any], None] | None = None
    scheme: str = "SenderKey"
    refusals: tuple[type[DomainError], ...] = _KEY_REFUSALS

    async def authenticate(self, app: App, headers: Mapping[str, str]) -> Sender:
        """Return the sender of the key in the header."""
        return (await _holder(app, headers, self.groups)).as_sender()

    def admit(self, caller: Sender, body: Any, address: Callable[[], str | None]) -> None:
        """Check the body, then whether the service may be used from the address."""
        if self.check is not None:
            self.check(caller, body)
        if caller.service.authorized_cidrs and not caller.service.admits(address()):
            raise NotAllowedError


@dataclass(frozen=True, slots=True)
class Managers:
    """Admits the manage keys of organisations whose groups include one of these."""

    groups: frozenset[Group]
    scheme: str = "ManageKey"
    refusals: tuple[type[DomainError], ...] = _KEY_REFUSALS

    async def authenticate(self, app: App, headers: Mapping[str, str]) -> Manager:
        """Return the manager whose key the header has."""
        return (await _holder(app, headers, self.groups)).as_manager()

    def admit(self, caller: Manager, _body: Any, address: Callable[[], str | None]) -> None:
        """Check that the key may be used from this address."""
        if not caller.admits(address()):
            raise NotAllowedError


@dataclass(frozen=True, slots=True)
class Operators:
    """Admits the keys of operators of this installation."""

    groups: frozenset[Group] = frozenset((Group.OPERATIONS,))
    scheme: str = "OperatorKey"
    refusals: tuple[type[DomainError], ...] = _KEY_REFUSALS

    async def authenticate(self, app: App, headers: Mapping[str, str]) -> Operator:
        """Return the operator whose key the header has."""
        return (await _holder(app, headers, self.groups)).as_operator()

    def admit(self, caller: Operator, _body: Any, address: Callable[[], str | None]) -> None:
        """Check that the key may be used from this address."""
        if not caller.admits(address()):
            raise NotAllowedError


@dataclass(frozen=True, slots=True)
class Citizens:
    """Admits citizens by bearer token."""

    scheme: str = "CitizenToken"
    refusals: tuple[type[DomainError], ...] = (
        InvalidTokenError,
        AssuranceLevelTooLowError,
        InsufficientScopeError,
        CitizenTooYoungError,
    )

    async def authenticate(self, app: App, headers: Mapping[str, str]) -> Access:
        """Return the access to an inbox that the token of the Authorization header gives."""
        authorization = headers.get("authorization")
        if authorization and not authorization.isascii():
            raise InvalidTokenError("the token is malformed")
        citizen = await app.identity.authenticate_citizen(authorization)
        return Access.to_own_inbox(citizen)

    def admit(self, caller: Access, body: Any, address: Callable[[], str | None]) -> None:
        """Admit every call: use cases reach only the partition of the access's subject."""


@dataclass(frozen=True, slots=True)
class Everybody:
    """Admits every caller, for public endpoints."""

    scheme: None = None
    refusals: tuple[type[DomainError], ...] = ()

    async def authenticate(self, app: App, headers: Mapping[str, str]) -> None:
        """Return no caller."""

    def admit(self, caller: None, body: Any, address: Callable[[], str | None]) -> None:
        """Admit every caller."""


def client_address(forwarded_for: str | None, trusted_proxies: int) -> str | None:
    """Return the caller's address as the outermost trusted proxy saw it; None if there is none.

    Each proxy appends the address of its own caller, with or without a port. The addresses left of
    the trusted proxies' come from the caller and do not count.
    """
    hops = [hop.strip() for hop in (forwarded_for or "").split(",")]
    if len(hops) < trusted_proxies:
        return None
    hop = hops[-trusted_proxies]
    if hop.startswith("["):
        hop = hop[1:].partition("]")[0]
    elif hop.count(":") == 1:
        hop = hop.partition(":")[0]
    try:
        return str(ipaddress.ip_address(hop))
    except ValueError:
        return None
