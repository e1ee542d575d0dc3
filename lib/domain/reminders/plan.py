"""Compute the reminder plan of a message: when the citizen is to be reminded.

The plan does not depend on the current time: it gives the same steps whenever it is computed. It
puts each step on a day of its own, at a time when the citizen may be disturbed. When a step is due,
the module `decision` decides whether the step is still needed.
"""

import zlib
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from lib.domain.reminders.policy import ReminderPolicy
from lib.domain.reminders.working_days import working_day_after, working_day_before
from lib.domain.shared.deadline import Deadline, in_rome
from lib.domain.shared.identifiers import MessageId
from lib.domain.shared.quiet_hours import DAY_STARTS, QuietHours, moment_on, opens

HORIZON: Final = timedelta(days=5 * 366)
"""A due date further ahead is not meant as one: the plan ignores it."""
UNREAD: Final = "unread"
SNOOZE: Final = "snooze"

_SETTLED_FAR: Final = timedelta(days=1)
_SETTLED_NEAR: Final = timedelta(hours=2)
"""The minimum age of a message at its first reminder; NEAR: for one day before the due date."""
_MARGIN: Final = timedelta(hours=1)
"""The minimum time between the last reminder and a due date with a time of day."""
_SPREAD: Final = 12
_SPREAD_MINUTES: Final = 5


@dataclass(frozen=True, slots=True)
class Step:
    """One reminder, at a time in UTC.

    `days`: the number of days before the due date, None for a step without a due date. `name`: no
    other step of the message has this name, not even a step for an earlier due date.
    """

    name: str
    at: datetime
    days: int | None = None

    @classmethod
    def named(cls, name: str, at: datetime) -> "Step":
        """Return the step with this name, which contains the days before the due date."""
        days = name.rpartition("-")[2] if name[:1].isdigit() else ""
        return cls(name, at, int(days) if days else None)

    @property
    def is_unread(self) -> bool:
        """Whether the step reminds of an unread message rather than of a due date."""
        return self.name == UNREAD

    def is_of(self, due: Deadline | None) -> bool:
        """Tell whether the step is for this due date; always true for a step without one."""
        return self.days is None or (due is not None and self.name.startswith(f"{due.day:%Y%m%d}-"))


@dataclass(frozen=True, slots=True)
class Reminded:
    """The facts of a plan, with times in UTC. `since`: the time of the message's acceptance."""

    message_id: MessageId
    since: datetime
    due: Deadline | None
    policy: ReminderPolicy
    quiet: QuietHours | None = None
    snoozed_until: datetime | None = None

    @property
    def minute(self) -> int:
        """The minute for this message's reminders, which spreads reminders over the hour."""
        return zlib.crc32(self.message_id.encode()) % _SPREAD * _SPREAD_MINUTES


def steps(reminded: Reminded) -> tuple[Step, ...]:
    """Return the steps in the order of their times, at most one for each day in Italy.

    Where the policy names more days than its maximum, the steps nearest to the due date are kept.
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
    prefix, latest = f"{due.day:%Y%m%d}", due.end - _MARGIN
    for days in sorted(policy.days):
        day = due.day - timedelta(days=days)
        if days > 1 and policy.working_days_only:
            day = working_day_before(day, policy.holidays_of)
        at = _moment(reminded, day, latest)
        settled = _SETTLED_FAR if days > 1 else _SETTLED_NEAR
        if at is not None and at - reminded.since >= settled:
            planned.setdefault(day, Step(f"{prefix}-{days}", at, days))
    return planned


def _moment(reminded: Reminded, day: date, latest: datetime) -> datetime | None:
    """Return the time on that day; None where no time is early enough."""
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
    """Return the steps after the snooze; the chosen reminder replaces others on its day."""
    later = {day: step for day, step in planned.items() if step.at >= until}
    at = opens(until, reminded.quiet)
    if at is None:
        return later
    return {**later, in_rome(at).date(): Step(f"{SNOOZE}-{until:%Y%m%d%H%M}", at)}


def days_left(due: Deadline, moment: datetime) -> int:
    """Return the number of days in Italy until the due date: 1 is tomorrow, 0 today."""
    return (due.day - in_rome(moment).date()).days
