"""Batches in answers to senders."""

from dataclasses import asdict
from typing import Annotated, Any

from functions.http.views.files.items import AttachmentItem, shown_file
from lib.domain.batches.batch import Batch
from lib.domain.batches.estimates.estimate import EstimateBasis
from lib.domain.batches.recipients.problem import RowProblem
from lib.domain.batches.status import BatchStatus
from lib.domain.shared.described import says
from lib.domain.shared.identifiers import UlidField
from lib.domain.shared.model import Model
from lib.repositories.batches.batch_chunks import ChunkProgress

_PERCENT = 100


class FileProblemView(Model):
    """The reason why a list cannot be read."""

    line: Annotated[int, says("The line; 0 for the file as a whole.")]
    code: Annotated[str, says("The name of the broken rule.")]
    message: Annotated[str, says("The rule in words.")]


class SourceView(Model):
    """The form and the columns of a list of recipients, as they were found."""

    form: Annotated[str, says("CSV, JSON_LINES or JSON.")]
    encoding: Annotated[str, says("The encoding of the text, such as utf-8 or cp1252.")]
    delimiter: Annotated[str | None, says("What separates the fields. Absent: nothing.")] = None
    columns: Annotated[
        list[list[str]],
        says("Each column as you named it, and its name here; empty if it is not used."),
    ]
    unused_payment_columns: Annotated[
        list[str],
        says(
            "The columns, as you named them, that seem to be those of a payment, and that neither "
            "a payment nor the text uses."
        ),
    ] = []  # noqa: RUF012 - pydantic copies it
    blank_lines: Annotated[int, says("How many lines were blank, and left out.")]
    problem: Annotated[
        FileProblemView | None, says("Why the list cannot be read. Absent: it was read.")
    ] = None


class EstimateView(Model):
    """The expected time and cost of sending a batch."""

    seconds: Annotated[
        int,
        says(
            "The time from the start to the last row, with the hours in which nothing is sent. The "
            "start is that of the check, or the batch's own if it is later."
        ),
    ]
    basis: Annotated[
        EstimateBasis,
        says(
            "What the time rests on. PACE: your `rows_per_minute`. OBSERVED: the median of your "
            "earlier batches of 500 rows and more. ASSUMED: 100 rows a second."
        ),
    ]
    cost_microcents: Annotated[
        int,
        says(
            "The estimated cost of all rows in Azure, in millionths of a euro cent, for the "
            "organisation that runs Recapito. Nobody is billed by it."
        ),
    ]


class CheckView(Model):
    """The check of a list of recipients."""

    rows: Annotated[int, says("How many rows the list has.")]
    good: Annotated[int, says("How many of them can be sent.")]
    wrong: Annotated[int, says("How many of them have a problem, and are never sent.")]
    counts: Annotated[
        dict[str, int],
        says(
            "The rows by the outcome that they would have now, such as REACHABLE or "
            "USER_NOT_FOUND where your key may ask so, and by problem. ALREADY_SENT, ALREADY_PAID "
            "and CANCELLED: the payment was asked for, paid or cancelled before. Such a row is not "
            "REACHABLE, unless it has no instalments and your service accepts duplicates. "
            "ABOVE_TRIAL_CAP: your "
            "organisation is on trial, and the day of the start has no message left for so many of "
            "these rows; they would fail, and be sent by a retry on another day."
        ),
    ]
    doubts: Annotated[
        list[str],
        says(
            "Reasons to look again before you send. UNUSUALLY_LARGE: many times the rows of your "
            "earlier batches. SENT_BEFORE: many payments were asked for, paid or cancelled before. "
            "TEST_TEXT: the text looks like a test. UNUSED_PAYMENT_COLUMNS: columns seem to be "
            "those of a payment, and are not used; `source.unused_payment_columns` names them."
        ),
    ]
    estimate: Annotated[
        EstimateView | None, says("How long sending takes. Absent: no row can be sent.")
    ] = None
    source: Annotated[
        SourceView | None, says("What was found in the list. Absent: it was not read at all.")
    ] = None


class ProgressView(Model):
    """How far a batch is."""

    total: Annotated[int, says("How many rows are sent in all.")]
    done: Annotated[int, says("How many of them have an outcome.")]
    percent: Annotated[int, says("The share of rows with an outcome, rounded down.")]
    outcomes: Annotated[
        dict[str, int],
        says(
            "The rows by outcome: SENT, REJECTED, HELD, FAILED, CANCELLED; once the batch was "
            "recalled, WITHDRAWN and NOT_WITHDRAWN in place of SENT and HELD."
        ),
    ]
    reasons: Annotated[
        dict[str, int],
        says(
            "The rejected and failed rows by reason, such as USER_NOT_FOUND, or ALREADY_SENT for a "
            "notice number in use; and those that were not withdrawn. NOT_FOUND: the message does "
            "not exist any more. NOTICE: another sender has its payment notice now. "
            "NOTICE_CANCELLED: of a withdrawn row whose message stays and says that its payment "
            "notice is cancelled. PARTLY_PAID: the same, and the citizen had paid a part. "
            "FAULT: a fault of Recapito."
        ),
    ]


