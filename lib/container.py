"""The composition root: the one place that knows adapters and use cases both."""

import signal
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from lib.adapters.embedded.captured_mailer import CapturedMailer
from lib.adapters.embedded.captured_push import CapturedPush
from lib.adapters.embedded.clock import SandboxClock, SystemClock
from lib.adapters.embedded.files import FileBlobs
from lib.adapters.embedded.scripted_payment_node import ScriptedPaymentNode
from lib.adapters.embedded.sqlite_queue import SQLiteQueue
from lib.adapters.embedded.sqlite_store import SQLiteStore
from lib.adapters.outbound.guarded_http import GuardedHTTP
from lib.adapters.outbound.hub_token import HubAddress
from lib.adapters.outbound.key_sets import CachedKeySet
from lib.adapters.outbound.notification_hub import NotificationHub
from lib.adapters.outbound.payment_node import HTTPPaymentNode
from lib.adapters.outbound.reminder_conditions import HTTPReminderConditions
from lib.domain.events import NotificationChannel
from lib.domain.pseudonym import Pseudonyms
from lib.mail.links import Links
from lib.ports.blobs import Blobs
from lib.ports.clock import Clock
from lib.ports.documents import DocumentStore
from lib.ports.keys import KeySet
from lib.ports.mailer import Mailer
from lib.ports.payment_node import PaymentNode
from lib.ports.push import DeviceRegistry, PushSender
from lib.ports.queue import Queue
from lib.ports.reminder_conditions import ReminderConditions
from lib.schema import CONTAINERS, DAY
from lib.settings import Settings
from lib.telemetry import record_request_charge
from lib.telemetry.invocation import Off, Telemetry
from lib.use_cases.authenticate_citizen import AuthenticateCitizen
from lib.use_cases.authenticate_sender import AuthenticateSender
from lib.use_cases.change_message_status import ChangeMessageStatus
from lib.use_cases.change_reminder_policy import ChangeReminderPolicy
from lib.use_cases.change_reminders import ChangeReminders
from lib.use_cases.change_service_preference import ChangeServicePreference
from lib.use_cases.check_payment import CheckPayment
from lib.use_cases.count_sender_event import CountSenderEvent
from lib.use_cases.dispatch_reminders import DispatchReminders
from lib.use_cases.fan_out_message import FanOutMessage
from lib.use_cases.keep_dead_letter import KeepDeadLetter
from lib.use_cases.leave_email import LeaveEmail
from lib.use_cases.list_inbox import ListInbox
from lib.use_cases.mark_payment import MarkPayment
from lib.use_cases.notify_by_email import NotifyByEmail
from lib.use_cases.notify_by_push import NotifyByPush
from lib.use_cases.read_calendar_entry import ReadCalendarEntry
from lib.use_cases.read_message import ReadMessage
from lib.use_cases.read_payment_info import ReadPaymentInfo
from lib.use_cases.read_payment_notice import ReadPaymentNotice
from lib.use_cases.read_payment_receipt import ReadPaymentReceipt
from lib.use_cases.read_payment_statistics import ReadPaymentStatistics
from lib.use_cases.read_profile import ReadProfile
from lib.use_cases.read_reminder_policy import ReadReminderPolicy
from lib.use_cases.read_reminders import ReadReminders
from lib.use_cases.read_sent_message import ReadSentMessage
from lib.use_cases.read_service_preference import ReadServicePreference
from lib.use_cases.record_payment import RecordPayment
from lib.use_cases.register_device import RegisterDevice
from lib.use_cases.remind import Remind
from lib.use_cases.remove_device import RemoveDevice
from lib.use_cases.replay_dead_letter import ReplayDeadLetter
from lib.use_cases.request_email_validation import RequestEmailValidation
from lib.use_cases.request_notifications import RequestNotifications
from lib.use_cases.schedule_reminder import ScheduleReminder
from lib.use_cases.send_notification import SendNotification
from lib.use_cases.send_validation_email import SendValidationEmail
from lib.use_cases.sender_events import SenderEvents
from lib.use_cases.settle_devices import SettleDevices
from lib.use_cases.submit_message import SubmitMessage
from lib.use_cases.update_profile import UpdateProfile
from lib.use_cases.validate_email import ValidateEmail

STORE_FILE = "store.db"
QUEUE_FILE = "queue.db"
CLOCK_FILE = "clock"
NOTIFICATIONS_FILE = "notifications.jsonl"
BLOBS_FOLDER = "blobs"


