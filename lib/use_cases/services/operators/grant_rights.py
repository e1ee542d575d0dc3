"""Read and set the rights of a service that an operator alone grants."""

from dataclasses import replace

from lib.domain.services.errors import ServiceNotFoundError, SubscriptionNotFoundError
from lib.domain.services.rights import ServiceRights
from lib.domain.services.service import Group
from lib.domain.services.subscription import Subscription
from lib.domain.shared.identifiers import ServiceId
from lib.repositories.services.service_registry import ServiceRegistry
from lib.repositories.services.subscriptions import Subscriptions

_FEED = frozenset((Group.SUBSCRIPTIONS_FEED_READ,))


class GrantRights:
    """Read and set a service's category, and its right to the subscriptions feed.

    The right is that of the service's own keys; intermediaries never have it. Keys and caches of
    other processes follow within a minute.
    """

    def __init__(self, registry: ServiceRegistry, subscriptions: Subscriptions) -> None:
        self._registry = registry
        self._subscriptions = subscriptions

    async def read(self, service_id: ServiceId) -> ServiceRights:
        """Return the rights; raise ServiceNotFoundError, SubscriptionNotFoundError.

        Cost: two point reads.
        """
        category = await self._registry.category(service_id)
        if category is None:
            raise ServiceNotFoundError
        stored = await self._subscriptions.get(service_id)
        if stored is None:
            raise SubscriptionNotFoundError
        return ServiceRights(category, _reads_feed(stored.subscription))

    async def put(self, service_id: ServiceId, rights: ServiceRights) -> ServiceRights:
        """Set the rights and return them; raise as `read`, and UnavailableError.

        The two writes are repeatable: a call that died between them is sent again.
        Cost: three point reads, and up to two writes.
        """
        await self.read(service_id)

        def granted(subscription: Subscription) -> Subscription:
            others = subscription.groups - _FEED
            groups = others | _FEED if rights.reads_subscriptions_feed else others
            return replace(subscription, groups=groups)

        await self._subscriptions.change(service_id, granted)
        await self._registry.set_category(service_id, rights.category)
        return rights


def _reads_feed(subscription: Subscription) -> bool:
    return subscription.groups >= _FEED
