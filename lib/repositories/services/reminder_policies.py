"""Store the reminder policies of services, each a field of its service."""

from lib.domain.reminders.policy import ReminderPolicy
from lib.domain.shared.identifiers import ServiceId
from lib.ports.documents import DocumentStore, PatchOperation
from lib.ports.schema.senders import SERVICES


class ReminderPolicies:
    """Read and write the current policies; submissions use the cached policy of KeyHolders."""

    def __init__(self, store: DocumentStore) -> None:
        self._store = store

    async def get(self, service_id: ServiceId) -> tuple[ReminderPolicy, str]:
        """Return the policy, and the ETag of its service; raise NotFoundError."""
        stored = await self._store.read(SERVICES, service_id, service_id)
        return ReminderPolicy.of_stored(stored.document.get("reminder_policy")), stored.etag

    async def put(
        self, service_id: ServiceId, policy: ReminderPolicy, etag: str | None = None
    ) -> None:
        """Store the fields that the sender set, so that the other fields keep the default.

        Raise NotFoundError, PreconditionFailedError.
        """
        chosen = policy.model_dump(exclude_unset=True)
        operation = PatchOperation("set", "/reminder_policy", chosen)
        await self._store.patch(SERVICES, service_id, service_id, (operation,), if_match=etag)
