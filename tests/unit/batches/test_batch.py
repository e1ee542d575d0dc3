"""The statuses of a batch."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest

from lib.domain.batches.batch import Batch
from lib.domain.batches.errors import BatchDoubtError, BatchStateError
from lib.domain.batches.pace import Pace
from lib.domain.batches.recipients.recipient_list import Check, Upload
from lib.domain.batches.status import BatchStatus
from lib.domain.messages.withdrawals.message_owner import MessageOwner
from lib.domain.shared.identifiers import BatchId, ServiceId
from lib.domain.shared.values import timestamp

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
UPLOAD = Upload(1, "blob", 1, "text/csv", 10, "00")
GOOD = Check(3, 3, 1, {})


def a_batch(status: BatchStatus = BatchStatus.CHECKED, **changes: object) -> Batch:
    """Return a batch in a status."""
    batch = Batch(
        id=BatchId("01J0000000000000000000000A"),
        owner=MessageOwner(ServiceId("service")),
        sender_user_id="maker",
        subscription_id="subscription",
        name="TARI",
        created_at=timestamp(NOW),
        changed_at=timestamp(NOW),
        form={},
        upload=UPLOAD,
        check=GOOD,
        status=status,
    )
    return replace(batch, **changes)  # type: ignore[arg-type]


def requested(batch: Batch, *, skips: bool = False, accepts: bool = False) -> Batch:
    """Ask to send the batch."""
    return batch.requested("maker", NOW, skips_wrong_rows=skips, accepts_doubts=accepts)


def test_a_checked_batch_runs() -> None:
    """Each run has a generation of its own."""
    batch = requested(a_batch())
    assert (batch.status, batch.generation) == (BatchStatus.RUNNING, 1)
    assert batch.began_at == timestamp(NOW)


def test_wrong_rows_and_doubts_must_be_accepted() -> None:
    """Each by a word of its own."""
    batch = a_batch(check=Check(3, 2, 1, {}, ("TEST_TEXT",)))
    with pytest.raises(BatchStateError, match="1 rows have problems"):
        requested(batch)
    with pytest.raises(BatchDoubtError):
        requested(batch, skips=True)
    assert requested(batch, skips=True, accepts=True).status is BatchStatus.RUNNING


def test_a_batch_without_a_good_row_is_not_sent() -> None:
    """Not even if the wrong rows are left out."""
    with pytest.raises(BatchStateError, match="no row"):
        requested(a_batch(check=Check(3, 0, 0, {})), skips=True, accepts=True)


def test_a_second_person_approves() -> None:
    """The maker and the person who asked cannot."""
    batch = a_batch(needs_approval=True).requested(
        "clerk", NOW, skips_wrong_rows=False, accepts_doubts=False
    )
    assert batch.status is BatchStatus.TO_APPROVE
    for one in ("maker", "clerk"):
        with pytest.raises(BatchStateError, match="another account"):
            batch.approved(one, NOW)
    assert batch.approved("head", NOW).status is BatchStatus.RUNNING


def test_a_later_start_is_waited_for() -> None:
    """Only the start of the present generation begins to send."""
    later = NOW + timedelta(hours=1)
    batch = requested(a_batch(starts_at=timestamp(later)))
    assert batch.status is BatchStatus.SCHEDULED
    assert batch.started(batch.generation - 1, later) is batch
    assert batch.started(batch.generation, later).status is BatchStatus.RUNNING


def test_pause_and_resume_make_new_generations() -> None:
    """So chunks that are queued before a pause are not sent after it."""
    running = requested(a_batch())
    paused = running.paused(NOW)
    assert paused.paused(NOW) is paused
    resumed = paused.resumed(NOW)
    assert resumed.status is BatchStatus.RUNNING
    assert running.generation < paused.generation < resumed.generation
    assert resumed.finished(running.generation, NOW) is resumed


def test_a_newer_list_replaces_the_check() -> None:
    """The check of the older list comes too late."""
    batch = a_batch().uploaded(UPLOAD.numbered(2), NOW)
    assert (batch.status, batch.check) == (BatchStatus.CHECKING, None)
    assert batch.checked(1, GOOD, NOW) is batch
    assert batch.checked(2, GOOD, NOW).status is BatchStatus.CHECKED


@pytest.mark.parametrize("status", [BatchStatus.RUNNING, BatchStatus.FINISHED])
def test_no_list_after_sending_began(status: BatchStatus) -> None:
    """The rows that are sent stay those that were checked."""
    with pytest.raises(BatchStateError, match="takes no list"):
        a_batch(status).uploaded(UPLOAD, NOW)


def test_a_finished_batch_is_not_cancelled() -> None:
    """Its messages can be withdrawn."""
    with pytest.raises(BatchStateError, match="withdraw"):
        a_batch(BatchStatus.FINISHED).cancelled(NOW)
    cancelled = a_batch(BatchStatus.PAUSED).cancelled(NOW)
    assert cancelled.is_ended
    assert cancelled.cancelled(NOW) is cancelled


@pytest.mark.parametrize(
    ("window", "hour", "opens"),
    [
        ((time(8), time(20)), 12, 12),
        ((time(8), time(20)), 6, 8),
        ((time(8), time(20)), 21, 32),
        ((time(22), time(6)), 12, 22),
        ((time(22), time(6)), 3, 3),
        (None, 3, 3),
    ],
)
def test_the_window_is_by_the_clock_of_italy(
    window: tuple[time, time] | None, hour: int, opens: int
) -> None:
    """In November it is an hour ahead of UTC. 32: eight on the next day."""
    midnight = datetime(2026, 11, 28, 23, tzinfo=UTC)
    pace = Pace(window=window)
    assert pace.opened(midnight + timedelta(hours=hour)) == midnight + timedelta(hours=opens)


def test_a_window_in_the_hour_that_comes_twice() -> None:
    """The clocks show 02:20 again, after 02:40 has passed for the first time."""
    second = datetime(2027, 10, 31, 1, 20, tzinfo=UTC)
    opens = Pace(window=(time(2, 40), time(4))).opened(second)
    assert opens == second + timedelta(minutes=20)


def test_the_rows_of_a_minute_come_evenly() -> None:
    """A sixth of them at a time, and the next after ten seconds."""
    pace = Pace(rows_per_minute=60)
    assert pace.slice_rows == 10
    assert pace.after(10, NOW) == NOW + timedelta(seconds=10)
    assert Pace(rows_per_minute=1).slice_rows == 1
    assert Pace().after(500, NOW) == NOW
