"""Show and replace the keys that an intermediary has for a service of an organisation."""

from lib.domain.organizations.delegation import (
    LEAST_GROUPS,
    DelegationState,
    subscription_id_of,
)
from lib.domain.organizations.errors import (
    DelegationInactiveError,
    DelegationNotFoundError,
    NotDelegatedError,
)
from lib.domain.services.errors import ServiceNotFoundError
from lib.domain.services.keys import KeySlot
from lib.domain.services.subscription import Manager, Subscription, SubscriptionKind
from lib.domain.shared.identifiers import OrganizationFiscalCode, ServiceId
from lib.ports.clock import Clock
from lib.repositories.organizations.delegations import Delegations
from lib.repositories.services.services import Services
from lib.repositories.services.subscriptions import Subscriptions
from lib.use_cases.services.issue_keys import IssueKeys, ShownKeys


class DelegatedKeys:
    """Issue keys of the intermediary's own, one pair for each service.

    The subscription is made with the first look, and again by the same call after a crash.
    Cost: three point reads and a create, and the cost of IssueKeys.
    """

    def __init__(
        self,
        delegations: Delegations,
        services: Services,
        subscriptions: Subscriptions,
        keys: IssueKeys,
        clock: Clock,
    ) -> None:
        self._delegations = delegations
        self._services = services
        self._subscriptions = subscriptions
        self._keys = keys
        self._clock = clock

    async def show(
        self, manager: Manager, organization: OrganizationFiscalCode, service_id: ServiceId
    ) -> ShownKeys:
        """Return both keys: made now if there are none yet, masked otherwise.

        Raise DelegationNotFoundError, DelegationInactiveError, NotDelegatedError,
        ServiceNotFoundError.
        """
        return await self._keys.show(await self._subscription(manager, organization, service_id))

    async def replace(
        self,
        manager: Manager,
        organization: OrganizationFiscalCode,
        service_id: ServiceId,
        slot: KeySlot,
    ) -> ShownKeys:
        """Return the new key of the slot, and the other key masked. Raise as `show` does."""
        subscription_id = await self._subscription(manager, organization, service_id)
        return await self._keys.replace(subscription_id, slot)

    async def _subscription(
        self, manager: Manager, organization: OrganizationFiscalCode, service_id: ServiceId
    ) -> str:
        """Return the id of the intermediary's subscription to the service, made where missing."""
        intermediary = manager.organization_fiscal_code
        delegation = await self._delegations.get(organization, intermediary)
        if delegation is None:
            raise DelegationNotFoundError
        if delegation.state_at(self._clock.now()) is not DelegationState.ACTIVE:
            raise DelegationInactiveError
        if not delegation.includes(service_id):
            raise NotDelegatedError
        service = await self._services.get(service_id)
        if service is None or service.organization_fiscal_code != organization:
            raise ServiceNotFoundError
        subscription = Subscription(
            id=subscription_id_of(delegation, service_id),
            kind=SubscriptionKind.SERVICE,
            user_id=manager.user_id,
            # the rights that it has are those of the service's own subscription, at each lookup
            groups=LEAST_GROUPS,
            service_id=service_id,
            organization_fiscal_code=organization,
            on_behalf=True,
            intermediary_fiscal_code=intermediary,
        )
        await self._subscriptions.create(subscription)
        return subscription.id
