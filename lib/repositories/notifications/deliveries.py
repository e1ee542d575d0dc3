"""Store the claims on deliveries, and their outcomes."""

import contextlib

from lib.domain.notifications.delivery import Delivery, DeliveryStatus
from lib.ports.documents import Condition, DocumentStore, PatchOperation
from lib.ports.errors import ConflictError, NotFoundError, PreconditionFailedError
from lib.ports.schema import DELIVERIES


class Deliveries:
    """Store the claim on each delivery: one document per message, kind and channel.

    Only the run that made the claim sends. The kind includes the step, where a kind has steps.
    """

    def __init__(self, store: DocumentStore) -> None:
        self._store = store

    async def claim(
        self,
        delivery: Delivery,
        at: str,
        *,
        claimant: str,
        unsent: tuple[str, ...] = (),
    ) -> bool:
        """Return True to one caller alone, until it releases the claim; False to the others.

        `claimant` is new at each attempt. `unsent` names claimants that are known to have sent
        nothing and may hold the claim all the same: a claim that timed out may have been made.
        """
        id_ = _id_of(delivery)
        try:
            await self._store.create(
                DELIVERIES,
                {
                    "id": id_,
                    "message_id": delivery.message_id,
                    "status": DeliveryStatus.IN_PROGRESS,
                    "claimed_at": at,
                    "claimed_by": claimant,
                },
            )
        except ConflictError:
            return await self._reclaim(delivery.message_id, id_, at, claimant, unsent)
        return True

    async def _reclaim(
        self, message_id: str, id_: str, at: str, claimant: str, unsent: tuple[str, ...]
    ) -> bool:
        with contextlib.suppress(NotFoundError):
            stored = await self._store.read(DELIVERIES, message_id, id_)
            held = stored.document
            if held.get("claimed_by") == claimant:
                # our own claim: the answer to the create was lost, and the client sent it again
                return True
            if held["status"] != DeliveryStatus.RELEASED and not (
                held["status"] == DeliveryStatus.IN_PROGRESS and held.get("claimed_by") in unsent
            ):
                return False
            try:
                await self._store.patch(
                    DELIVERIES,
                    message_id,
                    id_,
                    (
                        PatchOperation("set", "/status", DeliveryStatus.IN_PROGRESS),
                        PatchOperation("set", "/claimed_at", at),
                        PatchOperation("set", "/claimed_by", claimant),
                    ),
                    if_match=stored.etag,
                )
            except PreconditionFailedError:
                # another run's claim, or our own: the client may have sent the patch twice
                held = (await self._store.read(DELIVERIES, message_id, id_)).document
                return bool(held.get("claimed_by") == claimant)
            return True
        return False

    async def is_open(self, delivery: Delivery, since: str) -> bool:
        """Tell whether another attempt may still send it, or is sending it since that time."""
        try:
            stored = await self._store.read(DELIVERIES, delivery.message_id, _id_of(delivery))
        except NotFoundError:
            return False
        claim = stored.document
        is_sending = claim["status"] == DeliveryStatus.IN_PROGRESS and claim["claimed_at"] >= since
        return bool(is_sending or claim["status"] == DeliveryStatus.RELEASED)

    async def settle(self, delivery: Delivery, status: DeliveryStatus, at: str) -> None:
        """Store the outcome of the delivery."""
        await self._store.patch(
            DELIVERIES,
            delivery.message_id,
            _id_of(delivery),
            (
                PatchOperation("set", "/status", status),
                PatchOperation("set", "/settled_at", at),
            ),
        )

    async def release(self, delivery: Delivery, at: str, *, claimant: str) -> None:
        """Allow another attempt to claim the delivery, if this claimant has the claim."""
        with contextlib.suppress(NotFoundError, PreconditionFailedError):
            await self._store.patch(
                DELIVERIES,
                delivery.message_id,
                _id_of(delivery),
                (
                    PatchOperation("set", "/status", DeliveryStatus.RELEASED),
                    PatchOperation("set", "/settled_at", at),
                ),
                where=(Condition("claimed_by", "=", claimant),),
            )


def _id_of(delivery: Delivery) -> str:
    return f"{delivery.kind}-{delivery.channel}"
