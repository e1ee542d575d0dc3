"""Store the claims on deliveries, and their outcomes."""

import contextlib

from lib.domain.notifications.delivery import Delivery, DeliveryOutcome, DeliveryStatus, SubjectId
from lib.ports.documents import Condition, DocumentStore, PatchOperation
from lib.ports.errors import ConflictError, NotFoundError, PreconditionFailedError
from lib.ports.schema import DELIVERIES


class Deliveries:
    """Store the claim on each delivery: one document per message, kind and channel.

    Only the run with the claim sends. For a kind with steps, the name of the kind includes the
    step.
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
        """Return True to exactly one caller, until it releases the claim; False to other callers.

        `claimant` is new at each attempt. `unsent`: claimants that certainly have not sent. They
        may have the claim, since a claim that timed out may have been stored.
        """
        id_ = _id_of(delivery)
        try:
            await self._store.create(
                DELIVERIES,
                {
                    "id": id_,
                    "message_id": delivery.subject_id,
                    "status": DeliveryStatus.IN_PROGRESS,
                    "claimed_at": at,
                    "claimed_by": claimant,
                },
            )
        except ConflictError:
            return await self._reclaim(delivery.subject_id, id_, at, claimant, unsent)
        return True

    async def _reclaim(
        self, subject_id: SubjectId, id_: str, at: str, claimant: str, unsent: tuple[str, ...]
    ) -> bool:
        with contextlib.suppress(NotFoundError):
            stored = await self._store.read(DELIVERIES, subject_id, id_)
            claim = stored.document
            if claim.get("claimed_by") == claimant:
                # this claimant's own claim: the client lost an answer and sent the create again
                return True
            if claim["status"] != DeliveryStatus.RELEASED and not (
                claim["status"] == DeliveryStatus.IN_PROGRESS and claim.get("claimed_by") in unsent
            ):
                return False
            try:
                await self._store.patch(
                    DELIVERIES,
                    subject_id,
                    id_,
                    (
                        PatchOperation("set", "/status", DeliveryStatus.IN_PROGRESS),
                        PatchOperation("set", "/claimed_at", at),
                        PatchOperation("set", "/claimed_by", claimant),
                    ),
                    if_match=stored.etag,
                )
            except PreconditionFailedError:
                # the claim of another run, or of this run if the client sent the patch twice
                claim = (await self._store.read(DELIVERIES, subject_id, id_)).document
                return bool(claim.get("claimed_by") == claimant)
            return True
        return False

    async def is_open(self, delivery: Delivery, since: str) -> bool:
        """Tell whether another attempt may still send the delivery.

        That is so for a released claim, and for a claim in progress from `since` or later.
        """
        try:
            stored = await self._store.read(DELIVERIES, delivery.subject_id, _id_of(delivery))
        except NotFoundError:
            return False
        claim = stored.document
        is_sending = claim["status"] == DeliveryStatus.IN_PROGRESS and claim["claimed_at"] >= since
        return bool(is_sending or claim["status"] == DeliveryStatus.RELEASED)

    async def outcome(self, delivery: Delivery) -> DeliveryOutcome | None:
        """Return the state of the delivery; None for one that was not tried, or long ago.

        Cost: one point read.
        """
        try:
            stored = await self._store.read(DELIVERIES, delivery.subject_id, _id_of(delivery))
        except NotFoundError:
            return None
        claim = stored.document
        at = claim.get("settled_at") or claim["claimed_at"]
        return DeliveryOutcome(delivery.channel, DeliveryStatus(claim["status"]), at)

    async def settle(self, delivery: Delivery, status: DeliveryStatus, at: str) -> None:
        """Store the outcome of the delivery."""
        await self._store.patch(
            DELIVERIES,
            delivery.subject_id,
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
                delivery.subject_id,
                _id_of(delivery),
                (
                    PatchOperation("set", "/status", DeliveryStatus.RELEASED),
                    PatchOperation("set", "/settled_at", at),
                ),
                where=(Condition("claimed_by", "=", claimant),),
            )


def _id_of(delivery: Delivery) -> str:
    return f"{delivery.kind}-{delivery.channel}"
