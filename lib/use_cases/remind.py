"""Remind a citizen of a message, or tell why not; then schedule the next reminder."""

import asyncio
from collections.abc import Coroutine, Iterator
from datetime import timedelta
from typing import Any, Final

from lib import telemetry
from lib.domain.events import NotificationRequested, ReminderDue
from lib.domain.payment import Payment
from lib.domain.reminder_decision import Outcome, Verdict, judge
from lib.domain.values import timestamp
from lib.ports.clock import Clock
from lib.ports.documents import Condition, Document, DocumentStore
from lib.ports.errors import NotFoundError, PreconditionFailedError, UnavailableError
from lib.ports.reminder_conditions import DueReminder, ReminderConditions
from lib.repositories.messages import Messages
from lib.repositories.reminder_fields import logged, pointed_at, settled
from lib.repositories.reminder_schedule import ReminderSchedule
from lib.use_cases.again import AgainError
from lib.use_cases.check_payment import CheckPayment, NodeAwayError
from lib.use_cases.look_at_reminder import DueCase, LookAtReminder
from lib.use_cases.request_notifications import RequestNotifications, notifications_of
from lib.use_cases.send_notification import SendNotification
from lib.use_cases.sender_events import SenderEvents

PATIENCE: Final = 6
"""Times, over half an hour, that a reminder waits for somebody to say that it may go."""
ONGOING: Final = timedelta(hours=1)
"""How long a payment that is being made is left alone."""


class Remind:
    """What LookAtReminder reads; to remind, one upsert, one patch and what SendNotification does.

    The notifications, whose claims tell the steps apart, the word of them to the sender and the
    next reminder come in any order, then the message that names it: whoever dies before does all
    of it again, and what was sent is not sent twice. They are sent here, right after the look: in
    a queue, of masses, they would be told to those who paid meanwhile. Only what could not go
    out is queued.
    """

    def __init__(
        self,
        store: DocumentStore,
        clock: Clock,
        request: RequestNotifications,
        *,
        send: SendNotification,
        events: SenderEvents,
        check_payment: CheckPayment,
        conditions: ReminderConditions,
    ) -> None:
        self._messages = Messages(store)
        self._schedule = ReminderSchedule(store)
        self._look = LookAtReminder(store, clock, request)
        self._clock = clock
        self._request = request
        self._send = send
        self._events = events
        self._check_payment = check_payment
        self._conditions = conditions

    async def __call__(self, item: ReminderDue) -> None:
        """Do nothing for an item that was planned and given up since, or done before."""
        case = await self._look(item)
        if case is None:
            return
        now = self._clock.now()
        verdict = judge(case.facts, case.step, now, case.how, settled(case.message))
        if verdict.outcome is Outcome.SENT and case.payment is not None:
            verdict = await self._unless_paid(item, case.payment, verdict)
        url = case.facts.policy.condition_url
        # of another step the question alone would tell the sender what its citizen did, or wishes
        if verdict.outcome is Outcome.SENT and url is not None and verdict.step.days is not None:
            verdict = await self._unless_refused(item, url, verdict)
        await asyncio.gather(*self._doing(case, verdict, item.due_at))
        await self._write(case.message, item.due_at, verdict)

    async def _unless_paid(self, item: ReminderDue, payment: Payment, verdict: Verdict) -> Verdict:
        try:
            state = await self._check_payment(payment)
        except NodeAwayError:
            if item.attempt < PATIENCE:
                raise
            return verdict
        if state == "ONGOING":
            return verdict.put_off(self._clock.now() + ONGOING)
        return verdict if state == "NOT_PAID" else verdict.instead(Outcome(state))

    async def _unless_refused(self, item: ReminderDue, url: str, verdict: Verdict) -> Verdict:
        reminder = DueReminder(item.message_id, verdict.step.name)
        try:
            with telemetry.call("reminder condition"):
                allowed = await self._conditions.allows(url, reminder)
        except UnavailableError:
            if item.attempt < PATIENCE:
                raise
            return verdict
        return verdict if allowed else verdict.instead(Outcome.CONDITION)

    def _doing(
        self, case: DueCase, verdict: Verdict, due_at: str
    ) -> Iterator[Coroutine[Any, Any, None]]:
        message, step = case.message, verdict.step
        if verdict.outcome is Outcome.SENT and case.profile is not None:
            requests = notifications_of(
                message,
                case.profile,
                case.channels,
                kind="UNREAD" if step.is_unread else "REMINDER",
                step="" if step.is_unread else step.name,
                until=verdict.until,
            )
            yield from (self._notify(request, message) for request in requests)
            yield self._events.reminded(message, step.name, due_at)
        if verdict.next is not None:
            fiscal_code, id_ = message["fiscal_code"], message["id"]
            yield self._schedule.put(fiscal_code, id_, verdict.next.at, self._clock.now())

    async def _notify(self, request: NotificationRequested, message: Document) -> None:
        try:
            await self._send.at_once(request, message)
        except AgainError as error:
            await self._request([error.item])
        except Exception as error:  # noqa: BLE001 - it alone comes back, like any other notification
            if not isinstance(error, UnavailableError):
                telemetry.report(error, "reminder")
            await self._request([request])

    async def _write(self, message: Document, due_at: str, verdict: Verdict) -> None:
        fiscal_code, id_, now = message["fiscal_code"], message["id"], self._clock.now()
        outcomes = [(step, Outcome.OVERTAKEN) for step in verdict.overtaken]
        if verdict.outcome is not Outcome.POSTPONED:
            outcomes.append((verdict.step, verdict.outcome))
        operations = [*pointed_at(verdict.next), logged(message, outcomes, timestamp(now))]
        same = [Condition("reminder_at", "=", due_at)]
        if "payment_order" in message:
            same.append(Condition("payment_order", "=", message["payment_order"]))
        try:
            await self._messages.patch(fiscal_code, id_, operations, where=tuple(same))
        except NotFoundError:
            return
        except PreconditionFailedError:
            latest = await self._messages.get(fiscal_code, id_)
            if latest.get("reminder_at") == due_at:
                raise UnavailableError("the payment changed meanwhile") from None
            # planned anew meanwhile, or the same item ran elsewhere and came first
            return
        if verdict.outcome is Outcome.SENT:
            telemetry.reminder_sent(due_at, now)
        for step, outcome in outcomes or [(verdict.step, verdict.outcome)]:
            telemetry.reminder_ended(outcome, id_, step.name)
