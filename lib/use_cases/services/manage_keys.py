"""Show and replace the keys of a service that a manager owns."""

from lib.domain.services.errors import ManagedServiceNotFoundError, SubscriptionNotFoundError
from lib.domain.services.keys import KeySlot
from lib.domain.services.subscription import Manager
from lib.domain.shared.identifiers import ServiceId
from lib.use_cases.services.issue_keys import IssueKeys, ShownKeys
from lib.use_cases.services.owned_services import OwnedServices


class ManageKeys:
    """Show and replace the keys of a service.

    Each method raises ManagedServiceNotFoundError, and NotAllowedError for another's service.
    Cost: one point read, and what IssueKeys costs.
    """

    def __init__(self, owned: OwnedServices, keys: IssueKeys) -> None:
        self._owned = owned
        self._keys = keys

    async def show(self, manager: Manager, service_id: ServiceId) -> ShownKeys:
        """Return both keys: in full the first time, masked afterwards."""
        await self._owned.existing(manager, service_id)
        try:
            return await self._keys.show(service_id)
        except SubscriptionNotFoundError:
            raise ManagedServiceNotFoundError(service_id) from None

    async def replace(self, manager: Manager, service_id: ServiceId, slot: KeySlot) -> ShownKeys:
        """Make a new key in one slot, and return it in full, the other one masked."""
        await self._owned.existing(manager, service_id)
        try:
            return await self._keys.replace(service_id, slot)
        except SubscriptionNotFoundError:
            raise ManagedServiceNotFoundError(service_id) from None
