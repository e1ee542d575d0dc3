"""The composition root: the one place that knows adapters and use cases both."""

import signal
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from lib.adapters.embedded.captured_push import CapturedPush
from lib.adapters.embedded.clock import SandboxClock, SystemClock
from lib.adapters.embedded.files import FileBlobs
from lib.adapters.embedded.scripted_payment_node import ScriptedPaymentNode
from lib.adapters.embedded.sqlite_queue import SQLiteQueue
from lib.adapters.embedded.sqlite_store import SQLiteStore
from lib.adapters.outbound.hub_token import HubAddress
from lib.adapters.outbound.key_sets import CachedKeySet
from lib.adapters.outbound.notification_hub import NotificationHub
from lib.adapters.outbound.payment_node import HTTPPaymentNode
from lib.domain.pseudonym import Pseudonyms
from lib.ports.blobs import Blobs
from lib.ports.clock import Clock
from lib.ports.documents import DocumentStore
from lib.ports.keys import KeySet
from lib.ports.payment_node import PaymentNode
from lib.ports.push import DeviceRegistry, PushSender
from lib.ports.queue import Queue
from lib.repositories.services import Services
from lib.schema import CONTAINERS, DAY
from lib.settings import Settings
from lib.telemetry import record_request_charge
from lib.telemetry.invocation import Off, Telemetry
from lib.use_cases.amend_payment_notice import AmendPaymentNotice
from lib.use_cases.authenticate_citizen import AuthenticateCitizen
from lib.use_cases.authenticate_sender import AuthenticateSender
from lib.use_cases.cancel_payment_notice import CancelPaymentNotice
from lib.use_cases.carry_notice import CarryNotice
from lib.use_cases.change_message_status import ChangeMessageStatus
from lib.use_cases.change_service_preference import ChangeServicePreference
from lib.use_cases.fan_out_message import FanOutMessage
from lib.use_cases.keep_dead_letter import KeepDeadLetter
from lib.use_cases.list_inbox import ListInbox
from lib.use_cases.mark_payment import MarkPayment
from lib.use_cases.read_calendar_entry import ReadCalendarEntry
from lib.use_cases.read_message import ReadMessage
from lib.use_cases.read_payment_info import ReadPaymentInfo
from lib.use_cases.read_payment_notice import ReadPaymentNotice
from lib.use_cases.read_profile import ReadProfile
from lib.use_cases.read_sent_message import ReadSentMessage
from lib.use_cases.read_sent_notice import ReadSentNotice
from lib.use_cases.read_service_preference import ReadServicePreference
from lib.use_cases.record_payment import RecordPayment
from lib.use_cases.register_device import RegisterDevice
from lib.use_cases.remove_device import RemoveDevice
from lib.use_cases.replay_dead_letter import ReplayDeadLetter
from lib.use_cases.send_notification import SendNotification
from lib.use_cases.settle_devices import SettleDevices
from lib.use_cases.submit_instalment import SubmitInstalment
from lib.use_cases.submit_message import SubmitMessage
from lib.use_cases.submit_payment_notice import SubmitPaymentNotice
from lib.use_cases.update_profile import UpdateProfile

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
    keys: KeySet
    node: PaymentNode | None
    """None where no payment node is set up: then nobody can tell what a notice asks for."""


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
        self.submit_message = SubmitMessage(store, queue, clock)
        self.read_sent_message = ReadSentMessage(
            store, minimum_app_version=settings.min_app_version_with_read_auth
        )
        self.fan_out_message = FanOutMessage(
            store,
            queue,
            clock,
            rejected_ttl=settings.rejected_retention_days * DAY,
            announces=ports.push is not None,
        )
        self.send_notification = SendNotification(store, ports.push, clock, pseudonyms)
        self.register_device = RegisterDevice(store, queue, clock, pseudonyms)
        self.remove_device = RemoveDevice(store, queue, clock, pseudonyms)
        self.settle_devices = SettleDevices(store, ports.devices)
        self.keep_dead_letter = KeepDeadLetter(store, clock)
        self.replay_dead_letter = ReplayDeadLetter(store, queue, clock)
        self.record_payment = RecordPayment(store, queue, clock)
        self.mark_payment = MarkPayment(store)
        self.read_payment_info = ReadPaymentInfo(store, ports.node)
        self.carry_notice = carry = CarryNotice(store, queue, clock)
        self.amend_payment_notice = AmendPaymentNotice(store, clock, carry)
        self.submit_payment_notice = SubmitPaymentNotice(
            store, clock, carry, self.amend_payment_notice
        )
        self.read_sent_notice = ReadSentNotice(store)
        self.cancel_payment_notice = CancelPaymentNotice(
            store, clock, self.record_payment, self.read_sent_notice
        )
        self.submit_instalment = SubmitInstalment(
            store, clock, carry, Services(store, settings.sender_cache)
        )
        self.list_inbox = ListInbox(store)
        self.read_message = ReadMessage(store)
        self.read_payment_notice = ReadPaymentNotice(store)
        self.read_calendar_entry = ReadCalendarEntry(store)
        self.change_message_status = ChangeMessageStatus(store)
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
        await self.telemetry.close()


def telemetry_of(settings: Settings) -> Telemetry:
    """Open the telemetry that the settings name."""
    if settings.telemetry == "off":
        return Off()
    from lib.telemetry.setup import open_telemetry  # noqa: PLC0415 - takes a tenth of a second

    return open_telemetry(settings)


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
        keys=CachedKeySet(settings.citizen_token_jwks),
        node=_node(settings),
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
        keys=CachedKeySet(settings.citizen_token_jwks),
        node=_node(settings),
    )


def notification_hub(settings: Settings) -> NotificationHub | None:
    """Open the hub that the settings name."""
    if not settings.notification_hub_name:
        return None
    connection = settings.notification_hub_connection.get_secret_value()
    return NotificationHub(HubAddress.read(connection, settings.notification_hub_name))


def _clock(settings: Settings) -> Clock:
    return SandboxClock(_data_folder(settings) / CLOCK_FILE) if settings.sandbox else SystemClock()


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
