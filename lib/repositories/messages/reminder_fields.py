"""What a message's document says of its reminders.

`reminder_at` and `reminder_step` are the next one, which is in the schedule too; the log says
what became of each before; `reminders_until` and `reminders_done` are the citizen's own wishes.
A message that is never reminded of has none of these fields.
"""

from collections.abc import Sequence
from typing import Any, Final

from lib.domain.profiles.recipient import Profile
from lib.domain.reminders.decision import Outcome
from lib.domain.reminders.plan import SNOOZE, Reminded, Step
from lib.domain.reminders.policy import ReminderPolicy
from lib.domain.shared.values import parse_timestamp, timestamp
from lib.ports.documents import Document, PatchOperation
from lib.repositories.messages.message_documents import deadline_of

MAX_LOG: Final = 50
"""Steps of one message that are tried; then there are no more."""

_DEFAULT: Final = ReminderPolicy()


def announced(step: Step | None) -> tuple[PatchOperation, ...]:
    """Return how a message becomes one that is reminded of."""
    return () if step is None else (*pointed_at(step), PatchOperation("set", "/reminder_log", []))


def pointed_at(step: Step | None) -> tuple[PatchOperation, ...]:
    """Return how the next reminder is written down; None: there is none to come."""
    return (
        PatchOperation("set", "/reminder_at", step and timestamp(step.at)),
        PatchOperation("set", "/reminder_step", step and step.name),
    )


def logged(document: Document, outcomes: Sequence[tuple[Step, Outcome]], at: str) -> PatchOperation:
    """Return how the log of this very document goes on."""
    entries = [
        {"step": step.name, "days": step.days, "at": at, "outcome": outcome}
        for step, outcome in outcomes
    ]
    return PatchOperation("set", "/reminder_log", [*log_of(document), *entries])


def log_of(document: Document) -> list[dict[str, Any]]:
    """Return what became of the steps so far, the earliest first."""
    log: list[dict[str, Any]] = document.get("reminder_log", [])
    return log


def settled(document: Document) -> frozenset[str]:
    """Name the steps that are over."""
    return frozenset(entry["step"] for entry in log_of(document))


def last_sent(document: Document, by: str) -> str | None:
    """Return how many days before the due date the last reminder was sent for, or its step.

    `by`, as in `values.timestamp`: none that was sent later.
    """
    for entry in reversed(log_of(document)):
        if entry["outcome"] == Outcome.SENT and entry["at"] <= by:
            return kind_of(entry["step"]) if entry["days"] is None else str(entry["days"])
    return None


def kind_of(step: str) -> str:
    """Return the name of a step that is of no due date, without its moment."""
    return SNOOZE if step.startswith(SNOOZE) else step


def policy_of(document: Document) -> ReminderPolicy:
    """Return the policy of a service, or the one that a message was accepted with."""
    stored = document.get("reminder_policy")
    return ReminderPolicy.model_validate(stored) if stored else _DEFAULT


def reminded(document: Document, profile: Profile | None) -> Reminded:
    """Return what the plan of the message follows from."""
    until = document.get("reminders_until")
    return Reminded(
        message_id=document["id"],
        since=parse_timestamp(document["created_at"]),
        due=deadline_of(document),
        policy=policy_of(document),
        quiet=profile.quiet_hours if profile else None,
        snoozed_until=parse_timestamp(until) if until else None,
    )


def current(document: Document, due_at: str) -> Step | None:
    """Return the step that is due at this moment, if it is the message's next one."""
    return next_of(document) if document.get("reminder_at") == due_at else None


def next_of(document: Document) -> Step | None:
    """Return the reminder to come."""
    at = document.get("reminder_at")
    if at is None:
        return None
    name: str = document["reminder_step"]
    days = name.rpartition("-")[2] if name[:1].isdigit() else ""
    return Step(name, parse_timestamp(at), int(days) if days else None)
