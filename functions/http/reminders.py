"""The reminders of a message as both sides see them."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from lib.domain.reminder_plan import SNOOZE, Step
from lib.domain.reminder_policy import ReminderPolicy
from lib.domain.values import timestamp
from lib.use_cases.read_reminders import Reminders, SwitchedOff

Why = Literal["DUE_DATE", "UNREAD", "SNOOZED"]


class PlannedReminder(BaseModel):
    """A reminder to come, and why: `days_before` the due date, which is 0 on the day itself."""

    at: Annotated[str, Field(json_schema_extra={"format": "date-time"})]
    why: Why
    days_before: int | None = None


class PastReminder(BaseModel):
    """What became of a reminder, and when that was decided: SENT, or why not."""

    at: Annotated[str, Field(json_schema_extra={"format": "date-time"})]
    why: Why
    days_before: int | None = None
    outcome: str


class RemindersAnswer(BaseModel):
    """The plan of a message by its policy; `next` is the first of `to_come`.

    `ended` says why none is to come as things stand: PAID, CANCELLED, PAID_OTHERWISE (in
    instalments, or with the whole sum), DONE, DEADLINE_PASSED or ENOUGH; to the citizen also what
    keeps them back, as ARCHIVED, READ, OTHER_MESSAGE or NO_CHANNEL.
    """

    due_date: str | None = None
    next: PlannedReminder | None = None
    to_come: list[PlannedReminder]
    past: list[PastReminder]
    ended: str | None = None
    policy: ReminderPolicy


class OwnRemindersAnswer(RemindersAnswer):
    """The same with the citizen's own wishes; `switched_off`: none is sent, for what they chose."""

    is_done: bool
    snoozed_until: str | None = None
    switched_off: SwitchedOff | None = None


def _why(name: str) -> Why:
    if name.startswith(SNOOZE):
        return "SNOOZED"
    return "DUE_DATE" if name[:1].isdigit() else "UNREAD"


def _planned(step: Step) -> PlannedReminder:
    return PlannedReminder(at=timestamp(step.at), why=_why(step.name), days_before=step.days)


def seen_by_sender(reminders: Reminders) -> RemindersAnswer:
    """Build the sender's view."""
    planned = [_planned(step) for step in reminders.to_come]
    return RemindersAnswer(
        due_date=reminders.due_date,
        next=planned[0] if planned else None,
        to_come=planned,
        past=[
            PastReminder(
                at=entry["at"],
                why=_why(entry["step"]),
                days_before=entry["days"],
                outcome=entry["outcome"],
            )
            for entry in reminders.log
        ],
        ended=reminders.ended,
        policy=reminders.policy,
    )


def seen_by_citizen(reminders: Reminders) -> OwnRemindersAnswer:
    """Build the citizen's view; what the sender asks its own systems is not in it."""
    policy = reminders.policy.model_copy(update={"condition_url": None})
    return OwnRemindersAnswer(
        **{**dict(seen_by_sender(reminders)), "policy": policy},
        is_done=reminders.is_done,
        snoozed_until=reminders.snoozed_until,
        switched_off=reminders.switched_off,
    )
