"""Store the list of claims with an unknown outcome, for operators."""

import asyncio
from typing import Final

from lib.domain.notifications.delivery import DeliveryStatus, DoubtfulClaim
from lib.ports.documents import Document, DocumentStore, Query
from lib.ports.errors import NotFoundError
from lib.ports.schema.notifications import DELIVERIES, NOTIFICATIONS
from lib.ports.schema.operations import DOUBTFUL_CLAIMS

DOUBTFUL: Final = (DeliveryStatus.IN_PROGRESS, DeliveryStatus.UNCONFIRMED)


class DoubtfulClaims:
    """Store the claims whose outcome is unknown, one document for each.

    A document has the id of its claim, in the partition of the claim's status.
    """

    def __init__(self, store: DocumentStore) -> None:
        self._store = store

    async def add(self, claim: DoubtfulClaim) -> None:
        """Add a claim to the list; adding the same claim again changes nothing."""
        await self._store.upsert(
            DOUBTFUL_CLAIMS,
            {
                "id": f"{claim.subject_id}-{claim.name}",
                "status": claim.status,
                "message_id": claim.subject_id,
                "claim": claim.name,
                **({"fiscal_code": claim.recipient} if claim.recipient else {}),
            },
        )

    async def page(
        self, status: DeliveryStatus, limit: int, continuation: str | None
    ) -> tuple[list[DoubtfulClaim], str | None]:
        """Return a page of the claims in their current state, and the start of the next page.

        Claims of the newest messages come first. Claims that were settled since are left out.
        Cost: one query, and one point read for each claim.
        """
        page = await self._store.query(
            DOUBTFUL_CLAIMS,
            Query(status, limit=limit, descending=True, continuation=continuation),
        )
        claims = await asyncio.gather(*map(self._claim, page.items))
        return [claim for claim in claims if claim is not None], page.continuation

    async def _claim(self, listed: Document) -> DoubtfulClaim | None:
        try:
            if recipient := listed.get("fiscal_code"):
                stored = await self._store.read(NOTIFICATIONS, recipient, listed["id"])
            else:
                stored = await self._store.read(DELIVERIES, listed["message_id"], listed["claim"])
        except NotFoundError:
            return None
        claim = doubtful_claim(stored.document)
        return claim if claim.status in DOUBTFUL else None


def doubtful_claim(document: Document) -> DoubtfulClaim:
    """Return the claim in a document of the notifications, or of the former deliveries."""
    subject_id, id_ = document["message_id"], document["id"]
    return DoubtfulClaim(
        recipient=document.get("fiscal_code"),
        subject_id=subject_id,
        name=id_.removeprefix(f"{subject_id}-"),
        status=DeliveryStatus(document["status"]),
        claimed_at=document["claimed_at"],
        settled_at=document.get("settled_at"),
    )