@dataclass(frozen=True, slots=True)
class Ports:
    """One implementation of each port."""

    store: DocumentStore
    queue: Queue
    blobs: Blobs
    clock: Clock
    push: PushSender | None
    """None where no push service is set up: then nothing is announced."""
    devices: DeviceRegistry | None
    """None where the push service has no list of devices."""
    mailer: Mailer | None
    """None where no mail server is set up: then nothing is e-mailed."""
    keys: KeySet
    node: PaymentNode | None
    """None where no payment node is set up: then nobody can tell what a notice asks for."""
    conditions: ReminderConditions


class Container:
    """All use cases, wired; handlers take what they need from here."""

    def __init__(self, settings: Settings, ports: Ports) -> None:
        self.settings = settings
        self.ports = ports
        self.telemetry = telemetry_of(settings)
        store, queue, clock = ports.store, ports.queue, ports.clock
        pseudonyms = Pseudonyms(settings.pseudonym_secret.get_secret_value().encode())
        hashes = Pseudonyms(settings.key_hash_secret.get_secret_value().encode())
        self.authenticate_sender = AuthenticateSender(store, hashes, settings.sender_cache)
        self.authenticate_citizen = AuthenticateCitizen(
            ports.keys,
            clock,
            issuer=settings.citizen_token_issuer,
            audience=settings.citizen_token_audience,
        )
        sender_events = SenderEvents(queue, clock)
        self.submit_message = SubmitMessage(store, queue, clock)
        self.read_sent_message = ReadSentMessage(
            store, minimum_app_version=settings.min_app_version_with_read_auth
        )
        self.read_reminder_policy = ReadReminderPolicy(store)
        self.change_reminder_policy = ChangeReminderPolicy(store)
        request_notifications = RequestNotifications(queue, clock, _channels(ports))
        self.fan_out_message = FanOutMessage(
            store,
            clock,
            request_notifications,
            sender_events,
            rejected_ttl=settings.rejected_retention_days * DAY,
        )
        links = links_of(settings) if ports.mailer is not None else None
        self.send_notification = SendNotification(
            store,
            clock,
            NotifyByPush(ports.push, pseudonyms),
            NotifyByEmail(store, ports.mailer, links, clock),
        )
        self.request_email_validation = RequestEmailValidation(store, queue, clock, links)
        self.send_validation_email = SendValidationEmail(store, ports.mailer, links, clock)
        self.validate_email = ValidateEmail(store, links, clock)
        self.leave_email = LeaveEmail(store, links, clock)
        self.register_device = RegisterDevice(store, queue, clock, pseudonyms)
        self.remove_device = RemoveDevice(store, queue, clock, pseudonyms)
        self.settle_devices = SettleDevices(store, ports.devices)
        self.keep_dead_letter = KeepDeadLetter(store, clock)
        self.replay_dead_letter = ReplayDeadLetter(store, queue, clock)
        self.record_payment = RecordPayment(store, queue, clock)
        self.schedule_reminder = ScheduleReminder(store, clock)
        self.mark_payment = MarkPayment(store, sender_events, clock, self.schedule_reminder)
        self.read_reminders = ReadReminders(store, clock)
        self.change_reminders = ChangeReminders(self.schedule_reminder, clock)
        self.dispatch_reminders = DispatchReminders(store, queue, clock)
        self.remind = Remind(
            store,
            clock,
            request_notifications,
            events=sender_events,
            check_payment=CheckPayment(ports.node, self.record_payment, clock),
            conditions=ports.conditions,
        )
        self.read_payment_info = ReadPaymentInfo(store, ports.node)
        self.count_sender_event = CountSenderEvent(store, clock)
        self.read_payment_statistics = ReadPaymentStatistics(store, clock)
        self.list_inbox = ListInbox(store)
        self.read_message = ReadMessage(store)
        self.read_payment_notice = ReadPaymentNotice(store)
        self.read_payment_receipt = ReadPaymentReceipt(store)
        self.read_calendar_entry = ReadCalendarEntry(store)
        self.change_message_status = ChangeMessageStatus(store, sender_events, clock)
        self.read_profile = ReadProfile(store)
        self.update_profile = UpdateProfile(store)
        self.read_service_preference = ReadServicePreference(store, clock, settings.sender_cache)
        self.change_service_preference = ChangeServicePreference(
            store, self.read_service_preference
        )

    async def close(self) -> None:
        """Release what the ports hold."""
        await self.ports.queue.close()
        await self.ports.store.close()
        await self.ports.blobs.close()
        if self.ports.devices is not None:
            await self.ports.devices.close()
        if self.ports.node is not None:
            await self.ports.node.close()
        await self.ports.conditions.close()
        await self.telemetry.close()


def telemetry_of(settings: Settings) -> Telemetry:
    """Open the telemetry that the settings name."""
    if settings.telemetry == "off":
        return Off()
    from lib.telemetry.setup import open_telemetry  # noqa: PLC0415 - takes a tenth of a second

    return open_telemetry(settings)


