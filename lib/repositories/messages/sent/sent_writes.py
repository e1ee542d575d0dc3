"""Make the step of a batch that writes an entry, and by which its message is counted."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from lib.domain.messages.sent_entry import MAX_WRITE_SECONDS, SentEntry
from lib.domain.shared.deadline import in_rome
from lib.domain.shared.values import parse_timestamp, timestamp
from lib.domain.statistics.weeks import LEAST_LIFE, tally_of
from lib.ports.documents import DAY_SECONDS, BatchOperation, Document, Stored
from lib.repositories.messages.sent.sent_counts import DayCounts
from lib.repositories.messages.sent.sent_mapping import changed_at_of, counter_of, document_of
from lib.repositories.statistics.tallies import TALLY

_LEAST_TTL: Final = int(LEAST_LIFE.total_seconds())


@dataclass(frozen=True, slots=True)
class SentWrite:
    """An entry to be written, with the time of the call and the clock's reading at it.

    `is_open`: the entry is counted with its week.
    """

    entry: SentEntry
    now: datetime
    begun: float
    rejected_ttl: int
    is_open: bool
    is_known: bool = False

    def at(self, elapsed: float) -> datetime:
        """Return the time at this reading of the clock; not before that of the call."""
        return self.now + timedelta(seconds=max(0.0, elapsed - self.begun))


def step_of(
    write: SentWrite, at: datetime, stored: Stored | None, counts: DayCounts, *, is_late: bool
) -> BatchOperation | None:
    """Return the step that brings an entry up to date; None for no change."""
    entry = write.entry
    if stored is None:
        return BatchOperation("create", document_by(write, at, None, counts))
    before = stored.document
    if before["changes"] > entry.changes:
        return None
    if before["changes"] == entry.changes:
        age = at - parse_timestamp(changed_at_of(before))
        if not is_late and age <= timedelta(seconds=MAX_WRITE_SECONDS):
            return None
    return BatchOperation("replace", document_by(write, at, before, counts), if_match=stored.etag)


def _least_ttl(day: date, at: datetime) -> int:
    """Return the least life, from now on, of an entry that is counted with its week.

    A cancelled message may expire before the day for which it was scheduled.
    """
    return _LEAST_TTL + max(0, (day - in_rome(at).date()).days) * DAY_SECONDS


def _is_closed(before: Document | None, day: date) -> bool:
    """Tell whether the week was closed for the process that wrote the entry.

    Then the day's counts have its status, and the tally has an earlier one.
    """
    if before is None or TALLY not in before:
        return False
    counter = counter_of(before["sender_user_id"], before["status"])
    return bool(before[TALLY] != tally_of(day, counter))


def document_by(
    write: SentWrite, at: datetime, before: Document | None, counts: DayCounts
) -> Document:
    """Return the document of an entry, counted by its tally or by a change of the day's counts."""
    entry = write.entry
    document = document_of(entry, timestamp(at), write.rejected_ttl)
    is_open = write.is_open and not _is_closed(before, entry.day)
    if is_open and document["ttl"] >= _least_ttl(entry.day, at):
        document[TALLY] = tally_of(entry.day, counter_of(entry.user_id, entry.status))
    else:
        counts.add(entry)
        if before is not None and TALLY in before and not is_open:
            # the week counts the entry as it was, now or at its fold
            document |= {TALLY: before[TALLY], "ttl": max(document["ttl"], _LEAST_TTL)}
    if before is not None and not (is_open and TALLY in before):
        counts.subtract(entry, before["status"], before["sender_user_id"])
    return document
