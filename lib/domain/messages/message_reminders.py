"""The reminders of one message: the policy, the next step, and the outcome of earlier steps."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, NamedTuple

from lib.domain.reminders.decision import ReminderOutcome
from lib.domain.reminders.plan import SNOOZE, Step
from lib.domain.reminders.policy import ReminderPolicy
from lib.domain.shared.values import parse_timestamp, timestamp

MAX_LOG: Final = 50
"""The maximum number of steps of one message that are tried."""


class LoggedReminder(NamedTuple):
    """The outcome of a step, and when it was decided, as `values.timestamp` writes it.

    `days`: how many days before the due date the step was; None for a step without a due date.
    `outcome` is a plain text where a later version of the app wrote an outcome that this version
    does not know.
    """

    step: str
    days: int | None
    at: str
    outcome: ReminderOutcome | str


class ReminderWish(NamedTuple):
    """The citizen's wish: no more reminders, or none before a given time."""

    is_done: bool = False
    snoozed_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class MessageReminders:
    """The reminder data of a message.

    `policy_fields`: the fields of its policy that differ from the default, as
    ReminderPolicy.stored. `next`: the scheduled step, None where no step is to come. `log`: the
    outcomes of the steps so far, the oldest first. `is_planned`: the message had a reminder at some
    time. `is_done` and `snoozed_until` (as `values.timestamp` writes it) are the citizen's wishes.
    """

    policy_fields: Mapping[str, Any] | None = None
    next: Step | None = None
    log: tuple[LoggedReminder, ...] = ()
    is_planned: bool = False
    is_done: bool = False
    snoozed_until: str | None = None

    @property
    def policy(self) -> ReminderPolicy:
        """The reminder policy of the message; absent fields have the current defaults."""
        # built on demand: most readers of a message need no policy
        return ReminderPolicy.of_stored(self.policy_fields)

    @property
    def settled(self) -> frozenset[str]:
        """The names of the steps that have an outcome."""
        return frozenset(entry.step for entry in self.log)

    @property
    def is_log_full(self) -> bool:
        """Whether the log has the maximum number of steps."""
        return len(self.log) >= MAX_LOG

    @property
    def last_outcome(self) -> ReminderOutcome | str | None:
        """The outcome of the last step; None where no step has one."""
        return self.log[-1].outcome if self.log else None

    def due_at(self, moment: str) -> Step | None:
        """Return the next step if it is due at this time, as `values.timestamp` writes it."""
        step = self.next
        return step if step is not None and timestamp(step.at) == moment else None

    def last_sent(self, by: str) -> str | None:
        """Return the last reminder that was sent until `by`, as `values.timestamp` writes it.

        The result is the number of days before the due date, or the kind of a reminder without a
        due date; None where no reminder was sent.
        """
        for entry in reversed(self.log):
            if entry.outcome is ReminderOutcome.SENT and entry.at <= by:
                return kind_of(entry.step) if entry.days is None else str(entry.days)
        return None

    def sent_after(self, moment: datetime) -> bool:
        """Tell whether a reminder was sent after this time."""
        return any(
            entry.outcome is ReminderOutcome.SENT and parse_timestamp(entry.at) > moment
            for entry in self.log
        )

    def wished(self, wish: ReminderWish) -> "MessageReminders":
        """Return the reminders with the citizen's wish; the caller computes the plan again."""
        until = wish.snoozed_until
        snoozed_until = None if until is None else timestamp(until)
        return replace(self, is_done=wish.is_done, snoozed_until=snoozed_until)


def kind_of(step: str) -> str:
    """Return the kind in the name of a step without a due date: the name without its time."""
    return SNOOZE if step.startswith(SNOOZE) else step