def links_of(settings: Settings) -> Links:
    """Return what makes and reads the links in e-mails."""
    return Links(settings.link_secret.get_secret_value().encode(), settings.public_url)


def embedded_ports(settings: Settings, clock: Clock | None = None) -> Ports:
    """Build the embedded stack on the data folder."""
    folder = _data_folder(settings)
    clock = clock or _clock(settings)
    return Ports(
        store=SQLiteStore(folder / STORE_FILE, clock, CONTAINERS, on_broken=_end_process),
        queue=SQLiteQueue(folder / QUEUE_FILE, clock, on_broken=_end_process),
        blobs=FileBlobs(folder / BLOBS_FOLDER),
        clock=clock,
        push=CapturedPush(folder / NOTIFICATIONS_FILE, clock),
        devices=None,
        mailer=_mailer(settings, clock),
        keys=CachedKeySet(settings.citizen_token_jwks),
        node=_node(settings),
        conditions=HTTPReminderConditions(GuardedHTTP()),
    )


def azure_ports(settings: Settings, clock: Clock | None = None) -> Ports:
    """Build the stack on Azure's services, or on emulators of them.

    Only the sandbox, which is for emulators, keeps anything in the data folder.
    """
    # the SDKs take most of a second to load, which the embedded stack need not pay
    from lib.adapters.azure.clients import AzureClients  # noqa: PLC0415
    from lib.adapters.azure.cosmos_store import CosmosStore  # noqa: PLC0415
    from lib.adapters.azure.storage_blobs import StorageBlobs  # noqa: PLC0415
    from lib.adapters.azure.storage_queue import StorageQueue  # noqa: PLC0415

    clock = clock or _clock(settings)
    clients = AzureClients(settings)
    hub = notification_hub(settings)
    return Ports(
        store=CosmosStore(clients, record_request_charge),
        queue=StorageQueue(clients),
        blobs=StorageBlobs(clients),
        clock=clock,
        push=CapturedPush(_data_folder(settings) / NOTIFICATIONS_FILE, clock)
        if settings.sandbox
        else hub,
        devices=hub,
        mailer=_mailer(settings, clock),
        keys=CachedKeySet(settings.citizen_token_jwks),
        node=_node(settings),
        conditions=HTTPReminderConditions(GuardedHTTP()),
    )


def notification_hub(settings: Settings) -> NotificationHub | None:
    """Open the hub that the settings name."""
    if not settings.notification_hub_name:
        return None
    connection = settings.notification_hub_connection.get_secret_value()
    return NotificationHub(HubAddress.read(connection, settings.notification_hub_name))


def _clock(settings: Settings) -> Clock:
    return SandboxClock(_data_folder(settings) / CLOCK_FILE) if settings.sandbox else SystemClock()


def _channels(ports: Ports) -> frozenset[NotificationChannel]:
    channels: dict[NotificationChannel, object] = {"PUSH": ports.push, "EMAIL": ports.mailer}
    return frozenset(name for name, sender in channels.items() if sender is not None)


def _mailer(settings: Settings, clock: Clock) -> Mailer | None:
    if settings.smtp_host and (sender := settings.mailbox):
        from lib.adapters.outbound.smtp_mailer import (  # noqa: PLC0415 - slow to load
            MailServer,
            SMTPMailer,
        )

        return SMTPMailer(
            MailServer(
                host=settings.smtp_host,
                port=settings.smtp_port,
                security=settings.smtp_security,
                sender=sender,
                user=settings.smtp_username,
                password=settings.smtp_password.get_secret_value(),
            ),
            clock,
        )
    if settings.sandbox and settings.has_links:
        return CapturedMailer(_data_folder(settings) / NOTIFICATIONS_FILE, clock)
    return None


def _node(settings: Settings) -> PaymentNode | None:
    if settings.payment_node_url:
        key = settings.payment_node_key.get_secret_value()
        return HTTPPaymentNode(settings.payment_node_url, key)
    return ScriptedPaymentNode() if settings.sandbox else None


def _data_folder(settings: Settings) -> Path:
    settings.data_folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return settings.data_folder


def _end_process() -> None:
    """Stop in an orderly way, to be started anew by whoever watches over the process."""
    signal.raise_signal(signal.SIGTERM)


def build_container(settings: Settings, **overrides: Any) -> Container:
    """Build the stack that the settings name; `overrides` replace single ports by name."""
    build = azure_ports if settings.stack == "azure" else embedded_ports
    ports = build(settings, overrides.get("clock"))
    return Container(settings, replace(ports, **overrides))
