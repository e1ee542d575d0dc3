"""A subscription: the account, the rights and the keys of a caller of the senders' API."""

from collections.abc import Container
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final, Literal, Self

from lib.domain.identity.errors import NoGroupError, NotAllowedError
from lib.domain.services.keys import KeySlot
from lib.domain.services.service import (
    Group,
    Network,
    Sender,
    Service,
    calls_allowed,
    is_inside,
)
from lib.domain.shared.identifiers import OrganizationFiscalCode, ServiceId
from lib.domain.shared.values import timestamp

MAX_NAMED_GROUPS: Final = 3
"""A refusal names the rights of which one would do, if they are so few."""


class SubscriptionKind(StrEnum):
    """The purpose of a subscription's keys.

    SERVICE: send messages of one service. MANAGE: manage the services of one organisation.
    OPERATIONS: operate the installation.
    """

    SERVICE = "SERVICE"
    MANAGE = "MANAGE"
    OPERATIONS = "OPERATIONS"


type SubscriptionState = Literal["ACTIVE", "SUSPENDED"]
"""SUSPENDED: the subscription keeps its keys, but calls with them are refused as unknown."""


@dataclass(frozen=True, slots=True)
class Subscription:
    """A subscription of an account (`user_id`), as IO's gateway knows it.

    `id`: the service's id for the service's own subscription, `MANAGE-…` for a manage key.
    `organization_fiscal_code`: the organisation for which it acts; None for operators.
    `on_behalf`: the account is that of an intermediary, by a delegation of the organisation.
    `authorized_cidrs`: the networks of a manage key; a service has the networks of its keys.
    `call_limit`: the calls in any five seconds; None where a group or the default decides.
    `intermediary_fiscal_code`: the intermediary that has it by a delegation of the organisation.
    `ends_at`: the time (UTC) from which its keys are refused; None for no end.
    """

    id: str
    kind: SubscriptionKind
    user_id: str
    groups: frozenset[Group]
    service_id: ServiceId | None = None
    organization_fiscal_code: OrganizationFiscalCode | None = None
    on_behalf: bool = False
    authorized_cidrs: tuple[Network, ...] = ()
    call_limit: int | None = None
    state: SubscriptionState = "ACTIVE"
    intermediary_fiscal_code: OrganizationFiscalCode | None = None
    ends_at: str | None = None

    def has_ended(self, now: datetime) -> bool:
        """Tell whether its end has come."""
        return self.ends_at is not None and self.ends_at <= timestamp(now)

    @property
    def is_active(self) -> bool:
        """Tell whether calls with the subscription's keys are allowed."""
        return self.state == "ACTIVE"

    @property
    def calls_allowed(self) -> int | None:
        """The calls that it may make in any five seconds; None for any number."""
        return calls_allowed(self.call_limit, self.groups)

    def narrowed_to(self, names: Container[str]) -> "Subscription":
        """Return the subscription with those of its groups alone that have one of these names.

        The group of the trial mode restricts the right to write, so without this group the
        subscription loses the right itself.
        """
        groups = frozenset(group for group in self.groups if group in names)
        if Group.LIMITED_MESSAGE_WRITE in self.groups - groups:
            groups -= {Group.MESSAGE_WRITE}
        return replace(self, groups=groups)


def _rule(allowed: frozenset[Group]) -> str | None:
    """Return the rule about the right of a key; None if so many rights will do."""
    if len(allowed) > MAX_NAMED_GROUPS:
        return None
    return f"must be a key with the right {' or '.join(sorted(allowed))}"


@dataclass(frozen=True, slots=True)
class KeyHolder:
    """The subscription of a key, and the service that the subscription names.

    `is_on_trial`: whether the organisation for which it acts is on trial. `slot`: that of the key;
    None for a key that is never replaced, and for a caller that a trusted gateway names.
    """

    subscription: Subscription
    service: Service | None = None
    is_on_trial: bool = False
    slot: KeySlot | None = None

    @property
    def organization_fiscal_code(self) -> OrganizationFiscalCode | None:
        """The organisation for which the key acts; None for operators."""
        own = self.subscription.organization_fiscal_code
        return self.service.organization_fiscal_code if own is None and self.service else own

    def admits(self, address: str | None) -> bool:
        """Tell whether a call from this address is allowed."""
        service = self.service
        of_service = service is None or service.admits(address)
        return of_service and is_inside(address, self.subscription.authorized_cidrs)

    def require(self, allowed: frozenset[Group]) -> Self:
        """Return the holder; raise NoGroupError or NotAllowedError without an allowed group."""
        groups = self.subscription.groups
        if not groups:
            raise NoGroupError
        if not groups & allowed:
            raise NotAllowedError(rule=_rule(allowed))
        return self

    def as_sender(self) -> Sender:
        """Return the caller for a service; raise NotAllowedError without a service."""
        subscription = self.subscription
        if self.service is None:
            raise NotAllowedError(rule="must be the key of a service")
        return Sender(
            user_id=subscription.user_id,
            groups=subscription.groups,
            service=self.service,
            subscription_id=subscription.id,
            call_limit=subscription.call_limit,
            on_behalf=subscription.on_behalf,
            intermediary_fiscal_code=subscription.intermediary_fiscal_code,
            is_on_trial=self.is_on_trial,
        )

    def as_manager(self) -> "Manager":
        """Return the caller for an organisation's services; raise NotAllowedError."""
        subscription = self.subscription
        organization = subscription.organization_fiscal_code
        if subscription.kind is not SubscriptionKind.MANAGE or organization is None:
            raise NotAllowedError(rule="must be a manage key of an organisation")
        return Manager(subscription, organization, self.slot)

    def as_operator(self) -> "Operator":
        """Return the caller for the operation of the installation; raise NotAllowedError."""
        if self.subscription.kind is not SubscriptionKind.OPERATIONS:
            raise NotAllowedError(rule="must be an operator's key")
        return Operator(self.subscription)


@dataclass(frozen=True, slots=True)
class SubscriptionCaller:
    """A caller with a subscription and without a service."""

    subscription: Subscription

    @property
    def user_id(self) -> str:
        """The account that acts."""
        return self.subscription.user_id

    @property
    def groups(self) -> frozenset[Group]:
        """The rights of the key."""
        return self.subscription.groups

    def admits(self, address: str | None) -> bool:
        """Tell whether a call from this address is allowed."""
        return is_inside(address, self.subscription.authorized_cidrs)


@dataclass(frozen=True, slots=True)
class Operator(SubscriptionCaller):
    """The caller of an operator's key."""


@dataclass(frozen=True, slots=True)
class Manager(SubscriptionCaller):
    """The caller of a manage key, and the organisation whose services it manages.

    `slot`: as in KeyHolder.
    """

    organization_fiscal_code: OrganizationFiscalCode
    slot: KeySlot | None = None
