"""Send one notification, by push or e-mail, once."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from functools import partial

from lib import telemetry
from lib.domain.messages.message import Message
from lib.domain.notifications.daily_limit import day_of
from lib.domain.notifications.delivery import Delivery, DeliveryStatus, SubjectId
from lib.domain.reminders.decision import ReminderOutcome
from lib.domain.shared.countdown import days_left
from lib.domain.shared.identifiers import NO_SERVICE_ID
from lib.domain.shared.plain_text import one_line
from lib.ports.clock import Clock
from lib.ports.errors import UnavailableError
from lib.ports.queueing.items.notifications import NotificationRequested
from lib.rendering.texts.notification import NotificationFacts
from lib.repositories.messages.messages import Messages
from lib.use_cases.notifications.announcement import Announcement
from lib.use_cases.notifications.apply_daily_limit import ApplyDailyLimit, is_urgent
from lib.use_cases.notifications.delegates.delegated import ForDelegates
from lib.use_cases.notifications.digest_messages import DigestMessages
from lib.use_cases.notifications.notify_by_email import NotifyByEmail
from lib.use_cases.notifications.notify_by_push import NotifyByPush
from lib.use_cases.notifications.send_once import SendOnce

type ReasonAgainstReminder = Callable[
    [NotificationRequested, Message], Awaitable[ReminderOutcome | None]
]
"""Returns the reason why a reminder that waited in its queue is no longer needed, or None."""


class SendNotification:
    """Send one notification, at most once for each message, kind with step, and channel.

    The text is written at the time of sending, from the current message and Italy's clock. A
    notification that is not urgent counts against the citizen's daily limit.
    The claim of a push that is sent at once says SENT from the start, so that the usual outcome
    needs no second write; a repeated run that finds such a claim records that the push is in doubt.
    A digest is named by a message. Where that message was withdrawn, the digest opens the next
    message, and counts the messages again.
    A delegate of the message's owner is told by the delegate's own choices (TellDelegate).
    Cost: that of SendOnce and, unless it is urgent, of ApplyDailyLimit; from the queue one read
    more, and for a reminder those of `reason_against_reminder`; for a digest whose message is gone,
    those of DigestMessages; for a delegate those of TellDelegate in place of the read.
    Concurrency: one send for each claim.
    """

    def __init__(
        self,
        messages: Messages,
        digests: DigestMessages,
        once: SendOnce,
        clock: Clock,
        *,
        push: NotifyByPush,
        email: NotifyByEmail,
        apply_daily_limit: ApplyDailyLimit,
        reason_against_reminder: ReasonAgainstReminder,
        delegates: ForDelegates,
    ) -> None:
        self._messages = messages
        self._digests = digests
        self._once = once
        self._clock = clock
        self._push, self._email = push, email
        self._apply_daily_limit = apply_daily_limit
        self._reason_against_reminder = reason_against_reminder
        self._delegates = delegates

    async def __call__(self, item: NotificationRequested) -> None:
        """Send the notification of an item.

        Raise RetryLaterError if the notification was certainly not sent and may still be sent.
        """
        if item.delegation_id is not None:
            case = await self._delegates.load(item)
            if case is not None:
                await self._run(case.item, case.message, case.skip_outcome)
            return
        found = await self._messages.find(item.fiscal_code, item.message_id)
        message = found.message if found is not None else None
        if item.kind == "DIGEST" and (message is None or message.withdrawal is not None):
            content = await self._digests.content_of(item)
            if content is not None:
                shown = {
                    "message_id": content.newest.id,
                    "count": content.count,
                    "delegation_id": content.delegation_id,
                }
                await self._run(item, content.newest, shown=item.model_copy(update=shown))
                return
        if message is None:
            return
        skip_outcome = None
        if item.kind in {"REMINDER", "UNREAD"} and message.is_valid:
            reason = await self._reason_against_reminder(item, message)
            skip_outcome = DeliveryStatus.OBSOLETE if reason is not None else None
        await self._run(item, message, skip_outcome)

    async def at_once(self, item: NotificationRequested, message: Message) -> None:
        """Send the notification of a message that was just read. Raise RetryLaterError."""
        await self._run(item, message, first=DeliveryStatus.SENT)

    async def _run(
        self,
        item: NotificationRequested,
        message: Message,
        skip_outcome: DeliveryStatus | None = None,
        *,
        shown: NotificationRequested | None = None,
        first: DeliveryStatus = DeliveryStatus.IN_PROGRESS,
    ) -> None:
        """Send the notification.

        `skip_outcome`: if given, nothing is sent, and this outcome is recorded. `shown`: the
        notification to send in place of that of the item, which still names the claim. `first`: the
        status of the claim. Raise RetryLaterError.
        """
        shown, now = shown or item, self._clock.now()
        about = _about(shown, message, now)
        skip_outcome = _skip_outcome(item, message, about, now) or skip_outcome
        counts = item.kind != "DIGEST" and not is_urgent(item, about.days_left)
        delivery = Delivery(
            item.fiscal_code,
            SubjectId(item.message_id),
            f"{item.kind}-{item.step}" if item.step else item.kind,
            item.channel,
            NO_SERVICE_ID if item.kind == "DIGEST" else message.sender.service_id,
            (item.day or day_of(now)) if counts else "",
            item.delegation_id,
        )
        is_limited = counts and skip_outcome is None
        announcement = Announcement(shown, delivery.id, message, about)
        by_channel = self._push if item.channel == "PUSH" else self._email

        async def send() -> DeliveryStatus:
            if item.delegation_id is not None:
                await self._delegates.log(message, delivery)
            return await by_channel(announcement)

        status = await self._once(
            item,
            delivery,
            send,
            first=skip_outcome or first,
            holds=partial(self._apply_daily_limit, item) if is_limited else None,
        )
        if status is not None:
            telemetry.notification_ended(item.kind, item.channel, status, item.message_id)


def _about(item: NotificationRequested, message: Message, now: datetime) -> NotificationFacts:
    deadline = message.deadline
    return NotificationFacts(
        organization=one_line(message.sender.organization_name),
        subject=one_line(message.title),
        is_payment=message.payment_status is not None,
        days_left=days_left(deadline, now) if deadline else None,
        count=item.count,
        is_of_another=item.delegation_id is not None and item.kind != "DIGEST",
    )


def _skip_outcome(
    item: NotificationRequested, message: Message, about: NotificationFacts, now: datetime
) -> DeliveryStatus | None:
    """Return the outcome of a notification that is no longer needed; None for a needed one."""
    if message.status == "ACCEPTED":
        # the fan-out delivered the message, so this read came from a replica that lags
        raise UnavailableError("the delivery of a message is not visible yet")
    if not message.is_valid:
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
