"""Decide what becomes of a message: it reaches the inbox, it is held, or it is rejected."""

from dataclasses import dataclass
from datetime import datetime

from lib import telemetry
from lib.domain.messages.message import Message
from lib.domain.payments.brake import Brake, brake_of
from lib.domain.payments.payment import Carrier, Payment
from lib.domain.profiles.choices import Decision, Profile, Rejection
from lib.domain.reminders.plan import Step
from lib.domain.shared.values import timestamp
from lib.ports.clock import Clock
from lib.repositories.messages.messages import Messages
from lib.repositories.payments.payments import Payments
from lib.repositories.scheduling.schedule import Schedule
from lib.use_cases.messages.checks.hold_message import HoldMessage
from lib.use_cases.profiles.recipients.check_resident import CheckResident
from lib.use_cases.reminders.reminder_entry import reminder_entry


@dataclass(frozen=True, slots=True)
class Outcome:
    """The decision about a message; without a brake and a rejection it reaches the inbox.

    `brake`: the reason why it is held. `reminder`: its first reminder, which is scheduled.
    `kept_until`: of a message that reaches the inbox; None for good.
    """

    rejection: Rejection | None = None
    brake: Brake | None = None
    reminder: Step | None = None
    kept_until: str | None = None


class DecideOutcome:
    """Decide about a message, and write all that must be stored before its outcome is.

    The payment knows the message before the message becomes visible, so that each later update of
    the payment finds it. The first reminder and the entry of a held message are stored before the
    message names them.
    Cost: none; for a message with a payment one read and one write, with a reminder one upsert, for
    a held message one create; and that of CheckResident.
    Concurrency: a repeated call writes the same.
    `kept_days`: how long a delivered message is kept; 0 for good.
    """

    def __init__(
        self,
        messages: Messages,
        payments: Payments,
        schedule: Schedule,
        hold: HoldMessage,
        check_resident: CheckResident,
        clock: Clock,
        *,
        kept_days: int = 0,
    ) -> None:
        self._messages = messages
        self._payments = payments
        self._schedule = schedule
        self._hold = hold
        self._check_resident = check_resident
        self._clock = clock
        self._kept_days = kept_days

    async def __call__(
        self, message: Message, decision: Decision, profile: Profile | None, now: datetime
    ) -> Outcome:
        """Return the outcome of an accepted message. Raise UnavailableError."""
        rejection, brake = decision.rejection, None
        if rejection is None:
            rejection = await self._check_resident(message.fiscal_code)
        if rejection is None:
            rejection, brake = await self._join_payment(message)
        if brake is not None and message.duplicate_policy == "HOLD":
            # the entry first: a run that dies in between comes again
            await self._hold.enter(message, brake, now)
            return Outcome(brake=brake)
        if rejection is not None:
            return Outcome(rejection)
        reminder = message.first_reminder(profile.quiet_hours if profile else None, now)
        if reminder is not None:
            entry = reminder_entry(message.fiscal_code, message.id, reminder.at)
            await self._schedule.put(entry, now)
        return Outcome(reminder=reminder, kept_until=message.keep_until(now, self._kept_days))

    async def _join_payment(self, message: Message) -> tuple[Rejection | None, Brake | None]:
        """Add the message to its payment, and the payment's status to the message.

        Return the reason why the message does not join. There are two: the service refuses a second
        message for a payment; or the payment has the maximum number of the service's messages, so
        that no update of it would reach this message.
        Concurrency: of several messages for a payment, one joins where the service wants only one.
        """
        request = message.payment
        if request is None:
            return None, None
        service_id, policy = message.sender.service_id, message.duplicate_policy
        carrier = Carrier(
            message.id,
            message.fiscal_code,
            service_id,
            is_notice=message.is_notice,
        )
        terms = request.amount, message.due_date, message.notice_version or 0

        def join(payment: Payment) -> Payment:
            if brake_of(policy, payment, service_id, message.supersedes) is not None:
                return payment
            return payment.carried_by(carrier, *terms)

        payment = (await self._payments.change(request.rpt_id, join, is_new=True)).after
        if not payment.names(carrier.message_id):
            brake = brake_of(policy, payment, service_id, message.supersedes)
            reason = Rejection.TOO_MANY_FOR_PAYMENT if brake is None else Rejection(brake.reason)
            return reason, brake
        if payment.event and await self._messages.update_payment_status(
            carrier.fiscal_code,
            carrier.message_id,
            payment.status,
            payment.event,
            timestamp(self._clock.now()),
        ):
            telemetry.payment_marked(payment.status, carrier.message_id)
        return None, None
