"""Found an organisation: its record, and the subscription of its manage keys."""

from typing import Final

from lib.domain.organizations.organization import Organization
from lib.domain.services.service import Group
from lib.domain.services.subscription import Subscription, SubscriptionKind
from lib.repositories.organizations.organizations import Organizations
from lib.repositories.services.subscriptions import Subscriptions

MANAGE_GROUPS: Final = frozenset((Group.SERVICE_WRITE, Group.REMOTE_CONTENT_WRITE))


class FoundOrganization:
    """Store an organisation and its manage subscription, which has no keys yet.

    An organisation that exists stays as it is. A call that died between the two writes is repeated.
    Cost: two creates; one point read more where the organisation exists.
    """

    def __init__(self, organizations: Organizations, subscriptions: Subscriptions) -> None:
        self._organizations = organizations
        self._subscriptions = subscriptions

    async def __call__(self, new: Organization) -> Organization:
        """Return the stored organisation, which may be an earlier one."""
        organization = await self._organizations.create(new)
        await self._subscriptions.create(
            Subscription(
                id=organization.manage_subscription_id,
                kind=SubscriptionKind.MANAGE,
                user_id=organization.user_id,
                groups=MANAGE_GROUPS,
                organization_fiscal_code=organization.fiscal_code,
            )
        )
        return organization
