"""Send one notification, by push or e-mail, once."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

from lib import telemetry
from lib.domain.messages.errors import MessageNotFoundError
from lib.domain.messages.message import Message
from lib.domain.notifications.delivery import Delivery, DeliveryStatus
from lib.domain.reminders.decision import ReminderOutcome
from lib.domain.shared.countdown import days_left
from lib.domain.shared.plain_text import one_line
from lib.ports.clock import Clock
from lib.ports.errors import UnavailableError
from lib.ports.queueing.items import NotificationRequested
from lib.rendering.texts.notification import NotificationFacts
from lib.repositories.messages.messages import Messages
from lib.use_cases.notifications.announcement import Announcement
from lib.use_cases.notifications.apply_daily_limit import ApplyDailyLimit, is_urgent
from lib.use_cases.notifications.notify_by_email import NotifyByEmail
from lib.use_cases.notifications.notify_by_push import NotifyByPush
from lib.use_cases.notifications.send_once import SendOnce

type ReasonAgainstReminder = Callable[
    [NotificationRequested, Message], Awaitable[ReminderOutcome | None]
]
"""Returns why a reminder that waited in its queue is no longer called for; None if it is."""


class SendNotification:
    """Send one notification, at most once for each message, kind with step, and channel.

    The text is written at the moment of sending, from the message and Italy's clock as they are
    then. A notification that is not urgent counts against the citizen's daily limit.
    Cost: one claim; a reminder costs what `reason_against_reminder` reads as well.
    Concurrency: at most once per claim: a crash while sending leaves the claim IN_PROGRESS, which
    blocks a second send.
    """

    def __init__(
        self,
        messages: Messages,
        once: SendOnce,
        clock: Clock,
        *,
        push: NotifyByPush,
        email: NotifyByEmail,
        apply_daily_limit: ApplyDailyLimit,
        reason_against_reminder: ReasonAgainstReminder,
    ) -> None:
        self._messages = messages
        self._once = once
        self._clock = clock
        self._push, self._email = push, email
        self._apply_daily_limit = apply_daily_limit
        self._reason_against_reminder = reason_against_reminder

    async def __call__(self, item: NotificationRequested) -> None:
        """Send the notification of an item.

        Raise RetryLaterError while the notification certainly did not go out and still may.
        """
        try:
            message = await self._messages.get(item.fiscal_code, item.message_id)
        except MessageNotFoundError:
            return
        idle = None
        if item.kind in {"REMINDER", "UNREAD"} and message.is_in_inbox:
            reason = await self._reason_against_reminder(item, message)
            idle = DeliveryStatus.OBSOLETE if reason is not None else None
        await self.at_once(item, message, idle)

    async def at_once(
        self, item: NotificationRequested, message: Message, idle: DeliveryStatus | None = None
    ) -> None:
        """Send for a message that was read just now; with the outcome `idle` instead, where given.

        Raise as `__call__` does.
        """
        kind = f"{item.kind}-{item.step}" if item.step else item.kind
        delivery = Delivery(item.message_id, kind, item.channel)
        now = self._clock.now()
        about = _about(item, message, now)
        idle = _idle(item, message, about, now) or idle
        if idle is None and item.kind != "DIGEST" and not is_urgent(item, about.days_left):
            allowed = await self._apply_daily_limit(
                item, f"{item.message_id}-{kind}", message.sender.service_id
            )
            idle = None if allowed else DeliveryStatus.HELD
        announcement = Announcement(item, delivery.id, message, about)
        status = await self._once(item, delivery, lambda: self._send(announcement, idle))
        if status is not None:
            telemetry.notification_ended(item.kind, item.channel, status, item.message_id)

    async def _send(self, told: Announcement, idle: DeliveryStatus | None) -> DeliveryStatus:
        """Return the outcome; raise UnavailableError where nothing went out."""
        if idle is not None:
            return idle
        by = self._push if told.item.channel == "PUSH" else self._email
        return await by(told)


def _about(item: NotificationRequested, message: Message, now: datetime) -> NotificationFacts:
    deadline = message.deadline
    return NotificationFacts(
        organization=one_line(message.sender.organization_name),
        subject=one_line(message.title),
        is_payment=message.payment_status is not None,
        days_left=days_left(deadline, now) if deadline else None,
        count=item.count,
    )


def _idle(
    item: NotificationRequested, message: Message, about: NotificationFacts, now: datetime
) -> DeliveryStatus | None:
    """Return why the notification is no longer needed; None where it is needed."""
    if message.status == "ACCEPTED":
        # the fan-out saw the message delivered: this read came from a replica that lags
        raise UnavailableError("a delivered message is not to be seen as such yet")
    if not message.is_in_inbox:
        return DeliveryStatus.OBSOLETE
    if _is_over(item, message, about, now):
        return DeliveryStatus.EXPIRED
    if item.kind in {"UNREAD", "REMINDER"} and not message.needs_attention(
        is_reminder=item.kind == "REMINDER"
    ):
        return DeliveryStatus.OBSOLETE
    return None


def _is_over(
    item: NotificationRequested, message: Message, about: NotificationFacts, now: datetime
) -> bool:
    if item.until is not None and now > datetime.fromtimestamp(item.until, UTC):
        return True
    if item.kind == "REMINDER":
        return message.due_date is not None and about.days_left is None
    return item.kind == "MESSAGE" and not message.is_still_announced(now)
