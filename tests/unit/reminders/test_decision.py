"""The decision whether a due reminder is sent, and the reason if it is not."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.domain.reminders.decision import ENDING, Circumstances, ReminderOutcome, first, judge
from lib.domain.reminders.plan import Reminded, Step, steps
from lib.domain.reminders.policy import ReminderPolicy
from lib.domain.shared.deadline import deadline_at, in_rome
from lib.domain.shared.identifiers import MessageId
from lib.domain.shared.quiet_hours import closes, opens
from tests.unit.reminders.test_plan import messages, quiet

CALM = Circumstances()
NOTICE = Reminded(
    MessageId("01J0000000000000000000000A"),
    datetime(2026, 11, 1, 10, tzinfo=UTC),
    deadline_at(datetime(2026, 12, 3, 22, 59, 59, tzinfo=UTC)),
    ReminderPolicy(unread_after_days=3),
)
UNREAD, SEVEN, THREE, ONE, ZERO = steps(
    replace(NOTICE, policy=ReminderPolicy(unread_after_days=3, max=5))
)


@pytest.mark.parametrize(
    ("how", "outcome"),
    [
        (CALM, "SENT"),
        (Circumstances(payment_status="NOT_PAID"), "SENT"),
        (Circumstances(is_read=True), "SENT"),
        (Circumstances(payment_status="PAID"), "PAID"),
        (Circumstances(payment_status="CANCELLED", is_done=True), "CANCELLED"),
        (Circumstances(is_done=True), "DONE"),
        (Circumstances(other_message=True), "OTHER_MESSAGE"),
        (Circumstances(is_enough=True), "ENOUGH"),
        (Circumstances(is_archived=True), "ARCHIVED"),
        (Circumstances(opted_out=True), "OPTED_OUT"),
        (Circumstances(service_off=True), "SERVICE_OFF"),
        (Circumstances(no_channel=True), "NO_CHANNEL"),
    ],
)
def test_each_reason(how: Circumstances, outcome: str) -> None:
    """The plan ends after an ending outcome, and goes on after every other outcome."""
    verdict = judge(NOTICE, THREE, THREE.at, how)

    assert verdict.outcome == outcome
    assert verdict.next == (None if verdict.outcome in ENDING else ONE)


def test_a_read_message_has_no_reminder_of_unread_messages() -> None:
    """Only the reminder of unread messages depends on the reading."""
    facts = replace(NOTICE, due=None)
    unread = first(facts, facts.since)

    assert unread
    assert unread.is_unread
    assert (
        judge(facts, unread, unread.at, Circumstances(is_read=True)).outcome == ReminderOutcome.READ
    )
    assert judge(facts, unread, unread.at, CALM).outcome == ReminderOutcome.SENT


def test_of_several_that_were_missed_the_last_is_sent() -> None:
    """The log names the others."""
    verdict = judge(NOTICE, SEVEN, ONE.at + timedelta(hours=1), CALM)

    assert (verdict.step, verdict.outcome, verdict.next) == (ONE, ReminderOutcome.SENT, ZERO)
    assert verdict.overtaken == (SEVEN, THREE)


def test_late_in_the_evening_it_waits_for_the_morning() -> None:
    """The reminder is dropped when another comes by then, or when the due date passes."""
    night = SEVEN.at.replace(hour=22)
    verdict = judge(NOTICE, SEVEN, night, CALM)
    assert verdict.outcome == ReminderOutcome.POSTPONED
    assert verdict.next is not None
    assert verdict.next.name == SEVEN.name
    assert in_rome(verdict.next.at).time() == time(8)

    assert judge(NOTICE, ONE, ONE.at.replace(hour=22), CALM).outcome == ReminderOutcome.OVERTAKEN
    assert (
        judge(NOTICE, ZERO, ZERO.at.replace(hour=22), CALM).outcome == ReminderOutcome.QUIET_HOURS
    )
    late = datetime(2026, 12, 3, 23, 30, tzinfo=UTC)
    assert judge(NOTICE, ZERO, late, CALM).outcome == ReminderOutcome.DEADLINE_PASSED


def test_a_step_that_was_put_off_is_not_done_twice() -> None:
    """The step keeps its name, which the plan still has at its first moment."""
    later = replace(SEVEN, at=SEVEN.at + timedelta(days=1))
    verdict = judge(NOTICE, later, later.at, CALM)

    assert (verdict.step, verdict.next, verdict.overtaken) == (later, THREE, ())


circumstances = st.builds(
    Circumstances,
    payment_status=st.sampled_from([None, "NOT_PAID", "PAID"]),
    is_read=st.booleans(),
    opted_out=st.booleans(),
)


@given(
    messages, st.lists(st.timedeltas(timedelta(0), timedelta(days=30)), max_size=9), circumstances
)
def test_a_plan_comes_to_its_end(
    reminded: Reminded, delays: list[timedelta], how: Circumstances
) -> None:
    """With late ticks no step is sent twice or at night, and time goes forward."""
    step, settled, now = first(reminded, reminded.since), set[str](), reminded.since
    sent: list[Step] = []
    for _ in range(60):
        if step is None:
            break
        now = max(now, step.at) + (delays.pop() if delays else timedelta(0))
        verdict = judge(reminded, step, now, how, frozenset(settled))
        if verdict.outcome is ReminderOutcome.SENT:
            sent.append(verdict.step)
            assert verdict.until is not None
            assert now < verdict.until
            assert closes(now, reminded.quiet) == verdict.until
        if verdict.outcome is not ReminderOutcome.POSTPONED:
            settled |= {verdict.step.name, *(one.name for one in verdict.overtaken)}
        assert verdict.next is None or verdict.next.at > now
        step = verdict.next
    assert step is None
    assert len({one.name for one in sent}) == len(sent)


@given(quiet, st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_the_next_open_moment_is_open(hours: tuple[time, time] | None, moment: datetime) -> None:
    """The next open moment is within two days, or there is none when all hours are quiet."""
    at = opens(moment, hours)

    if at is not None:
        assert moment <= at <= moment + timedelta(days=2)
        assert closes(at, hours) is not None
        assert (at == moment) == (closes(moment, hours) is not None)
