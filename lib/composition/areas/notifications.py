"""Wires the use cases of notifications."""

from lib.composition.secrets import links_of, pseudonyms_of
from lib.composition.settings import Settings
from lib.composition.stacks import Ports
from lib.use_cases.notifications.apply_daily_limit import ApplyDailyLimit
from lib.use_cases.notifications.notify_by_email import NotifyByEmail
from lib.use_cases.notifications.notify_by_push import NotifyByPush
from lib.use_cases.notifications.request_notifications import RequestNotifications
from lib.use_cases.notifications.schedule_digest import ScheduleDigest
from lib.use_cases.notifications.send_digest import SendDigest
from lib.use_cases.notifications.send_notification import SendNotification
from lib.use_cases.reminders.load_due_reminder import LoadDueReminder


class NotificationUseCases:
    """Pushes and e-mails that tell of messages, and their daily limit."""

    def __init__(self, ports: Ports, settings: Settings) -> None:
        store, clock, mailer = ports.store, ports.clock, ports.mailer
        pseudonyms = pseudonyms_of(settings)
        links = links_of(settings) if mailer is not None else None
        digests = ScheduleDigest(store, clock, pseudonyms)
        self.request = RequestNotifications(ports.queue, clock, ports.channels)
        self.send = SendNotification(
            store,
            clock,
            push=NotifyByPush(ports.push, pseudonyms),
            email=NotifyByEmail(store, mailer, links, clock),
            spare=ApplyDailyLimit(store, clock, digests),
            # a reminder may have waited in its queue until nobody needs it any more
            reason_against_reminder=LoadDueReminder(store, clock, self.request).against,
        )
        self.send_digest = SendDigest(store, clock, self.request, digests)
