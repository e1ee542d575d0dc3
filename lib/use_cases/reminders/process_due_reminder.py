"""Process a due reminder: send it or record the reason against it, then schedule the next."""

import asyncio
import time
from collections.abc import Callable, Coroutine, Iterator
from datetime import timedelta
from typing import Any, Final

from lib import telemetry
from lib.domain.messages.message import Message
from lib.domain.notifications.daily_limit import day_of
from lib.domain.payments.payment import Payment
from lib.domain.reminders.decision import ReminderOutcome, Verdict, judge
from lib.domain.reminders.plan import Step
from lib.domain.shared.values import timestamp
from lib.ports.clock import Clock
from lib.ports.errors import NotFoundError, PreconditionFailedError, UnavailableError
from lib.ports.queueing.items.notifications import NotificationKind, ReminderDue
from lib.ports.queueing.retry_later import RetryLaterError
from lib.ports.senders.reminder_conditions import DueReminder
from lib.repositories.messages.messages import Messages
from lib.repositories.messages.reminder_plans import ReminderPlans
from lib.repositories.scheduling.schedule import LATE_WRITE, Schedule
from lib.use_cases.notifications.delegates.find_delegates import FindDelegates
from lib.use_cases.notifications.notify_at_once import NotifyAtOnce
from lib.use_cases.notifications.request_notifications import notifications_of
from lib.use_cases.payments.check_payment import CheckPayment, NodeAwayError
from lib.use_cases.reminders.ask_condition import AskCondition
from lib.use_cases.reminders.load_due_reminder import DueCase, LoadDueReminder
from lib.use_cases.reminders.reminder_entry import reminder_entry
from lib.use_cases.statistics.sender_events import SenderEvents

MAX_OUTAGE_ATTEMPTS: Final = 7
"""The most attempts, over half an hour, while the payment node or the sender does not answer."""
EARLY: Final = LATE_WRITE
"""The most that another process's clock may be ahead; earlier items go back to the schedule."""
FRESH_SECONDS: Final = 2.0
"""The age up to which facts count as current.

Reading, deciding and sending take part of a second in any case, and a change in that time comes
too late too. An answer that takes longer than two seconds is rare.
"""
ONGOING: Final = timedelta(hours=1)
"""The time that a reminder waits for an ongoing payment."""


