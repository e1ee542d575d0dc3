"""Read the claims that the release 2026.11.0 made."""

from lib.domain.notifications.delivery import Claim, Delivery, DeliveryStatus
from lib.ports.documents import DocumentStore
from lib.ports.errors import NotFoundError
from lib.ports.schema.notifications import DELIVERIES


class FormerClaims:
    """Read claims of the release 2026.11.0, which expire after 90 days. Cost: one point read."""

    def __init__(self, store: DocumentStore) -> None:
        self._store = store

    async def find(self, delivery: Delivery) -> Claim | None:
        """Return the claim on the delivery; None where that release made no claim."""
        id_ = f"{delivery.kind}-{delivery.channel}"
        try:
            stored = await self._store.read(DELIVERIES, delivery.subject_id, id_)
        except NotFoundError:
            return None
        document = stored.document
        return Claim(
            delivery,
            DeliveryStatus(document["status"]),
            claimant=document.get("claimed_by", ""),
            claimed_at=document["claimed_at"],
            settled_at=document.get("settled_at"),
        )
