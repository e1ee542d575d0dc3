"""Batches: one text for many recipients."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class BatchStatus(StrEnum):
    """The status of a batch. FINISHED: each row has its outcome. WITHDRAWN: a recall has ended.

    A status that this version does not know is kept as text.
    """

    DRAFT = "DRAFT"
    CHECKING = "CHECKING"
    CHECKED = "CHECKED"
    TO_APPROVE = "TO_APPROVE"
    SCHEDULED = "SCHEDULED"
    RUNNING = "RUNNING"
    PAUSED = "PAUSED"
    CANCELLED = "CANCELLED"
    FINISHED = "FINISHED"
    WITHDRAWING = "WITHDRAWING"
    WITHDRAWN = "WITHDRAWN"


ENDED = frozenset({BatchStatus.CANCELLED, BatchStatus.FINISHED, BatchStatus.WITHDRAWN})


@dataclass(frozen=True, slots=True)
class Text:
    """The text of a message in one language, with placeholders or without."""

    subject: str
    markdown: str


@dataclass(frozen=True, slots=True)
class FileProblem:
    """The reason why a list cannot be read. `line`: 0 for the file as a whole."""

    line: int
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Source:
    """The form of a list, as it was found out."""

    form: str
    encoding: str
    delimiter: str | None = None
    columns: tuple[tuple[str, ...], ...] = ()
    blank_lines: int = 0
    unused_payment_columns: tuple[str, ...] = ()
    problem: FileProblem | None = None


@dataclass(frozen=True, slots=True)
class Estimate:
    """The expected time and cost of sending. `basis`: PACE, OBSERVED or ASSUMED."""

    seconds: int
    basis: str
    cost_microcents: int


@dataclass(frozen=True, slots=True)
class Check:
    """The check of a list. `counts`: rows by the outcome that they would have, and by problem."""

    rows: int
    good: int
    wrong: int
    counts: Mapping[str, int] = field(default_factory=dict)
    doubts: tuple[str, ...] = ()
    source: Source | None = None
    estimate: Estimate | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a batch is. `outcomes`: rows by outcome; `reasons`: those that have a reason, by it.

    After a recall WITHDRAWN and NOT_WITHDRAWN are in place of SENT and HELD.
    """

    total: int
    done: int
    percent: int
    outcomes: Mapping[str, int] = field(default_factory=dict)
    reasons: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class BatchWithdrawal:
    """The recall of a batch. `ended_at`: when each row had its final outcome."""

    reason: str
    requested_at: datetime
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Batch:
    """A batch as it is now. `expired_at`: since when its files are not kept any more."""

    id: str
    name: str
    status: BatchStatus
    created_at: datetime
    changed_at: datetime
    lane: str
    needs_approval: bool = False
    started_at: datetime | None = None
    ended_at: datetime | None = None
    expired_at: datetime | None = None
    start_at: datetime | None = None
    rows_per_minute: int | None = None
    check: Check | None = None
    progress: Progress | None = None
    withdrawal: BatchWithdrawal | None = None

    @property
    def is_ended(self) -> bool:
        """Whether no further row is sent, and none is being withdrawn."""
        return self.status in ENDED


@dataclass(frozen=True, slots=True)
class RowProblem:
    """A rule that a row breaks. `shape`: the form of the wrong value, never the value."""

    line: int
    row: int
    field: str
    code: str
    message: str
    shape: str = ""
    reference: str = ""
