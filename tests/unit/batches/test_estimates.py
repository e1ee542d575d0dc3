"""The estimate of a batch says how long it takes, and what that rests on."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest

from infra.costs.model.data import read_data
from infra.costs.model.traffic import milliseconds_of_cpu
from lib.domain.batches.batch import Batch
from lib.domain.batches.estimates.estimate import (
    ASSUMED_ROWS_A_SECOND,
    EstimateBasis,
    estimate_of,
)
from lib.domain.batches.estimates.rates import FEWEST_ROWS, observed_rates
from lib.domain.batches.pace import Pace
from lib.domain.batches.recipients.recipient_list import CHUNK_ROWS, Check
from lib.domain.batches.status import BatchStatus
from lib.domain.messages.checks.cost import MICROCENTS_OF_ROW
from lib.domain.messages.withdrawals.message_owner import MessageOwner
from lib.domain.shared.identifiers import BatchId, ServiceId
from lib.use_cases.batches.sending.queue_chunks import AT_ONCE

START = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
"""A Monday at ten in Italy."""
HOUR = 3600
DAY = 24 * HOUR
OFFICE = (time(9), time(17))
NIGHT = (time(22), time(6))


def seconds(rows: int, start: datetime = START, **pace: Any) -> int:
    """Estimate the seconds of a batch."""
    return estimate_of(rows, Pace(**pace), start, ()).seconds


def a_batch(rows: int, took: int, **changes: Any) -> Batch:
    """Return a batch that took some seconds."""
    began, ended = "2026-11-29T10:00:00.000Z", f"2026-11-29T10:{took // 60:02}:{took % 60:02}.000Z"
    members: dict[str, Any] = {
        "status": BatchStatus.FINISHED,
        "check": Check(rows, rows, 1, {}),
        "began_at": began,
        "ended_at": ended,
        **changes,
    }
    return Batch(
        id=BatchId("01J0000000000000000000000A"),
        owner=MessageOwner(ServiceId("a-service"), None),
        sender_user_id="a-user",
        subscription_id="a-subscription",
        name="TARI",
        created_at=began,
        changed_at=began,
        form={},
        **members,
    )


def test_the_time_rests_on_the_pace_on_earlier_batches_or_on_a_usual_rate() -> None:
    """The slower of the pace and of the rate counts."""
    usual = estimate_of(2000, Pace(), START, ())
    assert (usual.seconds, usual.basis) == (2000 // ASSUMED_ROWS_A_SECOND, EstimateBasis.ASSUMED)
    seen = estimate_of(2000, Pace(), START, (10.0, 50.0, 40.0))
    assert (seen.seconds, seen.basis) == (50, EstimateBasis.OBSERVED)
    slow = estimate_of(2000, Pace(600), START, (40.0,))
    assert (slow.seconds, slow.basis) == (200, EstimateBasis.PACE)
    fast = estimate_of(2000, Pace(100_000), START, (40.0,))
    assert (fast.seconds, fast.basis) == (50, EstimateBasis.OBSERVED)
    assert usual.cost_microcents == 2000 * MICROCENTS_OF_ROW


@pytest.mark.parametrize(
    ("rows", "start", "window", "expected"),
    [
        (60, START, None, HOUR),
        (60, START, OFFICE, HOUR),
        # seven hours are left of this day
        (7 * 60, START, OFFICE, 7 * HOUR),
        (8 * 60, START, OFFICE, 7 * HOUR + 16 * HOUR + HOUR),
        (24 * 60, START, OFFICE, 2 * DAY + 23 * HOUR + HOUR),
        # before the window, and after it
        (60, START - timedelta(hours=3), OFFICE, 3 * HOUR),
        (60, START + timedelta(hours=8), OFFICE, 15 * HOUR + HOUR),
        # a window over midnight
        (60, START, NIGHT, 12 * HOUR + HOUR),
        (9 * 60, START, NIGHT, 12 * HOUR + 24 * HOUR + HOUR),
        (60, START + timedelta(hours=16), NIGHT, HOUR),
        (6 * 60, START + timedelta(hours=16), NIGHT, 4 * HOUR + 16 * HOUR + 2 * HOUR),
        # the night on which the clocks go forward has seven hours
        (8 * 60, datetime(2027, 3, 27, 21, 0, tzinfo=UTC), NIGHT, 7 * HOUR + 16 * HOUR + HOUR),
    ],
)
def test_the_hours_in_which_nothing_is_sent_count(
    rows: int, start: datetime, window: tuple[time, time] | None, expected: int
) -> None:
    """At one row a minute, by Italy's clock."""
    assert seconds(rows, start, rows_per_minute=1, window=window) == expected


def test_a_window_in_the_hour_that_the_clocks_leave_out() -> None:
    """The estimate still ends."""
    window = (time(2, 5), time(2, 30))
    start = datetime(2027, 3, 27, 23, 0, tzinfo=UTC)
    assert DAY < seconds(100, start, rows_per_minute=1, window=window) < 6 * DAY


def test_the_longest_batch_is_estimated() -> None:
    """The most rows, one a minute, in one minute of each day."""
    window = (time(9), time(9, 1))
    assert seconds(200_000, rows_per_minute=1, window=window) > 199_000 * DAY


def test_whole_batches_without_a_pace_tell_a_rate() -> None:
    """Others took the time that they were given, or none that means anything."""
    rows = FEWEST_ROWS
    told = [a_batch(rows, 50), a_batch(rows, 0)]
    silent = [
        a_batch(rows - 1, 50),
        a_batch(rows, 50, pace=Pace(60)),
        a_batch(rows, 50, pace=Pace(None, OFFICE)),
        a_batch(rows, 50, status=BatchStatus.CANCELLED),
        a_batch(rows, 50, began_at=None),
        a_batch(rows, 50, ended_at=None),
        a_batch(rows, 50, check=None),
    ]
    assert list(observed_rates([*told, *silent])) == [rows / 50, rows]


def test_the_usual_rate_is_that_of_the_cost_model() -> None:
    """At least half of what one small instance sends, and not more than four of them."""
    an_instance = CHUNK_ROWS * 1000 / milliseconds_of_cpu(read_data(), "send_chunk")
    assert an_instance / 2 < ASSUMED_ROWS_A_SECOND < AT_ONCE * an_instance
