"""Senders see no counts that tell about a few citizens."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.domain.shared.identifiers import MessageId
from lib.domain.statistics.errors import InvalidPeriodError
from lib.domain.statistics.statistics import (
    LEAST_SHOWN,
    MAX_DAYS,
    SHARDS,
    Counts,
    period,
    shard_of,
    shown,
    totals,
)

TODAY = date(2026, 11, 24)
ALONE = ("REACHED", "NOT_REACHED", "READ", "REMINDED", "REVERSED")
STEPS = ("NONE", "7", "3", "1")
PAID = tuple(f"PAID-{step}" for step in STEPS)

counts = st.integers(0, 3 * LEAST_SHOWN) | st.integers(0, 1000)
tables = st.lists(
    st.fixed_dictionaries(dict.fromkeys((*ALONE, *PAID), counts)), min_size=1, max_size=5
)
small = st.integers(1, LEAST_SHOWN - 1)


def published(table: list[dict[str, int]]) -> tuple[list[Counts], Counts]:
    """Return the counts that a sender gets."""
    days = [shown(day) for day in table]
    return days, totals(days)


@pytest.mark.parametrize(("count", "seen"), [(0, 0), (1, None), (4, None), (5, 5), (1000, 1000)])
def test_a_small_count_is_kept_back(count: int, seen: int | None) -> None:
    """Counts of 1 to 4 are; of read and reminded messages a 0 is kept back too."""
    day = shown({"READ": count, "REMINDED": count, "REVERSED": count, "REACHED": count})

    assert (day.read, day.reminded) == (seen or None,) * 2
    assert (day.reversed, day.reached) == (seen,) * 2
    assert shown({"PAID-7": count}).paid == seen


def test_sent_goes_with_its_parts() -> None:
    """The count is the sum of its parts, and shows no part that is kept back."""
    assert shown({"REACHED": 90, "NOT_REACHED": 10}).sent == 100
    day = shown({"REACHED": 90, "NOT_REACHED": 3})
    assert (day.sent, day.reached, day.not_reached) == (None, 90, None)


def test_the_parts_of_paid_go_all_together() -> None:
    """Paid is shown by itself, as the sum of all parts."""
    day = shown({"PAID-NONE": 20, "PAID-7": 30})
    assert (day.paid, day.paid_after) == (50, {"7": 30, "NONE": 20})
    day = shown({"PAID-NONE": 20, "PAID-7": 30, "PAID-3": 1})
    assert (day.paid, day.paid_after) == (51, None)
    assert shown({}).paid_after == {}


def test_totals_are_sums_of_what_is_shown() -> None:
    """Totals therefore add no information."""
    table = [
        {"REACHED": 90, "NOT_REACHED": 3, "PAID-NONE": 4, "READ": 5},
        {"REACHED": 10, "NOT_REACHED": 10, "PAID-NONE": 6, "PAID-7": 5, "READ": 4},
    ]

    assert published(table)[1] == Counts(
        sent=110,
        reached=100,
        not_reached=10,
        read=5,
        reminded=None,
        paid=11,
        reversed=0,
        paid_after={"NONE": 6, "7": 5},
    )


def test_a_total_of_hidden_counts_is_none() -> None:
    """Zero would say that there was no message."""
    few = {"REACHED": 1, "NOT_REACHED": 0, "PAID-NONE": 2, "READ": 1}
    nothing = Counts(None, None, 0, None, None, None, 0, None)

    assert published([few])[1] == published([few, {}])[1] == nothing
    assert published([{}])[1].reached == 0


@given(table=tables, data=st.data())
def test_no_small_count_makes_a_difference(
    table: list[dict[str, int]], data: st.DataObject
) -> None:
    """With another count of 1 to 4 the sender would get the same days and sums."""
    other = [
        {
            name: data.draw(small) if name in ALONE and 0 < count < LEAST_SHOWN else count
            for name, count in day.items()
        }
        for day in table
    ]

    assert published(other) == published(table)


def same_payments(day: dict[str, int]) -> Iterator[dict[str, int]]:
    """Return the days that a sender could not tell from this one, with as many payments."""
    amount = sum(day.values())
    for first in product(range(amount + 1), repeat=len(PAID) - 1):
        if (rest := amount - sum(first)) >= 0:
            other = dict(zip(PAID, (*first, rest), strict=True))
            if shown(other) == shown(day):
                yield other


@given(day=st.fixed_dictionaries(dict.fromkeys(PAID, st.integers(0, 6))))
def test_no_small_count_of_payments_can_be_computed(day: dict[str, int]) -> None:
    """Another day, with another such count, looks the same."""
    candidates = list(same_payments(day)) if sum(day.values()) >= LEAST_SHOWN else []

    for name, count in day.items():
        if not 0 < count < LEAST_SHOWN:
            continue
        if candidates:
            assert {one[name] for one in candidates} - {count}
        else:
            assert shown(day).paid is None
            assert shown(day).paid_after is None


def test_a_message_is_counted_in_one_part_and_all_parts_are_used() -> None:
    """The part follows from the id."""
    parts = [shard_of(MessageId(f"01KB{number:022}")) for number in range(1000)]

    assert parts == [shard_of(MessageId(f"01KB{number:022}")) for number in range(1000)]
    assert set(parts) == set(range(SHARDS))
    assert max(parts.count(part) for part in range(SHARDS)) < 2 * 1000 / SHARDS


@pytest.mark.parametrize(
    ("first", "last", "days"),
    [
        (None, None, 30),
        (TODAY, None, 1),
        (None, date(2024, 2, 29), 30),
        (date(2024, 1, 1), date(2024, 12, 31), MAX_DAYS),
        (date(9999, 12, 31), None, 1),
    ],
)
def test_a_period_has_its_days(first: date | None, last: date | None, days: int) -> None:
    """A period includes both ends, and has thirty days by default, a leap year at most."""
    found = period(first, last, TODAY)

    assert len(found) == days
    assert found == [found[0] + timedelta(days=n) for n in range(days)]
    assert found[0] == first or first is None
    assert last is None or found[-1] == last


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (TODAY, TODAY - timedelta(days=1)),
        (TODAY - timedelta(days=MAX_DAYS), TODAY),
        (date(2020, 1, 1), None),
        (None, date(1, 1, 1)),
    ],
)
def test_an_empty_or_too_long_period_is_refused(first: date | None, last: date) -> None:
    """The rule holds with either end left out."""
    with pytest.raises(InvalidPeriodError):
        period(first, last, TODAY)
