"""Build the ports to services outside the installation; each one loads at its first use.

The sandbox has stand-ins for some of them, which keep their files in its data folder.
"""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from lib.adapters.embedded.captured.mailer import CapturedMailer
from lib.adapters.embedded.data_folder import NOTIFICATIONS_FILE
from lib.adapters.embedded.sandbox_client_keys import SandboxClientKeys
from lib.adapters.outbound.hub_token import HubAddress
from lib.composition.late import late
from lib.composition.settings import Settings
from lib.composition.settings.vouchers import SANDBOX_CLIENT_KEYS_FILE
from lib.domain.shared.identifiers import RptId
from lib.ports.clock import Clock
from lib.ports.documents import DocumentStore
from lib.ports.files.scanner import Scanner
from lib.ports.keys import ClientKeys, KeySet
from lib.ports.mailer import Mailer
from lib.ports.payment_node import PaymentNode
from lib.ports.push import DeviceRegistry, PushSender
from lib.ports.registers.digital_domiciles import DigitalDomiciles
from lib.ports.registers.public_bodies import PublicBodies
from lib.ports.registers.residents import Residents
from lib.ports.senders.hosts import RemoteContentHosts
from lib.ports.senders.reminder_conditions import ReminderConditions
from lib.ports.translation.translator import Translator

if TYPE_CHECKING:
    from lib.ports.registers.representatives import Representatives


class Hub(PushSender, DeviceRegistry, Protocol):
    """A push service with a list of devices."""


def notification_hub(settings: Settings) -> Hub | None:
    """Return the hub that the settings name."""
    if not settings.notification_hub_name:
        return None
    connection = settings.notification_hub_connection.get_secret_value()
    address = HubAddress.read(connection, settings.notification_hub_name)

    def build() -> Hub:
        from lib.adapters.outbound.notification_hub import NotificationHub

        return NotificationHub(address)

    return late(build)


def key_set(location: str) -> KeySet:
    """Return the keys at an address or in a file."""

    def build() -> KeySet:
        from lib.adapters.outbound.key_sets import key_set_at

        return key_set_at(location)

    return late(build)


def client_keys(settings: Settings, folder: Path) -> ClientKeys | None:
    """Return the sandbox's list of keys. Elsewhere each manager registers the keys of its clients.

    PDND tells a key by its id, but only to a client of PDND's own API.
    """
    if not (settings.sandbox and settings.voucher_issuer):
        return None
    return SandboxClientKeys(folder / SANDBOX_CLIENT_KEYS_FILE)


def mailer(settings: Settings, clock: Clock, folder: Path) -> Mailer | None:
    """Return the mail server, or the sandbox's list of e-mails."""
    sender = settings.mailbox
    if settings.smtp_host and sender:

        def build() -> Mailer:
            from lib.adapters.outbound.smtp_mailer import MailServer, SMTPMailer

            server = MailServer(
                host=settings.smtp_host,
                port=settings.smtp_port,
                security=settings.smtp_security,
                sender=sender,
                user=settings.smtp_username,
                password=settings.smtp_password.get_secret_value(),
            )
            return SMTPMailer(server, clock)

        return late(build)
    if settings.sandbox and settings.has_links:
        return CapturedMailer(folder / NOTIFICATIONS_FILE, clock)
    return None


def payment_node(settings: Settings, store: DocumentStore) -> PaymentNode | None:
    """Return pagoPA's node, or the sandbox's script of one, which knows the stored payments."""

    def build() -> PaymentNode:
        from lib.adapters.outbound.payment_node import HTTPPaymentNode

        key = settings.payment_node_key.get_secret_value()
        return HTTPPaymentNode(settings.payment_node_url, key)

    def script() -> PaymentNode:
        from lib.adapters.embedded.scripted_payment_node import ScriptedPaymentNode
        from lib.repositories.payments.payments import Payments

        payments = Payments(store)

        async def asked_for(rpt_id: RptId) -> int | None:
            payment = await payments.get(rpt_id)
            return payment.amount if payment else None

        return ScriptedPaymentNode(asked_for)

    return _one_of(settings, settings.payment_node_url, build, script)


def public_bodies(settings: Settings) -> PublicBodies | None:
    """Return the register of public bodies, or the sandbox's script of one."""

    def build() -> PublicBodies:
        from lib.adapters.outbound.guarded_http import GuardedHTTP
        from lib.adapters.outbound.registers.public_bodies import HTTPPublicBodies

        key = settings.public_bodies_key.get_secret_value()
        return HTTPPublicBodies(settings.public_bodies_url, key, GuardedHTTP())

    def script() -> PublicBodies:
        from lib.adapters.embedded.registers.scripted_public_bodies import ScriptedPublicBodies

        return ScriptedPublicBodies()

    return _one_of(settings, settings.public_bodies_url, build, script)


