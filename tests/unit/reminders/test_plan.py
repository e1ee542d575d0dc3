"""The plan of reminders: their mornings, hours and number."""

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.domain.reminders.plan import Reminded, Step, days_left, steps
from lib.domain.reminders.policy import ReminderPolicy
from lib.domain.shared.deadline import ROME, deadline_at, in_rome, rome
from lib.domain.shared.identifiers import MessageId

DEFAULT = ReminderPolicy()
ID = "01J0000000000000000000000A"

times = st.times().map(lambda one: one.replace(second=0, microsecond=0))
quiet = st.none() | st.tuples(times, times).filter(lambda pair: pair[0] != pair[1])
policies = st.builds(
    ReminderPolicy,
    days=st.lists(st.integers(0, 60), unique=True, max_size=10),
    hour=st.integers(8, 20),
    max=st.integers(1, 10),
    unread_after_days=st.none() | st.integers(1, 30),
    working_days_only=st.booleans(),
    holidays_of=st.sampled_from([None, "RM", "MI"]),
)
moments = st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
messages = st.builds(
    lambda id_, since, ahead, policy, quiet, snoozed: Reminded(
        id_,
        since,
        deadline_at(since + ahead) if ahead else None,
        policy,
        quiet,
        since + snoozed if snoozed else None,
    ),
    st.text("0123456789ABCDEFGHJKMNPQRSTVWXYZ", min_size=26, max_size=26),
    moments,
    st.none() | st.timedeltas(timedelta(0), timedelta(days=100)),
    policies,
    quiet,
    st.none() | st.timedeltas(timedelta(0), timedelta(days=100)),
)


def a_notice(since: str, due: str, policy: ReminderPolicy = DEFAULT, **changes: object) -> Reminded:
    """Return a message with a due date."""
    moment = datetime.fromisoformat(due)
    return Reminded(ID, datetime.fromisoformat(since), deadline_at(moment), policy, **changes)  # type: ignore[arg-type]


def local(plan: tuple[Step, ...]) -> list[str]:
    """Return the moments by Italy's clock."""
    return [f"{step.at.astimezone(ROME):%a %Y-%m-%d %H}" for step in plan]


@pytest.mark.parametrize(
    ("due", "mornings"),
    [
        # a Thursday: seven days before is a Thursday, three is a Monday
        (
            "2026-12-03T22:59:59+00:00",
            ["Thu 2026-11-26 09", "Mon 2026-11-30 09", "Wed 2026-12-02 09", "Thu 2026-12-03 09"],
        ),
        # across the end of summer time: nine in the morning before and after it
        (
            "2026-10-28T22:59:59+00:00",
            ["Wed 2026-10-21 09", "Fri 2026-10-23 09", "Tue 2026-10-27 09", "Wed 2026-10-28 09"],
        ),
        # across its beginning, with Good Friday's Monday a holiday
        (
            "2027-03-30T21:59:59+00:00",
            ["Tue 2027-03-23 09", "Fri 2027-03-26 09", "Mon 2027-03-29 09", "Tue 2027-03-30 09"],
        ),
        # the far ones leave a holiday for the working day before, the near ones stay
        (
            "2026-12-27T22:59:59+00:00",
            ["Fri 2026-12-18 09", "Thu 2026-12-24 09", "Sat 2026-12-26 09", "Sun 2026-12-27 09"],
        ),
    ],
)
def test_the_mornings_before_a_due_date(due: str, mornings: list[str]) -> None:
    """Reminders come 7, 3 and 1 days before and on the day, at nine in Italy."""
    plan = steps(a_notice("2026-10-01T10:00:00+00:00", due))

    assert local(plan) == mornings
    assert [step.days for step in plan] == [7, 3, 1, 0]


def test_a_patron_saint_is_a_holiday_where_the_policy_says() -> None:
    """Milan's is on 7 December, a Monday after a weekend and before a holiday."""
    due = "2026-12-11T22:59:59+00:00"
    since = "2026-11-01T10:00:00+00:00"
    plain, milan = (
        steps(a_notice(since, due, ReminderPolicy(days=[4, 3], holidays_of=province)))
        for province in (None, "MI")
    )

    assert local(plain) == ["Mon 2026-12-07 09"]
    assert local(milan) == ["Fri 2026-12-04 09"]


def test_a_notice_that_comes_late_is_not_followed_by_a_reminder_at_once() -> None:
    """A reminder comes a day later at least, or two hours when the due date is near."""
    due = "2026-12-03T22:59:59+00:00"

    assert [s.days for s in steps(a_notice("2026-11-25T12:00:00+00:00", due))] == [3, 1, 0]
    assert [s.days for s in steps(a_notice("2026-12-02T07:30:00+00:00", due))] == [0]
    assert [s.days for s in steps(a_notice("2026-12-03T07:30:00+00:00", due))] == []


