"""Show the reminders of a message: those to come and what became of the others."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

from lib.domain.messages.errors import MessageNotFoundError, NotOwnMessageError
from lib.domain.payment_notices.standing import Standing
from lib.domain.reminders.decision import ENDING, Outcome, reason_against
from lib.domain.reminders.plan import Step, steps
from lib.domain.reminders.policy import ReminderPolicy
from lib.domain.services.service import Sender, may_know_outcome
from lib.domain.shared.values import timestamp
from lib.ports.clock import Clock
from lib.ports.documents import Document, DocumentStore
from lib.repositories.messages.messages import Messages
from lib.repositories.messages.reminder_fields import log_of, next_of, policy_of, reminded, settled
from lib.use_cases.payments.standings import Standings
from lib.use_cases.reminders.load_due_reminder import LoadDueReminder

SwitchedOff = Literal["ALTOGETHER", "FOR_THE_SERVICE"]

TOLD: Final = frozenset(
    {
        Outcome.SENT,
        Outcome.PAID,
        Outcome.CANCELLED,
        Outcome.DEADLINE_PASSED,
        Outcome.OTHER_MESSAGE,
        Outcome.PAID_OTHERWISE,
        Outcome.OVERTAKEN,
        Outcome.CONDITION,
    }
)
"""What a sender learns; of the others, which tell of the citizen, that none was sent."""
OF_PAYMENT: Final = frozenset({Outcome.PAID, Outcome.CANCELLED, Outcome.PAID_OTHERWISE})
"""What a sender learns only where it may know of the payment; else that none was sent."""
NOT_SENT: Final = "NOT_SENT"


@dataclass(frozen=True, slots=True)
class Reminders:
    """The plan of a message. `ended` says why nothing is to come; a log entry is as stored."""

    policy: ReminderPolicy
    due_date: str | None
    to_come: tuple[Step, ...]
    log: list[dict[str, Any]]
    ended: str | None = None
    is_done: bool = False
    snoozed_until: str | None = None
    switched_off: SwitchedOff | None = None


class ReadReminders:
    """What a look at a reminder costs, for the citizen; the sender's view reads no settings.

    What is shown to come is what would be sent, as things stand now, by the rules that send it.
    """

    def __init__(self, store: DocumentStore, clock: Clock, look: LoadDueReminder) -> None:
        self._messages = Messages(store)
        self._standings = Standings(store)
        self._clock = clock
        self._look = look

    async def for_citizen(self, fiscal_code: str, message_id: str) -> Reminders:
        """Raise MessageNotFoundError unless the message is in this citizen's inbox."""
        message = await self._messages.get(fiscal_code, message_id)
        if message["status"] != "PROCESSED":
            raise MessageNotFoundError
        case = await self._look.at(message)
        switched_off: SwitchedOff | None = None
        if case.how.opted_out:
            switched_off = "ALTOGETHER"
        elif case.how.service_off:
            switched_off = "FOR_THE_SERVICE"
        is_done = message.get("reminders_done", False)
        ended = _end(message, case.standing)
        pending = None if ended else next_of(message)
        to_come: tuple[Step, ...] = ()
        if pending is not None:
            others = _after(message, steps(case.facts), pending.at)
            plan = (pending, *(one for one in others if one.name != pending.name))
            now = self._clock.now()
            against = {
                step: reason_against(case.facts, step, max(step.at, now), case.how) for step in plan
            }
            to_come = tuple(step for step in plan if against[step] is None)
            if not to_come and switched_off is None:
                ended = against[pending]
        return Reminders(
            policy=policy_of(message),
            due_date=message.get("due_date"),
            to_come=to_come,
            log=log_of(message),
            ended=ended,
            is_done=is_done,
            snoozed_until=message.get("reminders_until"),
            switched_off=switched_off,
        )

    async def for_sender(self, sender: Sender, fiscal_code: str, message_id: str) -> Reminders:
        """Return the plan as the policy alone makes it: what the citizen chose does not show.

        Of past reminders the sender sees those of the due date: one for an unread message that was
        sent, or not, would tell whether it was read. A sender that may not know of the payment sees
        the plan of a message that is not paid.

        Raise MessageNotFoundError, NotOwnMessageError.
        """
        message = await self._messages.get(fiscal_code, message_id)
        if message["sender_service_id"] != sender.service.id:
            raise NotOwnMessageError
        knows = may_know_outcome(sender, message["status"], message["feature_level_type"])
        told = TOLD if knows else TOLD - OF_PAYMENT
        # an earlier version kept no content of a rejected message
        standing = await self._standings.of_message(message) if "content" in message else None
        end, now = _end(message, standing), self._clock.now()
        ended = end if end in told else None
        wishes = {"reminders_until": None, "reminders_done": False}
        plan = steps(reminded({**message, **wishes}, None))
        log = [
            {**entry, "outcome": entry["outcome"] if entry["outcome"] in told else NOT_SENT}
            for entry in log_of(message)
            if entry["days"] is not None
        ]
        if end is not None and ended is None:
            log += _passed(message, plan, now)
        return Reminders(
            policy=policy_of(message),
            due_date=message.get("due_date"),
            to_come=() if ended else _after(message, plan, now),
            log=log,
            ended=ended,
        )


def _passed(message: Document, plan: tuple[Step, ...], now: datetime) -> list[dict[str, Any]]:
    """Return the entries that the plan would have if its end, which is secret, had not come."""
    over = settled(message)
    return [
        {"step": step.name, "days": step.days, "at": timestamp(step.at), "outcome": NOT_SENT}
        for step in plan
        if step.at <= now and step.days is not None and step.name not in over
    ]


def _after(message: Document, plan: tuple[Step, ...], moment: datetime) -> tuple[Step, ...]:
    over = settled(message)
    return tuple(step for step in plan if step.at > moment and step.name not in over)


def _end(message: Document, standing: Standing | None) -> str | None:
    """Return what ended the plan, where something did."""
    if standing is not None and standing.status != "NOT_PAID":
        return standing.status
    if message.get("reminders_done"):
        return Outcome.DONE
    if next_of(message) is not None:
        return None
    last = log_of(message)[-1:]
    return next((entry["outcome"] for entry in last if entry["outcome"] in ENDING), None)
