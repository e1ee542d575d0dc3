"""The aggregate of a batch, with the rules of its statuses."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final

from lib.domain.attachments.attached_file import AttachedFile
from lib.domain.batches.errors import BatchDoubtError, BatchStateError
from lib.domain.batches.pace import Pace
from lib.domain.batches.recall import BatchRecall
from lib.domain.batches.recipients.recipient_list import CHUNK_ROWS, Check, Upload
from lib.domain.batches.status import BEFORE_SENDING, ENDED, OPEN_TO_UPLOAD, BatchStatus, Lane
from lib.domain.messages.withdrawals.message_owner import MessageOwner
from lib.domain.shared.identifiers import BatchId, EvidenceId, OrganizationFiscalCode, ServiceId
from lib.domain.shared.values import parse_timestamp, timestamp

MOST_LISTS: Final = 100
"""The most lists of recipients that a batch is given, each instead of the one before."""
MOST_AHEAD: Final = timedelta(days=90)
"""The longest time from the creation of a batch to its set start."""
LONGEST_LIFE: Final = timedelta(days=270)
"""The time after its creation after which a batch sends nothing more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """One text of a service for many citizens, or one for each of them.

    `sender_user_id`: the account of the key that made the batch. `content_id`: the stored form of
    the message, with placeholders or without. `generation`: raised whenever sending begins or ends,
    so that queue items of an earlier generation do nothing. `queued`: the generation whose chunks
    were queued last. `starts_at`, `changed_at` and
    `created_at`: as `values.timestamp` writes them. `approved_by`: the account that approved it.
    `evidence_id`: the kept evidence of the clerk who asked to send it. `part_files`: the prefix of
    the names of the parts of a list that is not complete yet. `expired_at`: since when the files of
    the batch are not kept any more. `ended_at`: when its sending ended. `recall`: None where the
    sender asked for none. `files`: the uploaded files that all of its messages get.
    """

    id: BatchId
    owner: MessageOwner
    sender_user_id: str
    subscription_id: str
    name: str
    created_at: str
    changed_at: str
    form: Mapping[str, Any] = field(repr=False)
    lane: Lane = Lane.BULK
    pace: Pace = field(default_factory=Pace)
    needs_approval: bool = False
    starts_at: str | None = None
    intermediary: OrganizationFiscalCode | None = None
    status: BatchStatus = BatchStatus.DRAFT
    generation: int = 0
    queued: int = 0
    upload: Upload | None = None
    check: Check | None = None
    requested_by: str | None = None
    evidence_id: EvidenceId | None = None
    approved_by: str | None = None
    began_at: str | None = None
    ended_at: str | None = None
    part_files: str | None = None
    expired_at: str | None = None
    recall: BatchRecall | None = None
    files: tuple[AttachedFile, ...] = ()

    @property
    def service_id(self) -> ServiceId:
        """The service that sends the batch."""
        return self.owner.service_id

    @property
    def longest_chunk(self) -> timedelta:
        """How long a chunk takes at the wanted pace."""
        if self.pace.rows_per_minute is None:
            return timedelta(0)
        rows = CHUNK_ROWS if self.check is None else self.check.chunk_rows
        return rows * timedelta(minutes=1) / self.pace.rows_per_minute

    def parts_of(self, chunk: int) -> list[tuple[int, int]]:
        """Return the parts of a chunk, each with its first row and the row after its last.

        The rows of a part have one time, and their results are stored together.
        """
        if self.check is None:
            return []
        size = self.check.chunk_rows
        rows = min(size, self.check.good - chunk * size)
        step = min(self.check.part_rows, self.pace.slice_rows or size)
        return [(first, min(first + step, rows)) for first in range(0, rows, step)]

    @property
    def is_ended(self) -> bool:
        """Tell whether its sending has ended; a retry may still reopen FINISHED."""
        return self.status in ENDED

    @property
    def is_cut(self) -> bool:
        """Tell whether its sending ended before each row was sent."""
        if self.recall is not None:
            return self.recall.is_cut
        return self.status is BatchStatus.CANCELLED

    def uploaded(self, upload: Upload, now: datetime) -> "Batch":
        """Return the batch with a new list of recipients, which is checked next."""
        self.require(OPEN_TO_UPLOAD, "takes no list of recipients any more")
        if self.upload is not None and self.upload.number >= MOST_LISTS:
            raise BatchStateError(f"the batch had {MOST_LISTS} lists: make another batch")
        return self._as(BatchStatus.CHECKING, now, upload=upload, check=None)

    def with_parts(self, blob: str) -> "Batch":
        """Return the batch with a place for the parts of a list; it keeps the place that it has."""
        self.require(OPEN_TO_UPLOAD, "takes no list of recipients any more")
        return self if self.part_files is not None else replace(self, part_files=blob)

    def without_parts(self, blob: str) -> "Batch":
        """Return the batch without this place for parts; unchanged where it has another one."""
        return replace(self, part_files=None) if self.part_files == blob else self

    def checked(self, upload: int, check: Check, now: datetime) -> "Batch":
        """Return the batch with the result of its check; unchanged where it has a newer list."""
        if self.status is not BatchStatus.CHECKING or self.upload is None:
            return self
        if self.upload.number != upload:
            return self
        return self._as(BatchStatus.CHECKED, now, check=check)

    def requested(
        self,
        by: str,
        now: datetime,
        *,
        skips_wrong_rows: bool,
        accepts_doubts: bool,
        evidence_id: EvidenceId | None = None,
    ) -> "Batch":
        """Return the batch after its sender asked to send it.

        Raise BatchStateError, BatchDoubtError.
        """
        self.require({BatchStatus.CHECKED}, "cannot be sent: it must be CHECKED")
        check = self.check
        if check is None or check.good == 0:
            raise BatchStateError("no row of the batch can be sent")
        if check.wrong and not skips_wrong_rows:
            raise BatchStateError(
                f"{check.wrong} rows have problems: correct them in a new list, or leave them out "
                "with skip_wrong_rows"
            )
        if check.doubts and not accepts_doubts:
            raise BatchDoubtError(check.doubts)
        asked = {"requested_by": by, "evidence_id": evidence_id}
        if self.needs_approval:
            return self._as(BatchStatus.TO_APPROVE, now, **asked)
        return self._ready(now, **asked)

    def approved(self, by: str, now: datetime) -> "Batch":
        """Return the batch after a second person approved it. Raise BatchStateError."""
        self.require({BatchStatus.TO_APPROVE}, "does not wait for an approval")
        if by in {self.requested_by, self.sender_user_id}:
            raise BatchStateError("the second person must use the key of another account")
        return self._ready(now, approved_by=by)

    def started(self, generation: int, now: datetime) -> "Batch":
        """Return the batch at its start; unchanged where it does not wait for this start."""
        if self.status is not BatchStatus.SCHEDULED or self.generation != generation:
            return self
        return self._run(now)

    def paused(self, now: datetime) -> "Batch":
        """Return the batch without further sending; a paused batch is unchanged."""
        if self.status is BatchStatus.PAUSED:
            return self
        self.require({BatchStatus.RUNNING, BatchStatus.SCHEDULED}, "is not being sent")
        return self._as(BatchStatus.PAUSED, now, generation=self.generation + 1)

    def resumed(self, now: datetime) -> "Batch":
        """Return the paused batch, which is sent on; a running batch is unchanged."""
        if self.status in {BatchStatus.RUNNING, BatchStatus.SCHEDULED}:
            return self
        self.require({BatchStatus.PAUSED}, "is not paused")
        return self._ready(now)

    def cancelled(self, now: datetime) -> "Batch":
        """Return the batch of which no further row is sent; a cancelled batch is unchanged."""
        if self.status is BatchStatus.CANCELLED:
            return self
        allowed = BEFORE_SENDING | {BatchStatus.RUNNING, BatchStatus.PAUSED}
        self.require(allowed, "has ended: its messages can only be withdrawn")
        return self._as(
            BatchStatus.CANCELLED, now, generation=self.generation + 1, ended_at=timestamp(now)
        )

    def queued_in(self, generation: int) -> "Batch":
        """Return the batch whose chunks this generation has queued."""
        return replace(self, queued=max(self.queued, generation))

    def finished(self, generation: int, now: datetime) -> "Batch":
        """Return the batch after its last row; unchanged for a run of an earlier generation."""
        if self.status is not BatchStatus.RUNNING or self.generation != generation:
            return self
        return self._as(BatchStatus.FINISHED, now, ended_at=timestamp(now))

    def reopened(self, now: datetime) -> "Batch":
        """Return the finished batch, whose failed rows are sent again. Raise BatchStateError."""
        self.require({BatchStatus.FINISHED}, "is not finished")
        if self.expired_at is not None:
            raise BatchStateError("the rows of the batch are not kept any more")
        if now - parse_timestamp(self.created_at) >= LONGEST_LIFE:
            raise BatchStateError(
                f"the batch is older than {LONGEST_LIFE.days} days: make another batch"
            )
        return self._run(now)

    def renewed(self, now: datetime) -> "Batch":
        """Return the batch whose chunks are queued anew; unchanged where none are under way."""
        if self.status is BatchStatus.WITHDRAWING:
            return self._as(self.status, now, generation=self.generation + 1)
        return self._run(now) if self.status is BatchStatus.RUNNING else self

    def require(self, statuses: frozenset[BatchStatus] | set[BatchStatus], otherwise: str) -> None:
        """Raise BatchStateError with these words in another status."""
        if self.status not in statuses:
            raise BatchStateError(f"the batch is {self.status}: it {otherwise}")

    def _ready(self, now: datetime, **changes: Any) -> "Batch":
        """Return the batch that is sent now, or waits for its start."""
        if self.starts_at is not None and parse_timestamp(self.starts_at) > now:
            generation = self.generation + 1
            return self._as(BatchStatus.SCHEDULED, now, generation=generation, **changes)
        return self._run(now, **changes)

    def _run(self, now: datetime, **changes: Any) -> "Batch":
        return self._as(
            BatchStatus.RUNNING,
            now,
            generation=self.generation + 1,
            began_at=self.began_at or timestamp(now),
            ended_at=None,
            **changes,
        )

    def _as(self, status: BatchStatus, now: datetime, **changes: Any) -> "Batch":
        return replace(self, status=status, changed_at=timestamp(now), **changes)
