"""Build the engines behind the ports: one implementation of each, as the settings name them."""

import signal
from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from lib.adapters.embedded import data_folder
from lib.adapters.embedded.captured.push import CapturedPush
from lib.adapters.embedded.clock import SandboxClock, SystemClock
from lib.composition import outside
from lib.composition.late import late
from lib.composition.providers import identity_providers, relying_party
from lib.composition.settings import Settings, SettingsError
from lib.composition.settings.tokens import SANDBOX_KEY_FILE
from lib.ports.blobs import Blobs
from lib.ports.clock import Clock
from lib.ports.documents import DocumentStore
from lib.ports.files.scanner import Scanner
from lib.ports.identity_provider import OfferedProvider, RelyingParty
from lib.ports.keys import ClientKeys, KeySet
from lib.ports.mailer import Mailer
from lib.ports.payment_node import PaymentNode
from lib.ports.push import DeviceRegistry, PushSender
from lib.ports.queue import Queue
from lib.ports.queueing.items.notifications import NotificationChannel
from lib.ports.registers.digital_domiciles import DigitalDomiciles
from lib.ports.registers.public_bodies import PublicBodies
from lib.ports.registers.residents import Residents
from lib.ports.senders.hosts import RemoteContentHosts
from lib.ports.senders.reminder_conditions import ReminderConditions
from lib.ports.translation.translator import Translator
from lib.telemetry import record_request_charge

if TYPE_CHECKING:
    from lib.ports.registers.representatives import Representatives

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
    digital_domiciles: DigitalDomiciles | None
    """None without a register of digital domiciles: then nobody can ask for those of citizens."""
    translator: Translator | None
    """None without a service that translates: then no citizen can ask for a translation."""
    residents: Residents | None
    """None without a register of residents: then nobody is asked whether a citizen died."""
    representatives: "Representatives | None"
    """None without registers of representatives: then owners alone give delegations."""
    providers: Mapping[str, OfferedProvider]
    """The identity providers at which citizens log in, by their ids."""
    relying_party: RelyingParty | None
    """The documents for the providers about this installation; None without keys."""
    scanner: Scanner | None
    """None without a scanner for malware: then no file is taken."""

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
            self.digital_domiciles,
            self.residents,
            self.representatives,
            self.translator,
            *(offered.provider for offered in self.providers.values()),
            self.scanner,
        )
        ports = (self.queue, self.store, self.blobs, *outside)
        async with AsyncExitStack() as closing:
            for port in reversed(ports):
                if port is not None:
                    closing.push_async_callback(port.close)


def embedded_ports(settings: Settings, clock: Clock | None = None) -> Ports:
    """Build the embedded stack on the data folder."""
    from lib.adapters.embedded.files import FileBlobs
    from lib.adapters.embedded.sqlite.queue import SQLiteQueue
    from lib.adapters.embedded.sqlite.store import SQLiteStore
    from lib.ports.schema.containers import CONTAINERS

    folder = _data_folder(settings)
    clock = clock or _clock(settings)
    store = SQLiteStore(folder / STORE_FILE, clock, CONTAINERS, on_broken=_end_process)
    return Ports(
        store=store,
        queue=SQLiteQueue(folder / QUEUE_FILE, clock, on_broken=_end_process),
        blobs=FileBlobs(folder / BLOBS_FOLDER),
        clock=clock,
        push=CapturedPush(folder / NOTIFICATIONS_FILE, clock) if settings.sandbox else None,
        devices=None,
        **_outside(settings, clock, folder),
    )


def azure_ports(settings: Settings, clock: Clock | None = None) -> Ports:
    """Build the stack on Azure's services, or on emulators of them.

    Only the sandbox, which is for emulators, uses the data folder.
    """
    clock = clock or _clock(settings)
    folder = _data_folder(settings) if settings.sandbox else settings.data_folder
    hub = outside.notification_hub(settings)

    @cache
    def clients() -> Any:
        from lib.adapters.azure.clients import AzureClients

        return AzureClients(settings)

    def store() -> DocumentStore:
        from lib.adapters.azure.cosmos_store import CosmosStore

        return CosmosStore(clients(), record_request_charge)

    def queue() -> Queue:
        from lib.adapters.azure.storage_queue import StorageQueue

        return StorageQueue(clients())

    def blobs() -> Blobs:
        from lib.adapters.azure.storage_blobs import StorageBlobs

        return StorageBlobs(clients())

    return Ports(
        store=late(store),
        queue=late(queue),
        blobs=late(blobs),
        clock=clock,
        push=CapturedPush(folder / NOTIFICATIONS_FILE, clock) if settings.sandbox else hub,
        devices=hub,
        **_outside(settings, clock, folder),
    )


def _clock(settings: Settings) -> Clock:
    return SandboxClock(_data_folder(settings) / CLOCK_FILE) if settings.sandbox else SystemClock()


def _outside(settings: Settings, clock: Clock, folder: Path) -> dict[str, Any]:
    """Return the ports that both stacks build in the same way."""
    issuer = settings.voucher_issuer
    return {
        "mailer": outside.mailer(settings, clock, folder),
        "keys": outside.key_set(settings.citizen_token_jwks),
        "authority": outside.key_set(settings.voucher_jwks) if issuer else None,
        "client_keys": outside.client_keys(settings, folder),
        "node": None,
        "conditions": outside.reminder_conditions(),
        "public_bodies": outside.public_bodies(settings),
        "remote_content": outside.remote_content(settings),
        "digital_domiciles": outside.digital_domiciles(settings, clock),
        "providers": identity_providers(settings),
        "relying_party": relying_party(settings),
        "scanner": outside.scanner(settings),
        "residents": outside.residents(settings, clock),
        "representatives": outside.representatives(settings),
        "translator": outside.translator(settings),
    }


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
    ports = replace(build(settings, overrides.get("clock")), **overrides)
    # the sandbox's node reads the payments of the store that the app has, so it comes last
    node = outside.payment_node(settings, ports.store)
    return replace(ports, node=overrides.get("node", node))