class ProcessDueReminder:
    """Send a due reminder or record the reason against it, then schedule the next reminder.

    A push is sent here, right after the facts were read: from a long queue, it would reach citizens
    who have paid meanwhile. Each e-mail is queued, and so is a push that failed or would wait for a
    slow push service.
    Cost: the reads of LoadDueReminder, twice if the node or the sender took long to answer. A
    reminder that is sent costs one upsert, one patch and the cost of SendNotification.
    Concurrency: the notifications are sent first. The sender's event and the next reminder are
    written in any order, then the message that names the next reminder. After a crash all are
    repeated. Each notification has a claim for its step, so none is sent twice.
    `elapsed`: the clock, in seconds, by which the answers are timed.
    """

    def __init__(
        self,
        messages: Messages,
        plans: ReminderPlans,
        schedule: Schedule,
        clock: Clock,
        notify: NotifyAtOnce,
        delegates: FindDelegates,
        *,
        look: LoadDueReminder,
        events: SenderEvents,
        check_payment: CheckPayment,
        ask_condition: AskCondition,
        elapsed: Callable[[], float] = time.monotonic,
    ) -> None:
        self._messages = messages
        self._plans = plans
        self._schedule = schedule
        self._look = look
        self._clock = clock
        self._notify = notify
        self._delegates = delegates
        self._events = events
        self._check_payment = check_payment
        self._ask_condition = ask_condition
        self.elapsed = elapsed

    async def __call__(self, item: ReminderDue) -> None:
        """Process an item; do nothing if its reminder was cancelled, planned again or sent."""
        case = await self._look(item)
        if case is None:
            return
        now, looked_at = self._clock.now(), self.elapsed()
        if case.step.at > now + EARLY:
            # a process with a clock ahead queued the item and removed it from the schedule
            await self._put(case.message, case.step)
            return
        first_verdict = verdict = self._judge(case)
        if verdict.outcome is ReminderOutcome.SENT and case.payment is not None:
            verdict = await self._unless_paid(item, case.payment, verdict)
        # a request about a step without a due date would tell the sender about its citizen
        url = case.facts.policy.condition_url if verdict.step.days is not None else None
        if verdict.outcome is ReminderOutcome.SENT and url is not None:
            verdict = await self._unless_refused(item, case, url, verdict)
        is_old = self.elapsed() - looked_at > FRESH_SECONDS
        if verdict.outcome is ReminderOutcome.SENT and is_old:
            # the facts may have changed during the requests
            latest = await self._look(item)
            if latest is None:
                return
            case, verdict = latest, self._judge(latest)
            if (
                verdict.outcome is ReminderOutcome.SENT
                and verdict.step.name != first_verdict.step.name
            ):
                raise UnavailableError("another reminder became due meanwhile")
        await self._notify_of(item, case, verdict)
        try:
            await asyncio.gather(*self._writes(case, verdict, item.due_at))
            await self._write(case, item.due_at, verdict)
        except UnavailableError as error:
            notified = item.notified
            if verdict.outcome is ReminderOutcome.SENT:
                notified = verdict.step.name
            raise RetryLaterError(item.model_copy(update={"notified": notified})) from error

    def _judge(self, case: DueCase) -> Verdict:
        now = self._clock.now()
        return judge(case.facts, case.step, now, case.how, case.message.reminders.settled)

    async def _unless_paid(self, item: ReminderDue, payment: Payment, verdict: Verdict) -> Verdict:
        try:
            state = await self._check_payment(payment)
        except NodeAwayError:
            if item.attempt < MAX_OUTAGE_ATTEMPTS:
                raise
            return verdict
        if state == "ONGOING":
            return verdict.put_off(self._clock.now() + ONGOING)
        return verdict if state == "NOT_PAID" else verdict.instead(ReminderOutcome(state))

    async def _unless_refused(
        self, item: ReminderDue, case: DueCase, url: str, verdict: Verdict
    ) -> Verdict:
        reminder = DueReminder(item.message_id, verdict.step.name)
        try:
            service_id = case.message.sender.service_id
            allowed = await self._ask_condition(service_id, url, reminder)
        except UnavailableError:
            if item.attempt < MAX_OUTAGE_ATTEMPTS:
                raise
            return verdict
        return verdict if allowed else verdict.instead(ReminderOutcome.CONDITION)

    async def _notify_of(self, item: ReminderDue, case: DueCase, verdict: Verdict) -> None:
        """Send or queue the notifications of a reminder, unless an earlier attempt did."""
        step = verdict.step
        if verdict.outcome is not ReminderOutcome.SENT or case.profile is None:
            return
        if item.notified == step.name:
            return
        kind: NotificationKind = "UNREAD" if step.is_unread else "REMINDER"
        name = "" if step.is_unread else step.name
        day, is_repeated = day_of(self._clock.now()), item.is_repeated or item.attempt > 0
        own = notifications_of(
            case.message,
            case.profile,
            case.channels,
            kind,
            name,
            day,
            verdict.until,
            is_repeated=is_repeated,
        )
        of_delegates = self._delegates.notifications(
            case.message, case.delegates, kind, name, day, is_repeated=is_repeated
        )
        await self._notify((*own, *of_delegates), case.message)

    def _writes(
        self, case: DueCase, verdict: Verdict, due_at: str
    ) -> Iterator[Coroutine[Any, Any, None]]:
        message, step = case.message, verdict.step
        if verdict.outcome is ReminderOutcome.SENT and case.profile is not None:
            yield self._events.reminded(message, step.name, due_at)
        if verdict.next is not None:
            yield self._put(message, verdict.next)

    async def _put(self, message: Message, step: Step) -> None:
        entry = reminder_entry(message.fiscal_code, message.id, step.at)
        await self._schedule.put(entry, self._clock.now())

    async def _write(self, case: DueCase, due_at: str, verdict: Verdict) -> None:
        message = case.message
        now = self._clock.now()
        outcomes = [(step, ReminderOutcome.OVERTAKEN) for step in verdict.overtaken]
        if verdict.outcome is not ReminderOutcome.POSTPONED:
            outcomes.append((verdict.step, verdict.outcome))
        try:
            await self._plans.record(message, due_at, verdict.next, outcomes, timestamp(now))
        except NotFoundError:
            return
        except PreconditionFailedError:
            latest = await self._messages.get(message.fiscal_code, message.id)
            if latest.reminders.due_at(due_at) is not None:
                raise UnavailableError("the payment changed meanwhile") from None
            # the reminder was planned again meanwhile, or another run of the item came first
            return
        if verdict.outcome is ReminderOutcome.SENT:
            telemetry.reminder_sent(case.step.at, now)
        for step, outcome in outcomes or [(verdict.step, verdict.outcome)]:
            telemetry.reminder_ended(outcome, message.id, step.name)
