"""Store batches: one document each."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import time
from typing import Any

from lib.domain.attachments.attached_file import AttachedFile
from lib.domain.batches.batch import Batch
from lib.domain.batches.errors import BatchNotFoundError
from lib.domain.batches.estimates.estimate import Estimate, EstimateBasis
from lib.domain.batches.pace import Pace
from lib.domain.batches.recall import BatchRecall
from lib.domain.batches.recipients.recipient_list import Check, Upload
from lib.domain.batches.status import ENDED, BatchStatus, Lane
from lib.domain.messages.withdrawals.message_owner import MessageOwner
from lib.domain.shared.identifiers import ServiceId, is_ulid
from lib.ports.documents import Condition, Document, DocumentStore, Query
from lib.ports.errors import ConflictError, NotFoundError
from lib.ports.schema.batches import BATCHES
from lib.repositories.shared.optimistic import until_written


class Batches:
    """Store the batches of all services."""

    def __init__(self, store: DocumentStore) -> None:
        self._store = store

    async def create(self, batch: Batch) -> bool:
        """Store a new batch; return False where a batch of its id exists. Cost: one create."""
        try:
            await self._store.create(BATCHES, _document(batch))
        except ConflictError:
            return False
        return True

    async def get(self, service_id: ServiceId, id_: str) -> Batch:
        """Return the batch. Cost: one point read. Raise BatchNotFoundError."""
        if not is_ulid(id_):
            raise BatchNotFoundError
        try:
            stored = await self._store.read(BATCHES, service_id, id_)
        except NotFoundError:
            raise BatchNotFoundError from None
        return _batch(stored.document)

    async def change(
        self, service_id: ServiceId, id_: str, step: Callable[[Batch], Batch]
    ) -> Batch:
        """Store the result of `step` on the batch, if the batch changes; return the batch.

        `step` may be called several times. Raise BatchNotFoundError, UnavailableError, and the
        errors of `step`. Cost: one point read; a change costs one replace more.
        """
        if not is_ulid(id_):
            raise BatchNotFoundError

        async def attempt() -> Batch:
            try:
                stored = await self._store.read(BATCHES, service_id, id_)
            except NotFoundError:
                raise BatchNotFoundError from None
            before = _batch(stored.document)
            after = step(before)
            if after != before:
                await self._store.replace(BATCHES, _document(after), if_match=stored.etag)
            return after

        return await until_written("a batch", attempt)

    async def page(
        self,
        owner: MessageOwner,
        size: int,
        before: str | None,
        status: BatchStatus | None = None,
    ) -> list[Batch]:
        """Return up to `size` batches, the newest first.

        `before`: only batches before this id. Cost: one query.
        """
        where = [] if before is None else [Condition("id", "<", before)]
        if owner.user_id is not None:
            where.append(Condition("sender_user_id", "=", owner.user_id))
        if status is not None:
            where.append(Condition("status", "=", status))
        query = Query(owner.service_id, limit=size, where=tuple(where), descending=True)
        return [_batch(one) for one in (await self._store.query(BATCHES, query)).items]

    async def open_ones(self, service_id: ServiceId) -> int:
        """Return how many batches of the service have not ended. Cost: one count."""
        counts = await self._store.count(BATCHES, service_id, "status")
        return sum(number for status, number in counts.items() if status not in ENDED)


def _document(batch: Batch) -> Document:
    pace, upload, check = batch.pace, batch.upload, batch.check
    return {
        "id": batch.id,
        "service_id": batch.owner.service_id,
        "sender_user_id": batch.sender_user_id,
        "owner_user_id": batch.owner.user_id,
        "subscription_id": batch.subscription_id,
        "name": batch.name,
        "created_at": batch.created_at,
        "changed_at": batch.changed_at,
        "form": dict(batch.form),
        "lane": batch.lane,
        "rows_per_minute": pace.rows_per_minute,
        "window": pace.window and [one.isoformat("minutes") for one in pace.window],
        "needs_approval": batch.needs_approval,
        "starts_at": batch.starts_at,
        "intermediary_fiscal_code": batch.intermediary,
        "status": batch.status,
        "generation": batch.generation,
        "queued": batch.queued,
        "upload": upload
        and {
            "number": upload.number,
            "blob": upload.blob,
            "parts": upload.parts,
            "media_type": upload.media_type,
            "size": upload.size,
            "sha256": upload.sha256,
        },
        "check": check
        and {
            "rows": check.rows,
            "good": check.good,
            "chunks": check.chunks,
            "counts": dict(check.counts),
            "doubts": list(check.doubts),
            "source": dict(check.source),
            "chunk_rows": check.chunk_rows,
            "part_rows": check.part_rows,
            "estimate": check.estimate and asdict(check.estimate),
        },
        "requested_by": batch.requested_by,
        "evidence_id": batch.evidence_id,
        "approved_by": batch.approved_by,
        "began_at": batch.began_at,
        "ended_at": batch.ended_at,
        "part_files": batch.part_files,
        "expired_at": batch.expired_at,
        "recall": batch.recall and batch.recall._asdict(),
        "files": [one._asdict() for one in batch.files],
    }


def _batch(document: Document) -> Batch:
    window, upload, check = document["window"], document["upload"], document["check"]
    recall = document.get("recall")
    return Batch(
        id=document["id"],
        owner=MessageOwner(document["service_id"], document["owner_user_id"]),
        sender_user_id=document["sender_user_id"],
        subscription_id=document["subscription_id"],
        name=document["name"],
        created_at=document["created_at"],
        changed_at=document["changed_at"],
        form=document["form"],
        lane=Lane(document["lane"]),
        pace=Pace(document["rows_per_minute"], window and _window(window)),
        needs_approval=document["needs_approval"],
        starts_at=document["starts_at"],
        intermediary=document["intermediary_fiscal_code"],
        status=BatchStatus(document["status"]),
        generation=document["generation"],
        queued=document["queued"],
        upload=upload and Upload(**upload),
        check=check and _check(check),
        requested_by=document["requested_by"],
        evidence_id=document["evidence_id"],
        approved_by=document["approved_by"],
        began_at=document["began_at"],
        ended_at=document["ended_at"],
        part_files=document["part_files"],
        expired_at=document["expired_at"],
        recall=recall and BatchRecall(**recall),
        files=tuple(AttachedFile(**one) for one in document.get("files", ())),
    )


def _window(written: list[Any]) -> tuple[time, time]:
    start, end = (time.fromisoformat(one) for one in written)
    return start, end


def _check(stored: dict[str, Any]) -> Check:
    estimate = stored.get("estimate")
    if estimate is not None:
        estimate = Estimate(**{**estimate, "basis": EstimateBasis(estimate["basis"])})
    return Check(**{**stored, "doubts": tuple(stored["doubts"]), "estimate": estimate})
