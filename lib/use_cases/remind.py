"""Remind a citizen of a message, or tell why not; then schedule the next reminder."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import Final, NamedTuple

from lib import telemetry
from lib.domain.errors import MessageNotFoundError
from lib.domain.events import NotificationChannel, NotificationRequested, ReminderDue
from lib.domain.payment import Payment
from lib.domain.recipient import Decision, Profile, ServicePreference, decide
from lib.domain.reminder_decision import Circumstances, Outcome, Verdict, judge
from lib.domain.values import timestamp
from lib.ports.clock import Clock
from lib.ports.documents import Condition, Document, DocumentStore
from lib.ports.errors import NotFoundError, PreconditionFailedError, UnavailableError
from lib.ports.queue import Queue
from lib.queues import NOTIFICATION_REQUESTED
from lib.repositories.messages import Messages, rpt_id_of
from lib.repositories.payments import Payments
from lib.repositories.recipients import Recipients
from lib.repositories.reminder_fields import (
    MAX_LOG,
    current,
    log_of,
    logged,
    pointed_at,
    reminded,
    settled,
)
from lib.repositories.reminder_schedule import ReminderSchedule
from lib.use_cases.check_payment import CheckPayment

AT_ONCE: Final = 8
"""Of one process: when masses are due on the same day, somebody waits for the other answers."""
PATIENCE: Final = 6
"""Times, over half an hour, that a reminder waits for somebody to say that it may go."""
ONGOING: Final = timedelta(hours=1)
"""How long a payment that is being made is left alone."""


class _Known(NamedTuple):
    message: Document
    profile: Profile | None
    preference: ServicePreference | None
    decision: Decision


class Remind:
    """Three point reads; to remind, one upsert, one patch and a put for each channel.

    The payment is one read more. The notifications come first, whose claims tell the steps apart,
    then the next reminder, then the message that names it: whoever dies in between does all of it
    again, and what was sent is not sent twice.
    """

    def __init__(
        self,
        store: DocumentStore,
        queue: Queue,
        clock: Clock,
        check_payment: CheckPayment,
        channels: frozenset[NotificationChannel],
    ) -> None:
        self._messages = Messages(store)
        self._payments = Payments(store)
        self._recipients = Recipients(store)
        self._schedule = ReminderSchedule(store)
        self._queue = queue
        self._clock = clock
        self._check_payment = check_payment
        self._channels = channels
        self._at_once = asyncio.Semaphore(AT_ONCE)

    async def __call__(self, item: ReminderDue) -> None:
        """Do nothing for an item that was planned and given up since, or done before."""
        async with self._at_once:
            await self._remind(item)

    async def _remind(self, item: ReminderDue) -> None:
        known = await self._known(item)
        if known is None:
            return
        message, now = known.message, self._clock.now()
        step = current(message, item.due_at)
        if message["status"] != "PROCESSED" or step is None:
            return
        payment = await self._payment(message)
        channels = self._reachable(known)
        facts = reminded(message, known.profile)
        how = Circumstances(
            payment_status=payment.status if payment else None,
            is_read=message["is_read"],
            is_archived=message["is_archived"],
            is_done=message.get("reminders_done", False),
            is_enough=len(log_of(message)) >= MAX_LOG,
            other_message=payment is not None and await self._other_reminds(message, payment),
            opted_out=known.profile is None or known.profile.reminder_status != "ENABLED",
            service_off=known.preference is not None
            and known.preference.is_reminder_enabled is False,
            no_channel=not channels,
        )
        verdict = judge(facts, step, now, how, settled(message))
        if verdict.outcome is Outcome.SENT and payment is not None:
            verdict = await self._unless_paid(item, payment, verdict)
        if verdict.outcome is Outcome.SENT:
            await self._request(known, verdict, channels)
        await self._write(message, item.due_at, verdict)

    async def _known(self, item: ReminderDue) -> _Known | None:
        try:
            message = await self._messages.get(item.fiscal_code, item.message_id)
        except MessageNotFoundError:
            return None
        service_id: str = message["sender_service_id"]
        special = message["is_special"]
        profile, preference, activation = await asyncio.gather(
            self._recipients.profile(item.fiscal_code),
            self._recipients.preference(item.fiscal_code, service_id),
            self._recipients.activation(item.fiscal_code, service_id) if special else _none(),
        )
        decision = decide(
            profile,
            preference,
            service_id,
            special=special,
            activation=activation,
            now=self._clock.now(),
        )
        return _Known(message, profile, preference, decision)

    def _reachable(self, known: _Known) -> Sequence[NotificationChannel]:
        return [
            channel
            for channel, open_ in (("PUSH", known.decision.push),)
            if open_ and channel in self._channels
        ]

    async def _payment(self, message: Document) -> Payment | None:
        rpt_id = rpt_id_of(message)
        return None if rpt_id is None else await self._payments.get(rpt_id)

    async def _other_reminds(self, message: Document, payment: Payment) -> bool:
        """Tell whether a newer message of the citizen, for the same payment, is reminded of."""
        fiscal_code = message["fiscal_code"]
        newest = payment.newest_of(fiscal_code)
        if newest is None or newest <= message["id"]:
            return False
        try:
            other = await self._messages.get(fiscal_code, newest)
        except MessageNotFoundError:
            return False
        return other["status"] == "PROCESSED" and "reminder_log" in other

    async def _unless_paid(self, item: ReminderDue, payment: Payment, verdict: Verdict) -> Verdict:
        try:
            state = await self._check_payment(payment)
        except UnavailableError:
            if item.attempt < PATIENCE:
                raise
            return verdict
        if state == "ONGOING":
            return verdict.put_off(self._clock.now() + ONGOING)
        return verdict if state == "NOT_PAID" else verdict.instead(Outcome(state))

    async def _request(
        self, known: _Known, verdict: Verdict, channels: Sequence[NotificationChannel]
    ) -> None:
        message, profile, step = known.message, known.profile, verdict.step
        if profile is None or verdict.until is None:
            return
        now = self._clock.now()
        for channel in channels:
            request = NotificationRequested(
                fiscal_code=message["fiscal_code"],
                message_id=message["id"],
                kind="UNREAD" if step.is_unread else "REMINDER",
                channel=channel,
                step="" if step.is_unread else step.name,
                full=profile.push_notifications_content_type == "FULL" and not message["is_secure"],
                language=profile.language,
                until=verdict.until.timestamp(),
            )
            await self._queue.put(NOTIFICATION_REQUESTED, telemetry.stamped(request, now).text())

    async def _write(self, message: Document, due_at: str, verdict: Verdict) -> None:
        fiscal_code, id_, now = message["fiscal_code"], message["id"], self._clock.now()
        if verdict.next is not None:
            await self._schedule.put(fiscal_code, id_, verdict.next.at, now)
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
        for step, outcome in outcomes or [(verdict.step, verdict.outcome)]:
            telemetry.reminder_ended(outcome, id_, step.name)


async def _none() -> None:
    return None
