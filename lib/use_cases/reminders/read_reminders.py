"""Return the reminders of a message: coming reminders, and the outcomes of past reminders."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from lib.domain.identity.access import Access
from lib.domain.messages.errors import MessageNotFoundError, NotOwnMessageError
from lib.domain.messages.message import Message
from lib.domain.messages.message_reminders import ReminderWish
from lib.domain.payment_notices.standing import Standing
from lib.domain.reminders.decision import ENDING, ReminderOutcome, reason_against
from lib.domain.reminders.plan import Step, steps
from lib.domain.reminders.policy import ReminderPolicy
from lib.domain.services.service import Sender, may_know_outcome
from lib.domain.shared.identifiers import MessageId
from lib.domain.shared.values import timestamp
from lib.ports.clock import Clock
from lib.repositories.messages.messages import Messages
from lib.use_cases.payments.standings import Standings
from lib.use_cases.reminders.load_due_reminder import LoadDueReminder

SwitchedOff = Literal["ALTOGETHER", "FOR_THE_SERVICE"]

TOLD: Final = frozenset(
    {
        ReminderOutcome.SENT,
        ReminderOutcome.PAID,
        ReminderOutcome.CANCELLED,
        ReminderOutcome.WITHDRAWN,
        ReminderOutcome.DEADLINE_PASSED,
        ReminderOutcome.OTHER_MESSAGE,
        ReminderOutcome.PAID_OTHERWISE,
        ReminderOutcome.OVERTAKEN,
        ReminderOutcome.CONDITION,
    }
)
"""The outcomes that a sender sees. Other outcomes tell of the citizen and show as NOT_SENT."""
OF_PAYMENT: Final = frozenset(
    {ReminderOutcome.PAID, ReminderOutcome.CANCELLED, ReminderOutcome.PAID_OTHERWISE}
)
"""The outcomes that a sender sees if it may know of the payment; else they show as NOT_SENT."""
NOT_SENT: Final = "NOT_SENT"


@dataclass(frozen=True, slots=True)
class PastReminder:
    """A past step, with its outcome. The outcome is NOT_SENT where the caller may not know it."""

    step: str
    days: int | None
    at: str
    outcome: str


@dataclass(frozen=True, slots=True)
class Reminders:
    """The plan of a message. `ended`: the reason why no reminder is to come."""

    policy: ReminderPolicy
    due_date: str | None
    to_come: tuple[Step, ...]
    log: tuple[PastReminder, ...]
    ended: str | None = None
    is_done: bool = False
    snoozed_until: str | None = None
    switched_off: SwitchedOff | None = None


class ReadReminders:
    """Return the plan of a message, for its citizen or for its sender.

    Coming reminders are those that the rules for sending would allow with the current facts.
    Cost: that of LoadDueReminder for the citizen; the sender's view reads no settings.
    """

    def __init__(
        self, messages: Messages, standings: Standings, clock: Clock, look: LoadDueReminder
    ) -> None:
        self._messages = messages
        self._standings = standings
        self._clock = clock
        self._look = look

    async def for_citizen(self, access: Access, message_id: MessageId) -> Reminders:
        """Return the plan; raise MessageNotFoundError unless the citizen has the message."""
        message = await self._messages.get(access.subject, message_id)
        if not message.is_in_inbox:
            raise MessageNotFoundError
        case = await self._look.at(message)
        switched_off: SwitchedOff | None = None
        if case.how.opted_out:
            switched_off = "ALTOGETHER"
        elif case.how.service_off:
            switched_off = "FOR_THE_SERVICE"
        ended = _end(message, case.standing)
        pending = None if ended else message.reminders.next
        to_come: tuple[Step, ...] = ()
        if pending is not None:
            others = _after(message, steps(case.facts), pending.at)
            plan = (pending, *(step for step in others if step.name != pending.name))
            now = self._clock.now()
            against = {
                step: reason_against(case.facts, step, max(step.at, now), case.how) for step in plan
            }
            to_come = tuple(step for step in plan if against[step] is None)
            if not to_come and switched_off is None:
                ended = against[pending]
        return Reminders(
            policy=message.reminders.policy,
            due_date=message.due_date,
            to_come=to_come,
            log=tuple(PastReminder(*entry) for entry in message.reminders.log),
            ended=ended,
            is_done=message.reminders.is_done,
            snoozed_until=message.reminders.snoozed_until,
            switched_off=switched_off,
        )

    async def for_sender(
        self, sender: Sender, fiscal_code: str, message_id: MessageId
    ) -> Reminders:
        """Return the plan by the policy only, without the citizen's choices.

        The sender sees past reminders of the due date only: a reminder of an unread message would
        show whether the citizen read it. A sender that may not know of the payment sees the plan of
        a message that is not paid. An intermediary does not see the service's `condition_url`,
        which may have a secret. Raise MessageNotFoundError, NotOwnMessageError.
        """
        message = await self._messages.get(fiscal_code, message_id)
        if not sender.sent(message):
            raise NotOwnMessageError
        knows = may_know_outcome(sender, message)
        visible = TOLD if knows else TOLD - OF_PAYMENT
        standing = await self._standings.of_message(message)
        end, now = _end(message, standing), self._clock.now()
        ended = end if end in visible else None
        plan = steps(message.wished(ReminderWish()).reminded(None))
        log = [
            PastReminder(
                entry.step,
                entry.days,
                entry.at,
                entry.outcome if entry.outcome in visible else NOT_SENT,
            )
            for entry in message.reminders.log
            if entry.days is not None
        ]
        if end is not None and ended is None:
            log += _passed(message, plan, now)
        policy = message.reminders.policy
        if sender.on_behalf:
            policy = policy.model_copy(update={"condition_url": None})
        return Reminders(
            policy=policy,
            due_date=message.due_date,
            to_come=() if ended else _after(message, plan, now),
            log=tuple(log),
            ended=ended,
        )


def _passed(message: Message, plan: tuple[Step, ...], now: datetime) -> list[PastReminder]:
    """Return the entries that the plan would have without its end.

    The sender may not know the end, so these entries hide it.
    """
    over = message.reminders.settled
    return [
        PastReminder(step.name, step.days, timestamp(step.at), NOT_SENT)
        for step in plan
        if step.at <= now and step.days is not None and step.name not in over
    ]


def _after(message: Message, plan: tuple[Step, ...], moment: datetime) -> tuple[Step, ...]:
    over = message.reminders.settled
    return tuple(step for step in plan if step.at > moment and step.name not in over)


def _end(message: Message, standing: Standing | None) -> str | None:
    """Return the reason why the plan ended; None while it goes on."""
    if message.withdrawal is not None:
        return ReminderOutcome.WITHDRAWN
    if standing is not None and standing.status != "NOT_PAID":
        return standing.status
    if message.reminders.is_done:
        return ReminderOutcome.DONE
    if message.reminders.next is not None:
        return None
    last = message.reminders.last_outcome
    return last if last in ENDING else None
