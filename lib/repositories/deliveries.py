"""Claims on notifications: who may send one, and what became of it."""

from enum import StrEnum

from lib.ports.documents import Condition, DocumentStore, PatchOperation
from lib.ports.errors import ConflictError, NotFoundError, PreconditionFailedError
from lib.schema import DELIVERIES


class DeliveryStatus(StrEnum):
    """IN_PROGRESS stays where the process died while sending: sent or not, nobody knows."""

    IN_PROGRESS = "IN_PROGRESS"
    RELEASED = "RELEASED"
    SENT = "SENT"
    EXPIRED = "EXPIRED"


class Deliveries:
    """One document per message, kind and channel; only its claimant sends."""

    def __init__(self, store: DocumentStore) -> None:
        self._store = store

    async def claim(self, message_id: str, kind: str, channel: str, at: str) -> bool:
        """Return True to one caller alone, until it releases the claim; False to the others."""
        id_ = f"{kind}-{channel}"
        try:
            await self._store.create(
                DELIVERIES,
                {
                    "id": id_,
                    "message_id": message_id,
                    "status": DeliveryStatus.IN_PROGRESS,
                    "claimed_at": at,
                },
            )
        except ConflictError:
            return await self._reclaim(message_id, id_, at)
        return True

    async def _reclaim(self, message_id: str, id_: str, at: str) -> bool:
        try:
            await self._store.patch(
                DELIVERIES,
                message_id,
                id_,
                (
                    PatchOperation("set", "/status", DeliveryStatus.IN_PROGRESS),
                    PatchOperation("set", "/claimed_at", at),
                ),
                where=(Condition("status", "=", DeliveryStatus.RELEASED),),
            )
        except (PreconditionFailedError, NotFoundError):
            return False
        return True

    async def settle(
        self, message_id: str, kind: str, channel: str, status: DeliveryStatus, at: str
    ) -> None:
        """Record what became of the claim; RELEASED lets another attempt claim it."""
        await self._store.patch(
            DELIVERIES,
            message_id,
            f"{kind}-{channel}",
            (
                PatchOperation("set", "/status", status),
                PatchOperation("set", "/settled_at", at),
            ),
        )
