"""Find the rights that a subscription has now, by the state of its organisation."""

from dataclasses import replace

from lib.domain.organizations.delegation import (
    DELEGATED_GROUPS,
    LEAST_GROUPS,
    DelegationState,
    subscription_id_of,
)
from lib.domain.organizations.organization import OrganizationState
from lib.domain.services.service import Group, Service
from lib.domain.services.subscription import KeyHolder, Subscription, SubscriptionKind
from lib.domain.shared.identifiers import OrganizationFiscalCode
from lib.repositories.organizations.delegations import Delegations
from lib.repositories.organizations.organizations import Organizations
from lib.repositories.services.subscriptions import Subscriptions


class Standing:
    """Tell what the keys of a subscription may do, as one write of an operator or a side decided.

    A suspension, a trial and a revoked delegation change no subscription: each lookup of a key
    asks for them. So they hold for all keys at once, and no crash leaves some keys out.
    Nothing is cached here, so that a key follows within the time for which its holder is cached.
    Cost: one point read. A delegated key: three more.
    """

    def __init__(
        self, organizations: Organizations, delegations: Delegations, subscriptions: Subscriptions
    ) -> None:
        self._organizations = organizations
        self._delegations = delegations
        self._subscriptions = subscriptions

    async def __call__(
        self, subscription: Subscription, service: Service | None
    ) -> KeyHolder | None:
        """Return the holder with its present rights; None where its keys are refused."""
        if subscription.kind is SubscriptionKind.OPERATIONS:
            return KeyHolder(subscription, service)
        intermediary = subscription.intermediary_fiscal_code
        if intermediary is not None:
            delegated = await self._delegated(subscription, intermediary)
            if delegated is None or await self._state(intermediary) is OrganizationState.SUSPENDED:
                return None
            subscription = delegated
        organization = subscription.organization_fiscal_code
        if organization is None and service is not None:
            organization = service.organization_fiscal_code
        state = None if organization is None else await self._state(organization)
        if state is OrganizationState.SUSPENDED:
            return None
        is_on_trial = state is OrganizationState.TRIAL
        if is_on_trial and Group.MESSAGE_WRITE in subscription.groups:
            limited = subscription.groups - {Group.MESSAGE_WRITE} | {Group.LIMITED_MESSAGE_WRITE}
            subscription = replace(subscription, groups=limited)
        return KeyHolder(subscription, service, is_on_trial=is_on_trial)

    async def _state(self, fiscal_code: OrganizationFiscalCode) -> OrganizationState | None:
        organization = await self._organizations.get(fiscal_code)
        return None if organization is None else organization.state

    async def _delegated(
        self, subscription: Subscription, intermediary: OrganizationFiscalCode
    ) -> Subscription | None:
        """Return an intermediary's subscription, with the service's rights to send and follow."""
        organization, service_id = subscription.organization_fiscal_code, subscription.service_id
        if organization is None or service_id is None:
            return None
        delegation = await self._delegations.get(organization, intermediary)
        if (
            delegation is None
            or delegation.state is not DelegationState.ACTIVE
            or not delegation.includes(service_id)
            or subscription.id != subscription_id_of(delegation, service_id)
        ):
            return None
        own = await self._subscriptions.get(service_id)
        if own is not None and not own.subscription.is_active:
            return None
        return replace(
            subscription,
            groups=LEAST_GROUPS if own is None else own.subscription.groups & DELEGATED_GROUPS,
            call_limit=delegation.terms.call_limit,
            ends_at=delegation.terms.ends_at,
        )