def digital_domiciles(settings: Settings, clock: Clock) -> DigitalDomiciles | None:
    """Return the register of digital domiciles, or the sandbox's script of one."""

    def build() -> DigitalDomiciles:
        from lib.adapters.outbound.guarded_http import GuardedHTTP
        from lib.adapters.outbound.registers.digital_domiciles import SECONDS, HTTPDigitalDomiciles
        from lib.adapters.outbound.registers.pdnd_client import Vouchers

        client = _pdnd_client(settings, settings.digital_domiciles_purpose_id)
        http = GuardedHTTP(seconds=SECONDS)
        url = settings.digital_domiciles_url
        return HTTPDigitalDomiciles(url, Vouchers(client, http), http)

    def script() -> DigitalDomiciles:
        from lib.adapters.embedded.registers.scripted_digital_domiciles import (
            ScriptedDigitalDomiciles,
        )

        return ScriptedDigitalDomiciles(clock)

    return _one_of(settings, settings.digital_domiciles_url, build, script)


def scanner(settings: Settings) -> Scanner | None:
    """Return the scanner for malware, or the sandbox's script of one."""

    def build() -> Scanner:
        from lib.adapters.outbound.clamd import ClamAV

        return ClamAV(settings.clamd_address)

    def script() -> Scanner:
        from lib.adapters.embedded.scripted_scanner import ScriptedScanner

        return ScriptedScanner()

    return _one_of(settings, settings.clamd_address, build, script)


def residents(settings: Settings, clock: Clock) -> Residents | None:
    """Return the register of residents, or the sandbox's script of one."""

    def build() -> Residents:
        from lib.adapters.outbound.guarded_http import GuardedHTTP
        from lib.adapters.outbound.registers.pdnd_client import Vouchers
        from lib.adapters.outbound.registers.residents import SECONDS, HTTPResidents

        client = _pdnd_client(settings, settings.residents_purpose_id)
        http = GuardedHTTP(seconds=SECONDS)
        return HTTPResidents(
            settings.residents_url,
            settings.residents_audience,
            settings.residents_place,
            client,
            Vouchers(client, http),
            http,
            clock,
        )

    def script() -> Residents:
        from lib.adapters.embedded.registers.scripted_residents import ScriptedResidents

        return ScriptedResidents()

    return _one_of(settings, settings.residents_url, build, script)


def representatives(settings: Settings) -> "Representatives | None":
    """Return the sandbox's script of the registers of representatives."""

    def script() -> "Representatives":
        from lib.adapters.embedded.registers.scripted_representatives import ScriptedRepresentatives

        return ScriptedRepresentatives()

    return late(script) if settings.sandbox else None


def translator(settings: Settings) -> Translator | None:
    """Return the service that translates, or the sandbox's script of one."""

    def build() -> Translator:
        from lib.adapters.outbound.guarded_http import GuardedHTTP
        from lib.adapters.outbound.translation.etranslation import SECONDS, ETranslation

        user, password = settings.translation_application, settings.translation_password
        http = GuardedHTTP(seconds=SECONDS, login=(user, password.get_secret_value()))
        return ETranslation(settings.translation_url, user, http)

    def script() -> Translator:
        from lib.adapters.embedded.translation.scripted_translator import ScriptedTranslator
        from lib.adapters.outbound.guarded_http import GuardedHTTP

        return ScriptedTranslator(GuardedHTTP(on_this_machine=True))

    return _one_of(settings, settings.translation_url, build, script)


def _pdnd_client(settings: Settings, purpose_id: str) -> Any:
    from lib.adapters.outbound.registers.pdnd_client import PdndClient

    return PdndClient(
        token_url=settings.pdnd_token_url,
        audience=settings.pdnd_audience,
        client_id=settings.pdnd_client_id,
        key_id=settings.pdnd_key_id,
        purpose_id=purpose_id,
        private_key=settings.pdnd_key,
    )


def reminder_conditions() -> ReminderConditions:
    """Return the client of senders' conditions."""

    def build() -> ReminderConditions:
        from lib.adapters.outbound.guarded_http import GuardedHTTP
        from lib.adapters.outbound.reminder_conditions import HTTPReminderConditions

        return HTTPReminderConditions(GuardedHTTP())

    return late(build)


def remote_content(settings: Settings) -> RemoteContentHosts:
    """Return the client of senders' hosts of remote content."""

    def build() -> RemoteContentHosts:
        from lib.adapters.outbound.guarded_http import GuardedHTTP
        from lib.adapters.outbound.remote_content import HTTPRemoteContentHosts

        http = GuardedHTTP(on_this_machine=settings.sandbox)
        # some small attachments beside a large one
        return HTTPRemoteContentHosts(http, most_held=2 * settings.remote_attachment_bytes)

    return late(build)


def _one_of[P](
    settings: Settings, url: str, build: Callable[[], P], script: Callable[[], P]
) -> P | None:
    """Return the service at the URL, the sandbox's script of one, or None without both."""
    if url:
        return late(build)
    return late(script) if settings.sandbox else None