def test_an_hour_of_the_due_date_comes_after_its_last_reminder() -> None:
    """The last reminder comes an hour before at least, at eight, or not at all."""
    since, policy = "2026-11-01T10:00:00+00:00", ReminderPolicy(days=[0])
    for due, expected in (
        ("2026-12-03T17:30:00+01:00", ["Thu 2026-12-03 09"]),
        ("2026-12-03T09:59:00+01:00", ["Thu 2026-12-03 08"]),
        ("2026-12-03T08:30:00+01:00", []),
    ):
        assert local(steps(a_notice(since, due, policy))) == expected


def test_of_too_many_the_last_are_kept() -> None:
    """The limit never removes the reminder of the day before."""
    policy = ReminderPolicy(days=[30, 20, 10, 7, 5, 3, 1], max=3)
    plan = steps(a_notice("2026-10-01T10:00:00+00:00", "2026-12-03T22:59:59+00:00", policy))

    assert [step.days for step in plan] == [5, 3, 1]


def test_quiet_hours_move_a_reminder_within_its_day() -> None:
    """It moves later, or else earlier; a day without a free minute has none."""
    since, due = "2026-11-01T10:00:00+00:00", "2026-12-03T22:59:59+00:00"
    policy = ReminderPolicy(days=[1])
    for hours, expected in (
        ((time(22), time(10, 30)), "Wed 2026-12-02 10"),
        ((time(8, 30), time(23)), "Wed 2026-12-02 08"),
        ((time(7), time(22)), None),
    ):
        plan = steps(a_notice(since, due, policy, quiet=hours))
        assert local(plan) == ([expected] if expected else [])


def test_a_due_date_that_nobody_meant_is_not_reminded_of() -> None:
    """2099-12-31 and past due dates have no reminder."""
    for due in ("2099-12-31T22:59:59+00:00", "0001-01-01T00:00:00+00:00", "9999-12-31T23:59:59Z"):
        assert steps(a_notice("2026-11-01T10:00:00+00:00", due)) == ()


def test_unread_after_days() -> None:
    """It comes once, on a working day, and not after the due date."""
    policy = ReminderPolicy(unread_after_days=3)
    since = datetime(2026, 11, 25, 10, tzinfo=UTC)
    alone = steps(Reminded(MessageId(ID), since, None, policy))
    near = steps(a_notice("2026-11-25T10:00:00+00:00", "2026-11-27T22:59:59+00:00", policy))

    assert local(alone) == ["Mon 2026-11-30 09"]
    assert alone[0].is_unread
    assert not any(step.is_unread for step in near)


def test_a_snooze_replaces_the_steps_before_it() -> None:
    """A snooze also replaces the steps of its own day."""
    until = datetime(2026, 12, 2, 7, 0, tzinfo=UTC)
    plan = steps(
        a_notice("2026-11-01T10:00:00+00:00", "2026-12-03T22:59:59+00:00", snoozed_until=until)
    )

    assert local(plan) == ["Wed 2026-12-02 08", "Thu 2026-12-03 09"]
    assert [step.days for step in plan] == [None, 0]
    assert plan[0].name == "snooze-202612020700"


@given(messages)
def test_no_plan_disturbs_at_night_or_twice_a_day(reminded: Reminded) -> None:
    """Each step is between 8:00 and 21:00, outside quiet hours, before the due date, in order."""
    plan = steps(reminded)

    days = [in_rome(step.at).date() for step in plan]
    assert len(set(days)) == len(days)
    assert days == sorted(days)
    assert len({step.name for step in plan}) == len(plan)
    own = [step for step in plan if not step.name.startswith("snooze")]
    assert len(own) <= reminded.policy.max
    for step in plan:
        clock = in_rome(step.at).time()
        assert time(8) <= clock < time(21)
        if reminded.quiet is not None:
            start, end = reminded.quiet
            asleep = start <= clock < end if start < end else clock >= start or clock < end
            assert not asleep
        assert step.at >= reminded.since
        if reminded.due is not None and step.days is not None:
            assert days_left(reminded.due, step.at) == step.days or step.days > 1
            assert step.at < reminded.due.end


@given(messages)
def test_the_day_before_and_the_day_itself_are_never_given_up_for_others(
    reminded: Reminded,
) -> None:
    """The rule holds for every policy, with a free hour and a notice that came in time."""
    due, policy = reminded.due, reminded.policy
    if due is None or due.at is not None or reminded.quiet or reminded.snoozed_until:
        return
    plan = {step.days for step in steps(reminded)}
    for days in {0, 1} & set(policy.days):
        early = rome(due.day - timedelta(days=days), time(7)) - reminded.since > timedelta(hours=2)
        nearest = sorted(policy.days).index(days) < policy.max
        if early and nearest:
            assert days in plan


def test_reminders_of_many_are_spread_over_the_hour() -> None:
    """Messages with one due date do not all come due in the same minute."""
    due = deadline_at(datetime(2026, 12, 3, 22, 59, 59, tzinfo=UTC))
    since = datetime(2026, 11, 1, tzinfo=UTC)
    minutes = [
        in_rome(
            steps(Reminded(MessageId(f"{number:026d}"), since, due, ReminderPolicy(days=[1])))[0].at
        ).minute
        for number in range(1200)
    ]

    assert set(minutes) == set(range(0, 60, 5))
    assert max(minutes.count(minute) for minute in set(minutes)) < 200
