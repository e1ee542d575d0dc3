"""The weeks by which counts are stored."""

from datetime import UTC, date, datetime, timedelta

import pytest

from lib.domain.statistics.weeks import (
    AHEAD,
    CLOSES_AFTER,
    FOLDS_AFTER,
    LEAST_LIFE,
    end_of,
    folds_at,
    is_open,
    may_be_unfolded,
    tallies_between,
    tally_of,
    tally_parts,
    week_of,
    weeks_between,
)
from lib.use_cases.statistics.count_sender_event import MARK_TTL

MONDAY = date(2026, 11, 23)


def test_a_week_ends_at_midnight_in_italy() -> None:
    """In winter this is 23 UTC, in summer 22, also where the clocks change in the week."""
    assert [week_of(MONDAY + timedelta(days=days)) for days in (0, 6, 7)] == [
        MONDAY,
        MONDAY,
        date(2026, 11, 30),
    ]
    assert end_of(MONDAY) == datetime(2026, 11, 29, 23, tzinfo=UTC)
    assert end_of(date(2026, 3, 23)) == datetime(2026, 3, 29, 22, tzinfo=UTC)


@pytest.mark.parametrize("days", range(7))
def test_a_day_is_open_until_a_day_before_the_fold(days: int) -> None:
    """Nothing joins a week in the day before its fold."""
    day, closes = MONDAY + timedelta(days=days), end_of(MONDAY) + CLOSES_AFTER
    assert is_open(day, closes - timedelta(microseconds=1))
    assert not is_open(day, closes)
    assert folds_at(MONDAY) - closes == FOLDS_AFTER - CLOSES_AFTER == timedelta(days=1)


def test_a_day_far_ahead_is_never_open() -> None:
    """Its marks would expire before the fold; the calendar has an end, too."""
    now = datetime(2026, 11, 23, 9, tzinfo=UTC)
    assert is_open(MONDAY + AHEAD, now)
    assert not is_open(MONDAY + AHEAD + timedelta(days=1), now)
    assert not is_open(date.max, now)
    assert not is_open(date.min, now)
    assert AHEAD + timedelta(days=7) + FOLDS_AFTER < timedelta(seconds=MARK_TTL)
    assert timedelta(days=7) + FOLDS_AFTER < LEAST_LIFE / 2


def test_a_period_has_the_weeks_of_its_days() -> None:
    """Also at the ends of the calendar."""
    assert weeks_between(MONDAY, MONDAY) == [MONDAY]
    assert len(weeks_between(date(2026, 1, 1), date(2027, 1, 1))) == 53
    assert weeks_between(date.max, date.max) == [week_of(date.max)]
    assert weeks_between(date.min, date.min) == [date.min]


def test_weeks_of_the_last_five_weeks_may_be_unfolded() -> None:
    """Older weeks without a fold had nothing to count."""
    today = MONDAY + timedelta(days=40)
    assert not may_be_unfolded(MONDAY - timedelta(days=7), today)
    assert may_be_unfolded(MONDAY, today)
    assert may_be_unfolded(MONDAY + timedelta(days=70), today)


def test_tallies_of_a_period_lie_between_its_bounds() -> None:
    """The bounds leave out the days before and after."""
    first, last = date(2026, 11, 23), date(2026, 11, 24)
    since, before = tallies_between(first, last)
    found = [tally_of(first + timedelta(days=days), "PAID-NONE") for days in range(-1, 3)]

    assert [since <= one < before for one in found] == [False, True, True, False]
    assert tally_parts(found[1]) == ("2026-11-23", "PAID-NONE")
