"""Build the engines behind the ports: one implementation of each, as the settings name them."""

import signal
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

from lib.adapters.embedded import data_folder
from lib.adapters.embedded.captured.mailer import CapturedMailer
from lib.adapters.embedded.captured.push import CapturedPush
from lib.adapters.embedded.clock import SandboxClock, SystemClock
from lib.adapters.embedded.files import FileBlobs
from lib.adapters.embedded.sandbox_client_keys import SandboxClientKeys
from lib.adapters.embedded.scripted_payment_node import ScriptedPaymentNode
from lib.adapters.embedded.scripted_public_bodies import ScriptedPublicBodies
from lib.adapters.embedded.sqlite.queue import SQLiteQueue
from lib.adapters.embedded.sqlite.store import SQLiteStore
from lib.adapters.outbound.guarded_http import GuardedHTTP
from lib.adapters.outbound.hub_token import HubAddress
from lib.adapters.outbound.key_sets import CachedKeySet
from lib.adapters.outbound.notification_hub import NotificationHub
from lib.adapters.outbound.payment_node import HTTPPaymentNode
from lib.adapters.outbound.public_bodies import HTTPPublicBodies
from lib.adapters.outbound.reminder_conditions import HTTPReminderConditions
from lib.adapters.outbound.remote_content import HTTPRemoteContentHosts
from lib.composition.settings import Settings, SettingsError
from lib.composition.settings.tokens import SANDBOX_KEY_FILE
from lib.composition.settings.vouchers import SANDBOX_CLIENT_KEYS_FILE
from lib.ports.blobs import Blobs
from lib.ports.clock import Clock
from lib.ports.documents import DocumentStore
from lib.ports.keys import ClientKeys, KeySet
from lib.ports.mailer import Mailer
from lib.ports.payment_node import PaymentNode
from lib.ports.push import DeviceRegistry, PushSender
from lib.ports.queue import Queue
from lib.ports.queueing.items import NotificationChannel
from lib.ports.registers.public_bodies import PublicBodies
from lib.ports.schema import CONTAINERS
from lib.ports.senders.hosts import RemoteContentHosts
from lib.ports.senders.reminder_conditions import ReminderConditions
from lib.telemetry import record_request_charge

STORE_FILE = data_folder.STORE_FILE
QUEUE_FILE = data_folder.QUEUE_FILE
CLOCK_FILE = data_folder.CLOCK_FILE
NOTIFICATIONS_FILE = data_folder.NOTIFICATIONS_FILE
BLOBS_FOLDER = data_folder.BLOBS_FOLDER


@runtime_checkable
class OpensFiles(Protocol):
    """An engine with a method that opens its files before the first use."""

    def open(self) -> None:
        """Open the files; raise UnavailableError."""
        ...


@dataclass(frozen=True, slots=True)
class Ports:
    """One implementation of each port."""

    store: DocumentStore
    queue: Queue
    blobs: Blobs
    clock: Clock
    push: PushSender | None
    """None without a push service: then no push notification is sent."""
    devices: DeviceRegistry | None
    """None for a push service without a list of devices."""
    mailer: Mailer | None
    """None without a mail server: then no e-mail is sent."""
    keys: KeySet
    authority: KeySet | None
    """The keys that verify vouchers; None: the installation takes none."""
    client_keys: ClientKeys | None
    """The keys of the vouchers' clients; None: only those that are registered with their link."""
    node: PaymentNode | None
    """None without a payment node: then the app cannot tell the current amount of a notice."""
    conditions: ReminderConditions
    public_bodies: PublicBodies | None
    """None without a register of public bodies: then no public body can join by itself."""
    remote_content: RemoteContentHosts

    @property
    def channels(self) -> frozenset[NotificationChannel]:
        """The channels that are set up."""
        channels: dict[NotificationChannel, object] = {"PUSH": self.push, "EMAIL": self.mailer}
        return frozenset(name for name, sender in channels.items() if sender is not None)

    async def start(self) -> None:
        """Open the files of the store and the queue. Raise UnavailableError."""
        for engine in (self.store, self.queue):
            if isinstance(engine, OpensFiles):
                engine.open()

    async def close(self) -> None:
        """Close the ports in order, the queue first. A port's error does not stop the others."""
        outside = (
            self.devices,
            self.node,
            self.conditions,
            self.public_bodies,
            self.remote_content,
        )
        ports = (self.queue, self.store, self.blobs, *outside)
        async with AsyncExitStack() as closing:
            for port in reversed(ports):
                if port is not None:
                    closing.push_async_callback(port.close)