class BatchWithdrawalView(Model):
    """The withdrawal of all messages of a batch."""

    reason: Annotated[str, says("What citizens who have read their message are told.")]
    requested_at: Annotated[
        str, says("When you asked for it first: date and time in UTC. The first reason counts.")
    ]
    ended_at: Annotated[
        str | None,
        says("When each row had its final outcome: date and time in UTC. Absent: not yet."),
    ] = None


class BatchView(Model):
    """The state of a batch."""

    id: Annotated[UlidField, says("The id of the batch.")]
    name: Annotated[str, says("Your name for the batch.")]
    status: Annotated[
        BatchStatus,
        says(
            "DRAFT: it has no recipients yet. CHECKING: its rows are checked. CHECKED: it may be "
            "sent. TO_APPROVE: it waits for a second person. SCHEDULED: it waits for its start. "
            "RUNNING: its rows are sent. PAUSED and CANCELLED: no further row is sent. FINISHED: "
            "each row has its outcome. WITHDRAWING: no further row is sent, and the messages are "
            "withdrawn. WITHDRAWN: each message is withdrawn, or has its reason why it is not."
        ),
    ]
    created_at: Annotated[str, says("When the batch was made: date and time in UTC.")]
    changed_at: Annotated[str, says("When its status changed last: date and time in UTC.")]
    started_at: Annotated[
        str | None, says("When sending began: date and time in UTC. Absent: not yet.")
    ] = None
    ended_at: Annotated[
        str | None, says("When its sending ended: date and time in UTC. Absent: not yet.")
    ] = None
    expired_at: Annotated[
        str | None,
        says(
            "Since when the files of the batch are not kept any more: date and time in UTC. Its "
            "list, problems and results answer 410, and it cannot be retried. Absent: they are "
            "kept."
        ),
    ] = None
    start_at: Annotated[
        str | None,
        says("When sending starts at the earliest: date and time in UTC. Absent: at once."),
    ] = None
    lane: Annotated[str, says("URGENT, or BULK as for most batches.")]
    rows_per_minute: Annotated[
        int | None, says("The most rows of a minute. Absent: as fast as possible.")
    ] = None
    needs_approval: Annotated[bool, says("Whether a second person must approve the batch.")]
    attachments: Annotated[
        list[AttachmentItem] | None,
        says("The files that every message of the batch gets. Absent: there are none."),
    ] = None
    check: Annotated[CheckView | None, says("The check. Absent: it has not ended.")] = None
    progress: Annotated[
        ProgressView | None, says("How far sending is. Absent: it has not begun.")
    ] = None
    withdrawal: Annotated[
        BatchWithdrawalView | None,
        says("The withdrawal of its messages. Absent: you did not ask for it."),
    ] = None


class RowProblemView(Model):
    """A rule that a row breaks."""

    line: Annotated[int, says("The first line of the row in your list.")]
    row: Annotated[int, says("The number of the row, from 1.")]
    field: Annotated[str, says("The column as you named it; empty for the row as a whole.")]
    code: Annotated[str, says("The name of the broken rule.")]
    message: Annotated[str, says("The rule in words.")]
    shape: Annotated[str, says("The form of the wrong value: X and x for letters, 9 for digits.")]
    reference: Annotated[str, says("Your own reference of the row; empty without one.")]


def batch_view(batch: Batch, progress: ChunkProgress | None = None) -> BatchView:
    """Return the answer for a batch."""
    return BatchView(
        id=batch.id,
        name=batch.name,
        status=batch.status,
        created_at=batch.created_at,
        changed_at=batch.changed_at,
        started_at=batch.began_at,
        ended_at=batch.ended_at,
        expired_at=batch.expired_at,
        start_at=batch.starts_at,
        lane=batch.lane,
        rows_per_minute=batch.pace.rows_per_minute,
        needs_approval=batch.needs_approval,
        attachments=[AttachmentItem(**shown_file(one)) for one in batch.files] or None,
        check=_check_view(batch),
        progress=_progress_view(batch, progress),
        withdrawal=_withdrawal_view(batch),
    )


def problem_view(problem: RowProblem) -> RowProblemView:
    """Return the answer for a problem."""
    names = RowProblemView.model_fields.keys() - {"reference"}
    members = {name: getattr(problem, name) for name in names}
    return RowProblemView(**members, reference=problem.reference or "")


def _check_view(batch: Batch) -> CheckView | None:
    check = batch.check
    if check is None:
        return None
    source: dict[str, Any] = dict(check.source)
    return CheckView(
        rows=check.rows,
        good=check.good,
        wrong=check.wrong,
        counts=dict(check.counts),
        doubts=list(check.doubts),
        estimate=EstimateView(**asdict(check.estimate)) if check.estimate else None,
        source=SourceView.model_validate(source) if source else None,
    )


def _withdrawal_view(batch: Batch) -> BatchWithdrawalView | None:
    recall = batch.recall
    if recall is None:
        return None
    return BatchWithdrawalView(
        reason=recall.reason, requested_at=recall.asked_at, ended_at=recall.ended_at
    )


def _progress_view(batch: Batch, progress: ChunkProgress | None) -> ProgressView | None:
    if progress is None or batch.check is None or batch.began_at is None:
        return None
    total = batch.check.good
    return ProgressView(
        total=total,
        done=progress.rows,
        percent=progress.rows * _PERCENT // total if total else _PERCENT,
        outcomes=dict(progress.outcomes),
        reasons=dict(progress.reasons),
    )
