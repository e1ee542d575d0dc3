"""A subscription: the account, the rights and the keys that a caller of the senders' API has."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from lib.domain.identity.errors import NotAllowedError
from lib.domain.services.service import Group, Network, Sender, Service, is_inside
from lib.domain.shared.identifiers import OrganizationFiscalCode, ServiceId


class SubscriptionKind(StrEnum):
    """The purpose of a subscription's keys.

    SERVICE: send messages of one service. MANAGE: manage the services of one organisation.
    OPERATIONS: operate the installation.
    """

    SERVICE = "SERVICE"
    MANAGE = "MANAGE"
    OPERATIONS = "OPERATIONS"


type SubscriptionState = Literal["ACTIVE", "SUSPENDED"]
"""A suspended subscription keeps its keys, and each call with them is refused as unknown."""


@dataclass(frozen=True, slots=True)
class Subscription:
    """A subscription of an account (`user_id`), as IO's gateway knows it.

    `id`: the service's id for the service's own subscription, `MANAGE-…` for a manage key.
    `organization_fiscal_code`: the organisation for which it acts; None for operators.
    `on_behalf`: whether the account is an intermediary's, by the organisation's delegation.
    `authorized_cidrs`: of a manage key; the CIDRs of a service key stand in its service.
    `call_limit`: calls in each window of five seconds; None where the default holds.
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

    @property
    def is_active(self) -> bool:
        """Tell whether its keys admit calls."""
        return self.state == "ACTIVE"


@dataclass(frozen=True, slots=True)
class KeyHolder:
    """The subscription of a key, and the service that the subscription names."""

    subscription: Subscription
    service: Service | None = None

    def as_sender(self) -> Sender:
        """Return the caller that acts for its service; raise NotAllowedError without a service."""
        subscription = self.subscription
        if self.service is None:
            raise NotAllowedError
        return Sender(
            user_id=subscription.user_id,
            groups=subscription.groups,
            service=self.service,
            subscription_id=subscription.id,
            call_limit=subscription.call_limit,
        )

    def as_manager(self) -> "Manager":
        """Return the caller that manages an organisation's services; raise NotAllowedError."""
        subscription = self.subscription
        organization = subscription.organization_fiscal_code
        if subscription.kind is not SubscriptionKind.MANAGE or organization is None:
            raise NotAllowedError
        return Manager(subscription, organization)

    def as_operator(self) -> "Operator":
        """Return the caller that operates the installation; raise NotAllowedError."""
        if self.subscription.kind is not SubscriptionKind.OPERATIONS:
            raise NotAllowedError
        return Operator(self.subscription)


@dataclass(frozen=True, slots=True)
class SubscriptionCaller:
    """A caller that acts by a subscription alone, without a service."""

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
    """The caller of a manage key, and the organisation whose services it manages."""

    organization_fiscal_code: OrganizationFiscalCode