def embedded_ports(settings: Settings, clock: Clock | None = None) -> Ports:
    """Build the embedded stack on the data folder."""
    folder = _data_folder(settings)
    clock = clock or _clock(settings)
    return Ports(
        store=SQLiteStore(folder / STORE_FILE, clock, CONTAINERS, on_broken=_end_process),
        queue=SQLiteQueue(folder / QUEUE_FILE, clock, on_broken=_end_process),
        blobs=FileBlobs(folder / BLOBS_FOLDER),
        clock=clock,
        push=CapturedPush(folder / NOTIFICATIONS_FILE, clock) if settings.sandbox else None,
        devices=None,
        mailer=_mailer(settings, clock),
        keys=CachedKeySet(settings.citizen_token_jwks),
        authority=CachedKeySet(settings.voucher_jwks) if settings.voucher_issuer else None,
        client_keys=_client_keys(settings),
        node=_node(settings),
        conditions=HTTPReminderConditions(GuardedHTTP()),
        public_bodies=_public_bodies(settings),
        remote_content=_remote_content(settings),
    )


def azure_ports(settings: Settings, clock: Clock | None = None) -> Ports:
    """Build the stack on Azure's services, or on emulators of them.

    Only the sandbox, which is for emulators, uses the data folder.
    """
    # loaded here: the SDKs take most of a second to load, and the embedded stack needs none
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
        authority=CachedKeySet(settings.voucher_jwks) if settings.voucher_issuer else None,
        client_keys=_client_keys(settings),
        node=_node(settings),
        conditions=HTTPReminderConditions(GuardedHTTP()),
        public_bodies=_public_bodies(settings),
        remote_content=_remote_content(settings),
    )


def notification_hub(settings: Settings) -> NotificationHub | None:
    """Open the hub that the settings name."""
    if not settings.notification_hub_name:
        return None
    connection = settings.notification_hub_connection.get_secret_value()
    return NotificationHub(HubAddress.read(connection, settings.notification_hub_name))


def _clock(settings: Settings) -> Clock:
    return SandboxClock(_data_folder(settings) / CLOCK_FILE) if settings.sandbox else SystemClock()


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


def _public_bodies(settings: Settings) -> PublicBodies | None:
    if settings.public_bodies_url:
        key = settings.public_bodies_key.get_secret_value()
        return HTTPPublicBodies(settings.public_bodies_url, key, GuardedHTTP())
    return ScriptedPublicBodies() if settings.sandbox else None


def _client_keys(settings: Settings) -> ClientKeys | None:
    """Return the sandbox's list of keys. Elsewhere each manager registers the keys of its clients.

    PDND tells a key by its id, but only to a client of PDND's own API.
    """
    if not (settings.sandbox and settings.voucher_issuer):
        return None
    return SandboxClientKeys(_data_folder(settings) / SANDBOX_CLIENT_KEYS_FILE)


def _remote_content(settings: Settings) -> RemoteContentHosts:
    return HTTPRemoteContentHosts(GuardedHTTP(on_this_machine=settings.sandbox))


def _data_folder(settings: Settings) -> Path:
    folder = settings.data_folder
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not settings.sandbox:
        for name in (CLOCK_FILE, SANDBOX_KEY_FILE):
            if (folder / name).exists():
                raise SettingsError(
                    f"settings: DATA_FOLDER: {folder} was a sandbox's, for {name} is in it, and "
                    "SANDBOX is false: name another folder"
                )
    return folder


def _end_process() -> None:
    """Stop the process in an orderly way; its supervisor starts it again."""
    signal.raise_signal(signal.SIGTERM)


def build_ports(settings: Settings, **overrides: Any) -> Ports:
    """Build the stack that the settings name; `overrides` replace single ports by name."""
    build = azure_ports if settings.stack == "azure" else embedded_ports
    return replace(build(settings, overrides.get("clock")), **overrides)
