"""Deliver an accepted message to its citizen's inbox, or reject it by the citizen's choice."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Iterable
from typing import Final

from lib import telemetry
from lib.domain.messages.errors import MessageNotFoundError
from lib.domain.messages.message import Message
from lib.domain.messages.withdrawals.message_owner import MessageOwner
from lib.domain.notifications.daily_limit import day_of
from lib.domain.payments.brake import Brake, brake_of
from lib.domain.payments.payment import Carrier, Payment
from lib.domain.profiles.choices import BRAKED, Decision, Profile, Rejection
from lib.domain.shared.values import parse_timestamp, timestamp
from lib.ports.clock import Clock
from lib.ports.errors import NotFoundError, PreconditionFailedError, UnavailableError
from lib.ports.queueing.items import MessageSubmitted, NotificationRequested
from lib.ports.queueing.retry_later import RetryLaterError
from lib.repositories.messages.messages import Messages
from lib.repositories.payments.payments import Payments
from lib.repositories.profiles.profiles import Profiles
from lib.repositories.scheduling.schedule import Schedule
from lib.use_cases.messages.checks.hold_message import HoldMessage
from lib.use_cases.messages.sent.note_sent import NoteSent
from lib.use_cases.messages.translate_notice import TranslateNotice
from lib.use_cases.messages.withdrawals.withdraw_message import WithdrawMessage
from lib.use_cases.notifications.notify_at_once import NotifyAtOnce
from lib.use_cases.notifications.request_notifications import RequestNotifications, notifications_of
from lib.use_cases.profiles.reach import Reach
from lib.use_cases.reminders.reminder_entry import reminder_entry
from lib.use_cases.statistics.sender_events import SenderEvents

MAX_READ_ATTEMPTS: Final = 3
"""The attempts to read the message, over three and a half minutes, before the item is dropped."""

type LogSent = Callable[[Message], Awaitable[None]]
"""Logs a message that an intermediary sent."""


class FanOutMessage:
    """Decide whether an accepted message reaches its citizen, and start the next steps.

    The payment is stored before the message becomes visible, so that each later update of the
    payment finds the message. The first reminder is stored before the message names it.
    Cost: three point reads, one patch, the cost of NotifyAtOnce, and one batch of the list of sent
    messages, which messages that are fanned out at the same time share. A message with a payment:
    two creates more. A message with reminders: one upsert more. A message that an
    intermediary sent: one upsert more.
    Concurrency: a repeated run sends nothing twice, and repeats only the puts.
    """

    def __init__(
        self,
        messages: Messages,
        payments: Payments,
        profiles: Profiles,
        reach: Reach,
        translate: TranslateNotice,
        schedule: Schedule,
        clock: Clock,
        request: RequestNotifications,
        notify: NotifyAtOnce,
        events: SenderEvents,
        log_sent: LogSent,
        withdraw: WithdrawMessage,
        note: NoteSent,
        hold: HoldMessage,
        *,
        rejected_ttl: int,
    ) -> None:
        self._messages = messages
        self._payments = payments
        self._profiles = profiles
        self._reach = reach
        self._translate = translate
        self._schedule = schedule
        self._clock = clock
        self._request = request
        self._notify = notify
        self._events = events
        self._log_sent = log_sent
        self._withdraw = withdraw
        self._note = note
        self._hold = hold
        self._rejected_ttl = rejected_ttl

    async def __call__(self, item: MessageSubmitted) -> None:
        """Fan the message out; do nothing where it has expired or was deleted.

        Raise UnavailableError where the first attempts do not find the message. The message was
        stored at its acceptance, and a store that lags must not make it vanish. Raise
        RetryLaterError where an outage came after the notifications.
        """
        with self._note.announced() as note:
            await self._fan_out(item, note)

    async def _fan_out(
        self, item: MessageSubmitted, note: Callable[[Message], Awaitable[None]]
    ) -> None:
        fiscal_code, id_ = item.fiscal_code, item.message_id
        try:
            message, profile, preference = await asyncio.gather(
                self._messages.get(fiscal_code, id_),
                self._profiles.profile(fiscal_code),
                self._profiles.preference(fiscal_code, item.service_id),
            )
        except MessageNotFoundError:
            if item.attempt < MAX_READ_ATTEMPTS:
                raise UnavailableError("an accepted message is not visible yet") from None
            return
        await self._log_sent(message)
        decision = await self._reach(
            fiscal_code, item.service_id, profile, preference, special=message.is_special
        )
        settled = await self._settle(message, decision, profile)
        # the withdrawal may have come between the steps of this run, or of an earlier run
        await self._withdraw.release_payment(settled)
        notifications: Iterable[NotificationRequested] = ()
        if settled.is_valid and profile and not item.is_notified:
            notifications = notifications_of(
                message,
                profile,
                self._request.reachable(message, decision),
                kind="MESSAGE",
                day=day_of(parse_timestamp(settled.settled_at)),
                is_repeated=item.is_repeated or item.attempt > 0,
            )
        failure, unnoted = await asyncio.gather(
            self._notify(notifications, settled), note(settled), return_exceptions=True
        )
        if failure is not None:
            raise failure
        try:
            if unnoted is not None:
                raise unnoted
            await self._supersede(settled)
            await self._events.settled(settled)
        except UnavailableError as error:
            raise RetryLaterError(item.model_copy(update={"is_notified": True})) from error

    async def _supersede(self, message: Message) -> None:
        """Withdraw the message that this message replaces.

        It stays where this message is withdrawn, is held, or came too late for its payment.
        """
        if message.supersedes is None or message.withdrawal is not None:
            return
        if message.status == "HELD" or message.rejection in BRAKED:
            return
        owner = MessageOwner(message.sender.service_id)
        with contextlib.suppress(MessageNotFoundError):
            await self._withdraw(
                owner, message.fiscal_code, message.supersedes, superseded_by=message.id
            )

    async def _settle(
        self, message: Message, decision: Decision, profile: Profile | None
    ) -> Message:
        """Write the outcome, unless an earlier run wrote it; return the message with the outcome.

        The message is returned unchanged if it was deleted meanwhile.
        """
        if message.status != "ACCEPTED":
            return message
        fiscal_code, id_ = message.fiscal_code, message.id
        now = self._clock.now()
        at = timestamp(now)
        try:
            rejection, brake = decision.rejection, None
            if rejection is None:
                rejection, brake = await self._join_payment(message)
            if brake is not None and message.duplicate_policy == "HOLD":
                # the entry first: a run that dies in between comes again
                await self._hold.enter(message, brake, now)
                settled = await self._messages.hold(fiscal_code, id_, at)
                telemetry.message_became("HELD", id_, reason=brake.reason)
            elif rejection is None:
                reminder = message.first_reminder(profile.quiet_hours if profile else None, now)
                if reminder is not None:
                    await self._schedule.put(reminder_entry(fiscal_code, id_, reminder.at), now)
                translation = None if profile is None else await self._translate(message, profile)
                settled = await self._messages.deliver(message, at, reminder, translation)
                telemetry.message_delivered(id_, message.created_at, now)
            else:
                settled = await self._messages.reject(
                    fiscal_code, id_, at, rejection, self._rejected_ttl
                )
                telemetry.message_became("REJECTED", id_, reason=rejection)
        except NotFoundError:
            return message
        except PreconditionFailedError:
            # another run of the same item has decided, and its decision holds; or an amendment
            # changed the due date meanwhile, and so the plan
            settled = await self._messages.get(fiscal_code, id_)
            if settled.status == "ACCEPTED":
                raise UnavailableError("the decision is not visible yet") from None
        return settled

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
