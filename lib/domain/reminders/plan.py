"""When a citizen is to be reminded of a message: a plan that follows from what is known of it.

A plan knows no present: whoever computes it again, whenever, gets the same. That each step falls
on a day of its own, in a moment when the citizen may be disturbed, is decided here; whether a
step is still called for when its moment comes is decided in `reminder_decision`.
"""

import zlib
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from lib.domain.reminders.policy import ReminderPolicy
from lib.domain.reminders.working_days import working_day_after, working_day_before
from lib.domain.shared.deadline import Deadline, in_rome
from lib.domain.shared.quiet_hours import DAY_STARTS, QuietHours, moment_on, opens

HORIZON: Final = timedelta(days=5 * 366)
"""A due date further ahead is none that anybody meant."""
UNREAD: Final = "unread"
SNOOZE: Final = "snooze"

_SETTLED_FAR: Final = timedelta(days=1)
_SETTLED_NEAR: Final = timedelta(hours=2)
"""How old a message is at least when its citizen is first reminded; near = one day before."""
_MARGIN: Final = timedelta(hours=1)
"""How long before a due date of a certain hour the last reminder comes, at least."""
_SPREAD: Final = 12
_SPREAD_MINUTES: Final = 5


@dataclass(frozen=True, slots=True)
class Step:
    """One reminder, at a moment in UTC. `days` before the due date, where it is of one.

    `name` tells it from all others of its message, those of another due date included.
    """

    name: str
    at: datetime
    days: int | None = None

    @classmethod
    def named(cls, name: str, at: datetime) -> "Step":
        """Return the step that the name tells; its days before a due date are part of the name."""
        days = name.rpartition("-")[2] if name[:1].isdigit() else ""
        return cls(name, at, int(days) if days else None)

    @property
    def is_unread(self) -> bool:
        """Whether it is for a message that was not opened, rather than for a due date."""
        return self.name == UNREAD

    def is_of(self, due: Deadline | None) -> bool:
        """Tell whether it is of this due date, where it is of one: not of one amended since."""
        return self.days is None or (due is not None and self.name.startswith(f"{due.day:%Y%m%d}-"))


@dataclass(frozen=True, slots=True)
class Reminded:
    """What a plan follows from. `since`: when the message was accepted; both moments in UTC."""

    message_id: str
    since: datetime
    due: Deadline | None
    policy: ReminderPolicy
    quiet: QuietHours | None = None
    snoozed_until: datetime | None = None

    @property
    def minute(self) -> int:
        """The minute of the hour for this message: what is due of many is spread over it."""
        return zlib.crc32(self.message_id.encode()) % _SPREAD * _SPREAD_MINUTES


def steps(reminded: Reminded) -> tuple[Step, ...]:
    """Return the plan in the order of its moments, at most one step for each day in Italy.

    Where the policy allows fewer than it names, the nearest to the due date are kept.
    """
    policy, due = reminded.policy, _plausible(reminded)
    planned: dict[date, Step] = {}
    if policy.is_enabled:
        if due is not None:
            planned = dict(list(_before(reminded, due).items())[: policy.max])
        if policy.unread_after_days is not None and len(planned) < policy.max:
            _add_unread(reminded, due, policy.unread_after_days, planned)
    if reminded.snoozed_until is not None:
        planned = _snoozed(reminded, reminded.snoozed_until, planned)
    return tuple(sorted(planned.values(), key=lambda step: step.at))


def _plausible(reminded: Reminded) -> Deadline | None:
    due = reminded.due
    since = reminded.since
    if due is None or due.is_past(since) or due.end > since + HORIZON:
        return None
    return due


def _before(reminded: Reminded, due: Deadline) -> dict[date, Step]:
    """Return the steps before the due date by their days, the nearest to it first."""
    policy, planned = reminded.policy, dict[date, Step]()
    named, latest = f"{due.day:%Y%m%d}", due.end - _MARGIN
    for days in sorted(policy.days):
        day = due.day - timedelta(days=days)
        if days > 1 and policy.working_days_only:
            day = working_day_before(day, policy.holidays_of)
        at = _moment(reminded, day, latest)
        settled = _SETTLED_FAR if days > 1 else _SETTLED_NEAR
        if at is not None and at - reminded.since >= settled:
            planned.setdefault(day, Step(f"{named}-{days}", at, days))
    return planned


def _moment(reminded: Reminded, day: date, latest: datetime) -> datetime | None:
    """Return when on that day; None where there is no moment that is early enough."""
    for hour in (reminded.policy.hour, DAY_STARTS.hour):
        at = moment_on(day, hour, reminded.minute, reminded.quiet)
        if at is not None and at <= latest:
            return at
    return None


def _add_unread(
    reminded: Reminded, due: Deadline | None, after: int, planned: dict[date, Step]
) -> None:
    policy = reminded.policy
    day = in_rome(reminded.since).date() + timedelta(days=after)
    if policy.working_days_only:
        day = working_day_after(day, policy.holidays_of)
    at = moment_on(day, policy.hour, reminded.minute, reminded.quiet)
    if at is not None and (due is None or day < due.day):
        planned.setdefault(day, Step(UNREAD, at))


def _snoozed(reminded: Reminded, until: datetime, planned: dict[date, Step]) -> dict[date, Step]:
    """Leave out what comes before, and what else would come on the day of the reminder chosen."""
    later = {day: step for day, step in planned.items() if step.at >= until}
    at = opens(until, reminded.quiet)
    if at is None:
        return later
    return {**later, in_rome(at).date(): Step(f"{SNOOZE}-{until:%Y%m%d%H%M}", at)}


def days_left(due: Deadline, moment: datetime) -> int:
    """Return how many days, in Italy, the due date is ahead: 1 is tomorrow, 0 today."""
    return (due.day - in_rome(moment).date()).days
