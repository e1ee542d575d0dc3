"""The reminders of a message in answers to its citizen and its sender."""

from typing import Annotated, Literal

from pydantic import Field

from lib.domain.reminders.plan import SNOOZE, Step
from lib.domain.reminders.policy import ReminderPolicy
from lib.domain.shared.described import DAYS_BEFORE, DUE_AT, REMINDER_WHY, says
from lib.domain.shared.model import Model
from lib.domain.shared.values import timestamp
from lib.use_cases.reminders.read_reminders import Reminders, SwitchedOff

Why = Literal["DUE_DATE", "UNREAD", "SNOOZED"]


class PlannedReminder(Model):
    """A planned reminder and its reason. `days_before`: the step of the policy."""

    at: Annotated[
        str,
        Field(json_schema_extra={"format": "date-time"}),
        says("When the reminder is planned: date and time in UTC."),
    ]
    why: Annotated[Why, REMINDER_WHY]
    days_before: Annotated[int | None, DAYS_BEFORE] = None


class PastReminder(Model):
    """The outcome of a reminder, SENT or the reason why not, and the time of the decision."""

    at: Annotated[
        str,
        Field(json_schema_extra={"format": "date-time"}),
        says("When it was decided whether to send the reminder: date and time in UTC."),
    ]
    why: Annotated[Why, REMINDER_WHY]
    days_before: Annotated[int | None, DAYS_BEFORE] = None
    outcome: Annotated[
        str,
        says(
            "SENT, or the reason why the reminder was not sent, such as PAID or "
            "OVERTAKEN (the next one came first). A sender reads NOT_SENT where the "
            "reason would tell of the citizen."
        ),
    ]


class RemindersAnswer(Model):
    """The planned and past reminders of a message; `next` is the first of `to_come`.

    `ended` gives the reason why no reminder is to come: PAID, CANCELLED, PAID_OTHERWISE (in
    instalments, or with the whole sum), DONE, DEADLINE_PASSED or ENOUGH; to the citizen also a
    reason that may pass: ARCHIVED, READ, OTHER_MESSAGE or NO_CHANNEL.
    """

    due_date: Annotated[str | None, DUE_AT] = None
    next: Annotated[
        PlannedReminder | None, says("The first reminder that is to come. Absent: none is to come.")
    ] = None
    to_come: Annotated[
        list[PlannedReminder],
        says("The reminders to come, the earliest first, as things stand now."),
    ]
    past: Annotated[
        list[PastReminder], says("The outcomes of the past reminders, the oldest first.")
    ]
    ended: Annotated[
        str | None,
        says(
            "Why no reminder is to come: PAID, CANCELLED, WITHDRAWN, PAID_OTHERWISE (in "
            "instalments, or with the whole sum), DONE, DEADLINE_PASSED or ENOUGH; "
            "for the citizen also READ, ARCHIVED, OTHER_MESSAGE or NO_CHANNEL. "
            "Absent: some are to come."
        ),
    ] = None
    policy: Annotated[
        ReminderPolicy,
        says(
            "The reminder policy of this message: the service's, changed by the message's own "
            "`reminders`."
        ),
    ]


class OwnRemindersAnswer(RemindersAnswer):
    """The reminders of a message with the citizen's choices. `switched_off`: none is sent."""

    is_done: Annotated[
        bool, says("Whether the citizen ended the reminders of this message as done.")
    ]
    snoozed_until: Annotated[
        str | None,
        says(
            "Until when the citizen put the reminders off: date and time in UTC. "
            "Absent: they are not put off."
        ),
    ] = None
    switched_off: Annotated[
        SwitchedOff | None,
        says(
            "Why the citizen gets no reminders of it: ALTOGETHER in the profile, or "
            "FOR_THE_SERVICE. Absent: they are on."
        ),
    ] = None


def _why(name: str) -> Why:
    if name.startswith(SNOOZE):
        return "SNOOZED"
    return "DUE_DATE" if name[:1].isdigit() else "UNREAD"


def _planned(step: Step) -> PlannedReminder:
    return PlannedReminder(at=timestamp(step.at), why=_why(step.name), days_before=step.days)


def seen_by_sender(reminders: Reminders) -> RemindersAnswer:
    """Return the sender's view."""
    planned = [_planned(step) for step in reminders.to_come]
    return RemindersAnswer(
        due_date=reminders.due_date,
        next=planned[0] if planned else None,
        to_come=planned,
        past=[
            PastReminder(
                at=one.at,
                why=_why(one.step),
                days_before=one.days,
                outcome=one.outcome,
            )
            for one in reminders.log
        ],
        ended=reminders.ended,
        policy=reminders.policy,
    )


def seen_by_citizen(reminders: Reminders) -> OwnRemindersAnswer:
    """Return the citizen's view, which does not have the sender's `condition_url`."""
    policy = reminders.policy.model_copy(update={"condition_url": None})
    return OwnRemindersAnswer(
        **{**dict(seen_by_sender(reminders)), "policy": policy},
        is_done=reminders.is_done,
        snoozed_until=reminders.snoozed_until,
        switched_off=reminders.switched_off,
    )
