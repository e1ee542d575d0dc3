"""Wires the use cases of messages."""

from lib.composition.areas.notifications import NotificationUseCases
from lib.composition.areas.reminders import ReminderUseCases
from lib.composition.areas.statistics import StatisticsUseCases
from lib.composition.settings import Settings
from lib.composition.stacks import Ports
from lib.ports.schema import DAY
from lib.use_cases.messages.change_message_status import ChangeMessageStatus
from lib.use_cases.messages.fan_out_message import FanOutMessage
from lib.use_cases.messages.list_inbox import ListInbox
from lib.use_cases.messages.open_message import OpenMessage
from lib.use_cases.messages.read_sent_message import ReadSentMessage
from lib.use_cases.messages.submit_message import SubmitMessage
from lib.use_cases.messages.update_payment_status import UpdatePaymentStatus


class MessageUseCases:
    """Messages from their submission to the citizen's inbox."""

    def __init__(
        self,
        ports: Ports,
        settings: Settings,
        notifications: NotificationUseCases,
        reminders: ReminderUseCases,
        statistics: StatisticsUseCases,
    ) -> None:
        store, clock, events = ports.store, ports.clock, statistics.events
        self.submit = SubmitMessage(store, ports.queue, clock)
        self.read_sent = ReadSentMessage(
            store, minimum_app_version=settings.min_app_version_with_read_auth
        )
        self.fan_out = FanOutMessage(
            store,
            clock,
            notifications.request,
            events,
            rejected_ttl=settings.rejected_retention_days * DAY,
        )
        self.list_inbox = ListInbox(store)
        self.open = OpenMessage(store)
        self.change_status = ChangeMessageStatus(store, events, clock)
        self.update_payment_status = UpdatePaymentStatus(store, events, clock, reminders.schedule)
