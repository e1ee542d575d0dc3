"""Store the claims on notifications, and their outcomes."""

import contextlib
from typing import Final

from lib.domain.notifications.delivery import Claim, Delivery, DeliveryStatus, SubjectId
from lib.domain.shared.identifiers import NO_SERVICE_ID, ServiceId
from lib.ports.documents import Condition, Document, DocumentStore, PatchOperation, Query
from lib.ports.errors import (
    ConflictError,
    NotFoundError,
    PreconditionFailedError,
    UnavailableError,
)
from lib.ports.schema.notifications import NOTIFICATIONS

MAX_OF_A_DAY: Final = 1000
"""The most claims of a citizen's day that are counted; the page of a query has no more."""


class Notifications:
    """Store the claim on each delivery: one document for each subject, kind, step and channel.

    Only the run with the claim sends. A citizen's claims are in one partition, so that those of a
    day are counted with one query.
    """

    def __init__(self, store: DocumentStore) -> None:
        self._store = store

    async def claim(
        self,
        delivery: Delivery,
        status: DeliveryStatus,
        at: str,
        *,
        claimant: str,
        unsent: tuple[str, ...] = (),
    ) -> Claim:
        """Return the claim on the delivery: a new one in this status, or that of another attempt.

        Exactly one caller gets its own claim, until it releases the claim. `claimant` is new at
        each attempt. `unsent`: claimants that certainly have not sent. They may have the claim,
        since a claim that timed out may have been stored.
        Cost: one create; one read more for a claim that exists, and one patch to take it over.
        """
        document = _document(delivery, status, at, claimant)
        try:
            await self._store.create(NOTIFICATIONS, document)
        except ConflictError:
            return await self._existing(delivery, status, at, claimant, unsent)
        return claim_of(document)

    async def log(self, delivery: Delivery, at: str) -> None:
        """Store an entry that claims nothing, unless there is one. Cost: one create."""
        document = _document(delivery, DeliveryStatus.SENT, at, claimant="")
        with contextlib.suppress(ConflictError):
            await self._store.create(NOTIFICATIONS, document)

    async def _existing(
        self,
        delivery: Delivery,
        status: DeliveryStatus,
        at: str,
        claimant: str,
        unsent: tuple[str, ...],
    ) -> Claim:
        recipient, id_ = delivery.recipient, delivery.id
        try:
            stored = await self._store.read(NOTIFICATIONS, recipient, id_)
            claim = claim_of(stored.document)
            # a claim of this claimant: the client lost an answer and sent the create again
            if claim.claimant == claimant or not claim.is_unsent(unsent):
                return claim
            try:
                stored = await self._store.patch(
                    NOTIFICATIONS,
                    recipient,
                    id_,
                    (
                        PatchOperation("set", "/status", status),
                        PatchOperation("set", "/claimed_at", at),
                        PatchOperation("set", "/claimed_by", claimant),
                        PatchOperation("set", "/settled_at", None),
                    ),
                    if_match=stored.etag,
                )
            except PreconditionFailedError:
                # the claim of another run, or of this run if the client sent the patch twice
                stored = await self._store.read(NOTIFICATIONS, recipient, id_)
        except NotFoundError:
            raise UnavailableError("a claim has just expired") from None
        return claim_of(stored.document)

    async def of_day(self, citizen: str, day: str) -> list[Claim]:
        """Return the claims on notifications that the citizen's limit of the day counts.

        Cost: one query.
        """
        where = (Condition("day", "=", day),)
        query = Query(citizen, limit=MAX_OF_A_DAY, where=where)
        page = await self._store.query(NOTIFICATIONS, query)
        return [claim_of(document) for document in page.items]

    async def find(self, delivery: Delivery) -> Claim | None:
        """Return the claim on the delivery; None for one that was not tried, or long ago.

        Cost: one point read.
        """
        try:
            stored = await self._store.read(NOTIFICATIONS, delivery.recipient, delivery.id)
        except NotFoundError:
            return None
        return claim_of(stored.document)

    async def settle(self, delivery: Delivery, status: DeliveryStatus, at: str) -> None:
        """Store the outcome of the delivery."""
        await self._settle(delivery, status, at, ())

    async def settle_left(self, claim: Claim, status: DeliveryStatus, at: str) -> None:
        """Store the outcome of a claim that its attempt left open, unless it has one meanwhile."""
        where = Condition("claimed_by", "=", claim.claimant), Condition("status", "=", claim.status)
        with contextlib.suppress(NotFoundError, PreconditionFailedError):
            await self._settle(claim.delivery, status, at, where)

    async def release(self, delivery: Delivery, at: str, *, claimant: str) -> None:
        """Allow another attempt to claim the delivery, if this claimant has the claim."""
        where = (Condition("claimed_by", "=", claimant),)
        with contextlib.suppress(NotFoundError, PreconditionFailedError):
            await self._settle(delivery, DeliveryStatus.RELEASED, at, where)

    async def _settle(
        self,
        delivery: Delivery,
        status: DeliveryStatus,
        at: str,
        where: tuple[Condition, ...],
    ) -> None:
        steps = PatchOperation("set", "/status", status), PatchOperation("set", "/settled_at", at)
        await self._store.patch(NOTIFICATIONS, delivery.recipient, delivery.id, steps, where=where)


def _document(delivery: Delivery, status: DeliveryStatus, at: str, claimant: str) -> Document:
    optional = {
        "service_id": delivery.service_id,
        "day": delivery.day,
        "delegation_id": delivery.delegation_id,
    }
    return {
        "id": delivery.id,
        "fiscal_code": delivery.recipient,
        "message_id": delivery.subject_id,
        "kind": delivery.kind,
        "channel": delivery.channel,
        **{name: value for name, value in optional.items() if value},
        "status": status,
        "claimed_at": at,
        "claimed_by": claimant,
    }


def claim_of(document: Document) -> Claim:
    status, settled_at = DeliveryStatus(document["status"]), document.get("settled_at")
    return Claim(
        Delivery(
            document["fiscal_code"],
            SubjectId(document["message_id"]),
            document["kind"],
            document["channel"],
            ServiceId(document.get("service_id", NO_SERVICE_ID)),
            document.get("day", ""),
            document.get("delegation_id"),
        ),
        status,
        claimant=document["claimed_by"],
        claimed_at=document["claimed_at"],
        settled_at=settled_at,
    )
