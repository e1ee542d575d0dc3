"""Decide about a reminder that is due: sent, postponed, or not sent for a stated reason."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from lib.domain.reminders.plan import Reminded, Step, steps
from lib.domain.shared.quiet_hours import closes, opens

_APART: Final = timedelta(hours=2)
"""A late reminder is left out where the next reminder would follow within this time."""


class ReminderOutcome(StrEnum):
    """The outcome of a step. The outcomes in ENDING end the plan."""

    SENT = "SENT"
    POSTPONED = "POSTPONED"

    PAID = "PAID"
    CANCELLED = "CANCELLED"
    DONE = "DONE"
    WITHDRAWN = "WITHDRAWN"
    DEADLINE_PASSED = "DEADLINE_PASSED"
    ENOUGH = "ENOUGH"

    OTHER_MESSAGE = "OTHER_MESSAGE"
    PAID_OTHERWISE = "PAID_OTHERWISE"
    READ = "READ"
    ARCHIVED = "ARCHIVED"
    OPTED_OUT = "OPTED_OUT"
    SERVICE_OFF = "SERVICE_OFF"
    NO_CHANNEL = "NO_CHANNEL"
    OVERTAKEN = "OVERTAKEN"
    QUIET_HOURS = "QUIET_HOURS"
    CONDITION = "CONDITION"


ENDING: Final = frozenset(
    {
        ReminderOutcome.PAID,
        ReminderOutcome.CANCELLED,
        ReminderOutcome.DONE,
        ReminderOutcome.WITHDRAWN,
        ReminderOutcome.DEADLINE_PASSED,
        ReminderOutcome.ENOUGH,
    }
)


@dataclass(frozen=True, slots=True)
class Circumstances:
    """The facts at the time of the decision.

    `is_enough`: the log has the maximum number of steps. `other_message`: a newer message of the
    citizen asks for the same payment, and reminds of it. `paid_otherwise`: the sum is paid in
    instalments, or the instalment is paid with the whole sum.
    """

    payment_status: str | None = None
    is_read: bool = False
    is_archived: bool = False
    is_done: bool = False
    is_enough: bool = False
    other_message: bool = False
    paid_otherwise: bool = False
    opted_out: bool = False
    service_off: bool = False
    no_channel: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """The decision about a step: its outcome, and the next step (None for no further step).

    `overtaken`: the earlier steps that were never tried. `until`, for SENT: the time until which
    the citizen may be disturbed. For POSTPONED the next step is the same step, later.
    """

    step: Step
    outcome: ReminderOutcome
    next: Step | None = None
    overtaken: tuple[Step, ...] = ()
    until: datetime | None = None

    def instead(self, outcome: ReminderOutcome) -> "Verdict":
        """Return the verdict with another outcome."""
        following = None if outcome in ENDING else self.next
        return replace(self, outcome=outcome, next=following, until=None)

    def put_off(self, at: datetime) -> "Verdict":
        """Return the verdict that postpones the step, unless the next step is near."""
        if self.next is not None and self.next.at - at < _APART:
            return self.instead(ReminderOutcome.OVERTAKEN)
        later = replace(self.step, at=at)
        return replace(self, outcome=ReminderOutcome.POSTPONED, next=later, until=None)


def first(reminded: Reminded, now: datetime, settled: frozenset[str] = frozenset()) -> Step | None:
    """Return the next step of the plan; `settled` names the steps that have an outcome."""
    plan = (step for step in steps(reminded) if step.at > now and step.name not in settled)
    return next(plan, None)


def judge(
    reminded: Reminded,
    current: Step,
    now: datetime,
    circumstances: Circumstances,
    settled: frozenset[str] = frozenset(),
) -> Verdict:
    """Decide about a step that is due, or was due some time ago.

    Where several steps are due, only the last step is sent: missed reminders are not sent later.
    """
    open_ = [other for other in steps(reminded) if other.name not in settled | {current.name}]
    due_steps = sorted(
        (current, *(other for other in open_ if other.at <= now)),
        key=lambda step: (step.at, step.name),
    )
    step = due_steps[-1]
    following = next((other for other in open_ if other.at > now), None)
    verdict = Verdict(step, ReminderOutcome.SENT, following, tuple(due_steps[:-1]))
    if (reason := reason_against(reminded, step, now, circumstances)) is not None:
        return verdict.instead(reason)
    until = closes(now, reminded.quiet)
    if until is None:
        return _later(reminded, verdict, now)
    return replace(verdict, until=until)


def reason_against(
    reminded: Reminded, step: Step, now: datetime, circumstances: Circumstances
) -> ReminderOutcome | None:
    """Return the first reason not to send a step; None where it is to be sent."""
    due = reminded.due
    if circumstances.payment_status in {ReminderOutcome.PAID, ReminderOutcome.CANCELLED}:
        return ReminderOutcome(circumstances.payment_status)
    for applies, reason in (
        (circumstances.is_done, ReminderOutcome.DONE),
        (due is not None and due.is_past(now), ReminderOutcome.DEADLINE_PASSED),
        (not step.is_of(due), ReminderOutcome.OVERTAKEN),
        (circumstances.is_enough, ReminderOutcome.ENOUGH),
        (circumstances.other_message, ReminderOutcome.OTHER_MESSAGE),
        (circumstances.paid_otherwise, ReminderOutcome.PAID_OTHERWISE),
        (circumstances.is_archived, ReminderOutcome.ARCHIVED),
        (step.is_unread and circumstances.is_read, ReminderOutcome.READ),
        (circumstances.opted_out, ReminderOutcome.OPTED_OUT),
        (circumstances.service_off, ReminderOutcome.SERVICE_OFF),
        (circumstances.no_channel, ReminderOutcome.NO_CHANNEL),
    ):
        if applies:
            return reason
    return None


def _later(reminded: Reminded, verdict: Verdict, now: datetime) -> Verdict:
    """Postpone the step until the citizen may be disturbed, unless another step is near."""
    at = opens(now, reminded.quiet)
    if at is None or (reminded.due is not None and reminded.due.is_past(at)):
        return verdict.instead(ReminderOutcome.QUIET_HOURS)
    return verdict.put_off(at)
