"""The daily limit of notifications, by Italy's days, and the time of the digest."""

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.domain.notifications.daily_limit import (
    MAX_HELD,
    DailyLimit,
    Digest,
    HeldNotification,
    day_of,
    has_room,
)
from lib.domain.shared.deadline import in_rome
from lib.domain.shared.identifiers import MessageId, ServiceId
from lib.domain.shared.quiet_hours import QuietHours, closes

NOON = datetime(2026, 11, 23, 11, tzinfo=UTC)
"""Twelve o'clock in Italy."""


def utc(text: str) -> datetime:
    """Parse a moment in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def services(*ids: str) -> dict[str, ServiceId]:
    """Return the services of a day's notifications, in this order."""
    return {str(number): ServiceId(one) for number, one in enumerate(ids)}


def test_a_day_has_room_for_so_many() -> None:
    """A day lets exactly the limit through, and none with a limit of 0."""
    assert not has_room({}, 0, ServiceId("a"))
    assert has_room({}, 2, ServiceId("a"))
    assert has_room(services("a"), 2, ServiceId("b"))
    assert not has_room(services("a", "b"), 2, ServiceId("c"))
    assert has_room(services("a", "b"), 3, ServiceId("c"))


@pytest.mark.parametrize(
    ("at_most", "shares"),
    [
        (0, (0, 0, 0)),
        (1, (1, 0, 0)),
        (2, (1, 1, 0)),
        (3, (2, 1, 0)),
        (10, (5, 3, 1)),
        (50, (25, 13, 6)),
    ],
)
def test_no_service_uses_up_a_day(at_most: int, shares: tuple[int, ...]) -> None:
    """Each service gets half of what the others left."""
    taken: list[str] = []
    for service_id in "abc":
        while has_room(services(*taken), at_most, ServiceId(service_id)):
            taken.append(service_id)

    assert tuple(taken.count(one) for one in "abc") == shares


@given(st.lists(st.sampled_from("abcdef"), max_size=60), st.integers(0, 50))
def test_a_service_that_was_silent_has_room_while_there_is_any(
    order: list[str], at_most: int
) -> None:
    """The order of the services does not matter, and the day's limit holds."""
    taken: list[str] = []
    for service_id in order:
        if has_room(services(*taken), at_most, ServiceId(service_id)):
            taken.append(service_id)

    assert len(taken) <= at_most
    assert has_room(services(*taken), at_most, ServiceId("silent")) == (len(taken) < at_most)


@pytest.mark.parametrize(
    ("last", "first"),
    [
        ("2026-11-23 22:59:59", "2026-11-23 23:00:00"),
        # the days on which the clocks change: the one of March is an hour shorter
        ("2027-03-27 22:59:59", "2027-03-27 23:00:00"),
        ("2027-03-28 21:59:59", "2027-03-28 22:00:00"),
        ("2026-10-24 21:59:59", "2026-10-24 22:00:00"),
        ("2026-10-25 22:59:59", "2026-10-25 23:00:00"),
    ],
)
def test_a_day_ends_at_midnight_in_italy(last: str, first: str) -> None:
    """The rule holds in winter, in summer, and on the days when the clocks change."""
    assert day_of(utc(last)) == day_of(utc(last) - timedelta(hours=22))
    assert day_of(utc(first)) > day_of(utc(last))


def test_a_notification_is_held_once() -> None:
    """A notification stays known by its name while it waits, and after its digest."""
    limit = DailyLimit().hold(HeldNotification("a", MessageId("A")), None)
    limit = limit.digested("2026-11-23").hold(HeldNotification("b", MessageId("B")), None)

    assert [limit.holds(name) for name in "abc"] == [True, True, False]


def test_a_digest_names_a_hundred_held_messages() -> None:
    """The digest gives the number of the others."""
    budget = DailyLimit()
    for number in range(MAX_HELD + 5):
        budget = budget.hold(HeldNotification(f"{number}", MessageId(f"{number:03}")), None)
    digest = budget.digested("2026-11-23").digest

    assert digest is not None
    assert (len(digest.held), digest.beyond) == (MAX_HELD, 5)
    assert digest.messages[0] == f"{MAX_HELD - 1:03}"


def test_a_digest_is_settled_once() -> None:
    """Later held messages go into the next digest, and an older digest takes none."""
    first = DailyLimit().hold(HeldNotification("a", MessageId("A")), NOON).digested("2026-11-24")
    later = first.hold(HeldNotification("b", MessageId("B")), NOON)

    assert first.digest == Digest("2026-11-24", (HeldNotification("a", MessageId("A")),))
    assert first.needs_digest(NOON)
    assert later.digested("2026-11-24") is later
    assert later.digested("2026-11-23") is later
    following = later.digested("2026-11-25").digest
    assert following == Digest("2026-11-25", (HeldNotification("b", MessageId("B")),))
    empty = DailyLimit().digested("2026-11-23")
    assert empty.digest == Digest("2026-11-23", ())
    assert empty.next_digest(NOON, None) == DailyLimit().next_digest(NOON + timedelta(days=1), None)


@pytest.mark.parametrize(
    ("now", "quiet", "at"),
    [
        ("2026-11-23 11:00", None, "2026-11-23 17:00"),
        ("2026-07-01 11:00", None, "2026-07-01 16:00"),
        ("2026-11-23 17:00", None, "2026-11-24 17:00"),
        ("2026-11-23 22:30", None, "2026-11-24 17:00"),
        # before and on the days on which the clocks change
        ("2027-03-27 20:00", None, "2027-03-28 16:00"),
        ("2026-10-24 20:00", None, "2026-10-25 17:00"),
        ("2026-11-23 11:00", (time(17), time(20)), "2026-11-23 19:00"),
        ("2026-11-23 11:00", (time(16), time(7)), "2026-11-23 14:00"),
        ("2026-11-23 11:00", (time(7), time(22)), None),
    ],
)
def test_the_digest_comes_in_the_evening(
    now: str, quiet: QuietHours | None, at: str | None
) -> None:
    """It comes at six in Italy, before or after quiet hours, or tomorrow if that is past."""
    assert DailyLimit().next_digest(utc(now), quiet) == (at and utc(at))


def test_after_the_digest_of_a_day_there_is_none_on_it() -> None:
    """A change of quiet hours in between brings no second digest."""
    told = DailyLimit(digest=Digest("2026-11-23", ()))

    assert told.next_digest(NOON, None) == utc("2026-11-24 17:00")


times = st.times().map(lambda one: one.replace(second=0, microsecond=0))


@given(
    now=st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    quiet=st.none() | st.tuples(times, times).filter(lambda pair: pair[0] != pair[1]),
)
def test_the_digest_comes_by_day_outside_quiet_hours(
    now: datetime, quiet: QuietHours | None
) -> None:
    """It comes within two days, by day, and outside quiet hours."""
    at = DailyLimit().next_digest(now, quiet)

    if at is not None:
        assert now < at <= now + timedelta(days=2)
        assert closes(at, quiet) is not None
        assert 8 <= in_rome(at).hour < 21
