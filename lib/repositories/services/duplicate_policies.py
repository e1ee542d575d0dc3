"""Store how services treat messages that ask for a payment once more, a field of the service."""

from lib.domain.payments.brake import ACCEPT, DuplicatePolicy
from lib.domain.shared.identifiers import ServiceId
from lib.ports.documents import DocumentStore, PatchOperation
from lib.ports.schema.senders import SERVICES


class DuplicatePolicies:
    """Read and write the current policies; submissions use the cached policy of KeyHolders."""

    def __init__(self, store: DocumentStore) -> None:
        self._store = store

    async def get(self, service_id: ServiceId) -> DuplicatePolicy:
        """Return the policy; raise NotFoundError."""
        document = (await self._store.read(SERVICES, service_id, service_id)).document
        policy: DuplicatePolicy = document.get("duplicate_policy", ACCEPT)
        return policy

    async def put(self, service_id: ServiceId, policy: DuplicatePolicy) -> None:
        """Store the policy; raise NotFoundError."""
        operation = PatchOperation("set", "/duplicate_policy", policy)
        await self._store.patch(SERVICES, service_id, service_id, (operation,))
