"""The reminders of one message: the policy, the next step, and what became of the others."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, NamedTuple

from lib.domain.reminders.decision import ReminderOutcome
from lib.domain.reminders.plan import SNOOZE, Step
from lib.domain.reminders.policy import ReminderPolicy
from lib.domain.shared.values import parse_timestamp, timestamp

MAX_LOG: Final = 50
"""The most steps of one message that are tried; after them none is."""


class LoggedReminder(NamedTuple):
    """What became of a step, and when that was decided, as `values.timestamp` writes it.

    `days`: how many days before the due date the step was for; None for a step of no due date.
    """

    step: str
    days: int | None
    at: str
    outcome: ReminderOutcome


class ReminderWish(NamedTuple):
    """What the citizen wishes: no more reminders, or none before a moment."""

    is_done: bool = False
    snoozed_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class MessageReminders:
    """What a message knows of its reminders.

    `policy_fields`: what its policy says otherwise than the default, as ReminderPolicy.stored.
    `next`: the step that is in the schedule, None where no step is to come. `log`: what became of
    the steps so far, the oldest first. `is_planned`: the message had a reminder at some time.
    `is_done` and `snoozed_until` are the citizen's wishes; the latter as `values.timestamp`.
    """

    policy_fields: Mapping[str, Any] | None = None
    next: Step | None = None
    log: tuple[LoggedReminder, ...] = ()
    is_planned: bool = False
    is_done: bool = False
    snoozed_until: str | None = None

    @property
    def policy(self) -> ReminderPolicy:
        """The policy that the message was accepted with."""
        # built on demand: most of those who read a message need no policy
        return ReminderPolicy.of_stored(self.policy_fields)

    @property
    def settled(self) -> frozenset[str]:
        """The names of the steps that are over."""
        return frozenset(one.step for one in self.log)

    @property
    def is_log_full(self) -> bool:
        """Whether as many steps were tried as the log may hold."""
        return len(self.log) >= MAX_LOG

    @property
    def last_outcome(self) -> ReminderOutcome | None:
        """What became of the last step; None where none was tried."""
        return self.log[-1].outcome if self.log else None

    def due_at(self, moment: str) -> Step | None:
        """Return the next step if it is due at this moment, as `values.timestamp` writes it."""
        step = self.next
        return step if step is not None and timestamp(step.at) == moment else None

    def last_sent(self, by: str) -> str | None:
        """Name the last reminder that was sent until `by`, as `values.timestamp` writes it.

        Return how many days before the due date it was, or its kind where it was of no due date;
        None where none was sent.
        """
        for one in reversed(self.log):
            if one.outcome is ReminderOutcome.SENT and one.at <= by:
                return kind_of(one.step) if one.days is None else str(one.days)
        return None

    def sent_after(self, moment: datetime) -> bool:
        """Tell whether a reminder was sent after the moment."""
        return any(
            one.outcome is ReminderOutcome.SENT and parse_timestamp(one.at) > moment
            for one in self.log
        )

    def wished(self, wish: ReminderWish) -> "MessageReminders":
        """Return the reminders as the citizen wishes them; the plan is not made anew."""
        until = wish.snoozed_until
        snoozed_until = None if until is None else timestamp(until)
        return replace(self, is_done=wish.is_done, snoozed_until=snoozed_until)


def kind_of(step: str) -> str:
    """Return the name of a step of no due date, without its moment."""
    return SNOOZE if step.startswith(SNOOZE) else step
