"""The policies of endpoints: each endpoint names the callers that it admits."""

import ipaddress
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from functions.http.callers.vouchers import AUTHORIZATION, holder_of_voucher
from lib.composition.app import App
from lib.domain.identity.access import Access
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
from lib.domain.services.service import Group, Sender
from lib.domain.services.subscription import KeyHolder, Manager, Operator
from lib.domain.shared.errors import DomainError
from lib.telemetry.routes import KEY_PARAMETER
from lib.use_cases.identity.vouchers.authenticate_voucher import VoucherHolder

SENDER_KEY_HEADER = "ocp-apim-subscription-key"
GATEWAY_HEADER = "x-recapito-gateway"
"""The secret of a trusted gateway. The headers about the caller count beside it alone."""
_FOREIGN_ADDRESS: Final = "may not be used from your address: see its `authorized_cidrs`"
CITIZEN_LOGIN = (
    "A signed JWT of the identity provider (SPID, CIE), with the fiscal code as TINIT-…, a level "
    "of assurance of 2 or more in `acr`, and a lifetime of at most a day, unless the settings say "
    "otherwise. A lower level is answered with 401 insufficient_user_authentication (RFC 9470): "
    "log in anew with one of the acr_values in WWW-Authenticate."
)
"""The description of the Authorization header in the OpenAPI document."""


@dataclass(slots=True)
class Head:
    """A request without its body.

    `answer_headers`: the headers that the answer gets, whether it accepts the request or refuses.
    `voucher`: the caller of a voucher, which the policy sets; None for other callers.
    """

    headers: Mapping[str, str]
    query: Mapping[str, str]
    answer_headers: dict[str, str] = field(default_factory=dict)
    method: str = ""
    url: str = ""
    voucher: VoucherHolder | None = None

    @property
    def key(self) -> str | None:
        """The sender key of the header or, without the header, of the query."""
        key = self.headers.get(SENDER_KEY_HEADER)
        if not key and self.query:
            names = {name.lower(): name for name in self.query}
            key = self.query.get(names.get(KEY_PARAMETER, ""))
        return key


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


async def _holder(app: App, head: Head) -> KeyHolder:
    """Return the caller that a trusted gateway names, else the holder of the key or the voucher.

    A key counts before a voucher, since clients of IO may send an Authorization header beside it.
    """
    headers, identity = head.headers, app.identity
    if identity.authenticate_gateway.trusts(headers.get(GATEWAY_HEADER)):
        return await identity.authenticate_gateway(
            subscription_id=headers.get("x-subscription-id"),
            user_id=headers.get("x-user-id"),
            groups=headers.get("x-user-groups"),
        )
    key = head.key
    if key and not key.isascii():
        raise InvalidSenderKeyError(missing=False)
    address = client_address(headers.get("x-forwarded-for"), app.settings.trusted_proxies)
    if not key and headers.get(AUTHORIZATION) and identity.authenticate_voucher.is_on:
        head.voucher = await holder_of_voucher(app, headers, head.method, head.url, address)
        return head.voucher.holder
    return await identity.authenticate_key(key, address)


async def _counted_holder(app: App, head: Head) -> KeyHolder:
    """Return the caller, and count the call; raise TooManyCallsError."""
    holder = await _holder(app, head)
    subscription = holder.subscription
    limit = subscription.calls_allowed
    if limit is not None:
        try:
            left = await app.limits.count_calls(subscription.id, limit)
        except TooManyCallsError as error:
            _set_limit_headers(head, limit, 0, error.seconds)
            raise
        _set_limit_headers(head, limit, left.remaining, left.seconds)
    return holder


async def count_size(app: App, head: Head, caller: Sender, calls: int) -> None:
    """Count a call whose body is worth several calls; one of them is counted already.

    A call never counts for more than the whole limit. Raise TooManyCallsError.
    """
    limit = caller.calls_allowed
    if limit is None or (more := min(calls, limit) - 1) < 1:
        return
    try:
        left = await app.limits.count_calls(caller.subscription_id, limit, more)
    except TooManyCallsError as error:
        _set_limit_headers(head, limit, 0, error.seconds)
        raise
    _set_limit_headers(head, limit, left.remaining, left.seconds)


def _set_limit_headers(head: Head, limit: int, remaining: int, seconds: int) -> None:
    headers = head.answer_headers
    headers["RateLimit-Limit"] = str(limit)
    headers["RateLimit-Remaining"] = str(remaining)
    headers["RateLimit-Reset"] = str(seconds)


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
        holder = await (_counted_holder if self.is_counted else _holder)(app, head)
        return holder.require(self.groups).as_sender()

    def admit(self, caller: Sender, body: Any, address: Callable[[], str | None]) -> None:
        """Check the body, then whether the service may be used from the address."""
        if self.check is not None:
            self.check(caller, body)
        if caller.service.authorized_cidrs and not caller.service.admits(address()):
            raise NotAllowedError(rule=_FOREIGN_ADDRESS)


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
        return (await _counted_holder(app, head)).require(self.groups).as_manager()

    def admit(self, caller: Manager, _body: Any, address: Callable[[], str | None]) -> None:
        """Check that the key may be used from this address."""
        if not caller.admits(address()):
            raise NotAllowedError(rule=_FOREIGN_ADDRESS)


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
        return (await _counted_holder(app, head)).require(self.groups)

    def admit(self, caller: KeyHolder, _body: Any, address: Callable[[], str | None]) -> None:
        """Check that the key may be used from this address."""
        if not caller.admits(address()):
            raise NotAllowedError(rule=_FOREIGN_ADDRESS)


@dataclass(frozen=True, slots=True)
class Operators:
    """Admits the keys of operators of this installation."""

    groups: frozenset[Group] = frozenset((Group.OPERATIONS,))
    scheme: str = "OperatorKey"
    refusals: tuple[type[DomainError], ...] = _KEY_REFUSALS

    async def authenticate(self, app: App, head: Head) -> Operator:
        """Return the operator whose key the request has."""
        return (await _holder(app, head)).require(self.groups).as_operator()

    def admit(self, caller: Operator, _body: Any, address: Callable[[], str | None]) -> None:
        """Check that the key may be used from this address."""
        if not caller.admits(address()):
            raise NotAllowedError(rule=_FOREIGN_ADDRESS)


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

    async def authenticate(self, app: App, head: Head) -> Access:
        """Return the access to an inbox that the token of the Authorization header gives."""
        authorization = head.headers.get("authorization")
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
