"""The policies of endpoints: each endpoint names the callers that it admits."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Protocol

from functions.http.callers.citizens import access_of
from functions.http.callers.head import Head, client_address
from functions.http.callers.keys import counted_holder, key_holder
from lib.composition.app import App
from lib.domain.identity.access import Access
from lib.domain.identity.acting import Right
from lib.domain.identity.errors import (
    AnonymousUserError,
    AssuranceLevelTooLowError,
    CitizenTooYoungError,
    InsufficientScopeError,
    InvalidSenderKeyError,
    InvalidTokenError,
    InvalidVoucherError,
    NoGroupError,
    NotAllowedError,
    TooManyFailuresError,
)
from lib.domain.limits.errors import TooManyCallsError
from lib.domain.parties.admission import Admission, View
from lib.domain.parties.errors import MissingRightError, NotDelegateError, OwnerAloneError
from lib.domain.services.service import Group, Sender
from lib.domain.services.subscription import KeyHolder, Manager, Operator
from lib.domain.shared.errors import DomainError
from lib.domain.sign_in.errors import CrossSiteCallError

FOREIGN_ADDRESS: Final = "may not be used from your address: see its `authorized_cidrs`"
"""The rule that a call breaks from a network that a key is not meant for."""
CITIZEN_LOGIN = (
    "An access token of this app (see /.well-known/oauth-authorization-server), or a signed JWT of "
    "the issuer that the settings name, with the fiscal code as TINIT-…, a level of assurance of 2 "
    "or more in `acr`, and a lifetime of at most a day, unless the settings say otherwise. A lower "
    "level is answered with 401 insufficient_user_authentication (RFC 9470): log in anew with one "
    "of the acr_values in WWW-Authenticate."
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

    async def authenticate(self, app: App, head: Head) -> C:
        """Return the caller."""
        ...

    def admit(self, caller: C, body: Any, address: Callable[[], str | None], /) -> None:
        """Refuse a call that the caller may not make with this body, or from this address."""
        ...


_KEY_REFUSALS: Final[tuple[type[DomainError], ...]] = (
    InvalidSenderKeyError,
    InvalidVoucherError,
    TooManyFailuresError,
    AnonymousUserError,
    NoGroupError,
    NotAllowedError,
)
_COUNTED_REFUSALS: Final = (*_KEY_REFUSALS, TooManyCallsError)


@dataclass(frozen=True, slots=True)
class Senders:
    """Admits senders by key, if a key has one of the groups.

    `check`: a function that refuses bodies which the sender may not send.
    `is_counted`: whether the calls count for the limit of the subscription.
    """

    groups: frozenset[Group]
    check: Callable[[Sender, Any], None] | None = None
    is_counted: bool = True
    scheme: str = "SenderKey"

    @property
    def refusals(self) -> tuple[type[DomainError], ...]:
        """The errors that the policy may raise."""
        return _COUNTED_REFUSALS if self.is_counted else _KEY_REFUSALS

    async def authenticate(self, app: App, head: Head) -> Sender:
        """Return the sender whose key the request has."""
        holder = await (counted_holder if self.is_counted else key_holder)(app, head)
        return holder.require(self.groups).as_sender()

    def admit(self, caller: Sender, body: Any, address: Callable[[], str | None]) -> None:
        """Check the body, then whether the service may be used from the address."""
        if self.check is not None:
            self.check(caller, body)
        if caller.service.authorized_cidrs and not caller.service.admits(address()):
            raise NotAllowedError(rule=FOREIGN_ADDRESS)


@dataclass(frozen=True, slots=True)
class Managers:
    """Admits the manage keys of organisations whose groups include one of these.

    The calls count for the subscription's limit.
    """

    groups: frozenset[Group]
    scheme: str = "ManageKey"
    refusals: tuple[type[DomainError], ...] = _COUNTED_REFUSALS

    async def authenticate(self, app: App, head: Head) -> Manager:
        """Return the manager whose key the request has."""
        return (await counted_holder(app, head)).require(self.groups).as_manager()

    def admit(self, caller: Manager, _body: Any, address: Callable[[], str | None]) -> None:
        """Check that the key may be used from this address."""
        if not caller.admits(address()):
            raise NotAllowedError(rule=FOREIGN_ADDRESS)


@dataclass(frozen=True, slots=True)
class AnyKey:
    """Admits every key with a right, of a service or of a manager.

    The calls count for the subscription's limit.
    """

    groups: frozenset[Group] = frozenset(Group) - {Group.OPERATIONS}
    scheme: str = "SenderKey"
    refusals: tuple[type[DomainError], ...] = _COUNTED_REFUSALS

    async def authenticate(self, app: App, head: Head) -> KeyHolder:
        """Return the holder of the key that the request has."""
        return (await counted_holder(app, head)).require(self.groups)

    def admit(self, caller: KeyHolder, _body: Any, address: Callable[[], str | None]) -> None:
        """Check that the key may be used from this address."""
        if not caller.admits(address()):
            raise NotAllowedError(rule=FOREIGN_ADDRESS)


@dataclass(frozen=True, slots=True)
class Operators:
    """Admits the keys of operators of this installation."""

    groups: frozenset[Group] = frozenset((Group.OPERATIONS,))
    scheme: str = "OperatorKey"
    refusals: tuple[type[DomainError], ...] = _KEY_REFUSALS

    async def authenticate(self, app: App, head: Head) -> Operator:
        """Return the operator whose key the request has."""
        return (await key_holder(app, head)).require(self.groups).as_operator()

    def admit(self, caller: Operator, _body: Any, address: Callable[[], str | None]) -> None:
        """Check that the key may be used from this address."""
        if not caller.admits(address()):
            raise NotAllowedError(rule=FOREIGN_ADDRESS)


@dataclass(frozen=True, slots=True)
class Citizens:
    """Admits citizens by bearer token, and by the cookie of a browser's session.

    `delegates`: whether delegates may call, who act for another party; each endpoint says it.
    """

    delegates: Admission
    scheme: str = "CitizenToken"
    refusals: tuple[type[DomainError], ...] = (
        InvalidTokenError,
        AssuranceLevelTooLowError,
        InsufficientScopeError,
        CitizenTooYoungError,
        CrossSiteCallError,
        NotDelegateError,
        OwnerAloneError,
        MissingRightError,
    )

    async def authenticate(self, app: App, head: Head) -> Access:
        """Return the access to an inbox that the token or the cookie gives."""
        access = await access_of(app, head)
        acting = access.actor.acting
        if acting is None:
            return access
        access = await app.parties.admit(access, acting, self.delegates)
        if acting.party is None and access.bounds and Right.MANAGE in access.bounds.rights:
            # a page makes no exchange at which the party of a register gets its profile
            await app.sign_in.welcome(access.subject)
        if self.delegates.view is View.MESSAGE:
            head.kept = access
        return access

    def admit(self, caller: Access, body: Any, address: Callable[[], str | None]) -> None:
        """Admit every call: use cases reach only the partition of the access's subject."""


@dataclass(frozen=True, slots=True)
class Everybody:
    """Admits every caller, for public endpoints."""

    scheme: None = None
    refusals: tuple[type[DomainError], ...] = ()

    async def authenticate(self, app: App, head: Head) -> None:
        """Return no caller."""

    def admit(self, caller: None, body: Any, address: Callable[[], str | None]) -> None:
        """Admit every caller."""


@dataclass(frozen=True, slots=True)
class EverybodyByAddress:
    """Admits every caller, and names the network address, for public endpoints with a limit."""

    scheme: None = None
    refusals: tuple[type[DomainError], ...] = ()

    async def authenticate(self, app: App, head: Head) -> str | None:
        """Return the address of the caller; None if there is none."""
        return client_address(head.headers.get("x-forwarded-for"), app.settings.trusted_proxies)

    def admit(self, caller: str | None, body: Any, address: Callable[[], str | None]) -> None:
        """Admit every caller."""
