"""External services, each behind a breaker; see the ports for the methods."""

from collections.abc import AsyncIterable, Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from lib.domain.profiles.choices import Language
from lib.domain.shared.identifiers import OrganizationFiscalCode, RptId
from lib.domain.shared.values import Masked
from lib.ports.files.scanner import Scanner
from lib.ports.identity_provider import (
    IdentityProvider,
    OfferedProvider,
    ProvenIdentity,
    ProviderRequest,
)
from lib.ports.mailer import Mail, Mailer
from lib.ports.payment_node import PaymentInfo, PaymentNode
from lib.ports.push import DeviceRegistry, PushNotification, PushRegistration, PushSender
from lib.ports.registers.digital_domiciles import DigitalDomiciles
from lib.ports.registers.public_bodies import PublicBodies, PublicBody
from lib.ports.registers.residents import Residents, Standing
from lib.ports.translation.translator import Translator
from lib.use_cases.shared.breaker import Breaker

if TYPE_CHECKING:
    from lib.ports.registers.representatives import Representatives, Represented


class GuardedMailer:
    """A mail server behind a breaker."""

    def __init__(self, mailer: Mailer) -> None:
        self._mailer, self._breaker = mailer, Breaker("the mail server")

    async def send(self, mail: Mail) -> None:
        """Send through the breaker."""
        await self._breaker(lambda: self._mailer.send(mail))


class GuardedPush:
    """A push service behind a breaker, which it shares with its list of devices."""

    def __init__(self, push: PushSender, breaker: Breaker) -> None:
        self._push, self._breaker = push, breaker

    async def send(self, notification: PushNotification) -> None:
        """Send through the breaker."""
        await self._breaker(lambda: self._push.send(notification))


class GuardedDevices:
    """A push service's list of devices, behind the breaker of the service."""

    def __init__(self, devices: DeviceRegistry, breaker: Breaker) -> None:
        self._devices, self._breaker = devices, breaker

    async def register(self, installation: PushRegistration) -> None:
        """Register through the breaker."""
        await self._breaker(lambda: self._devices.register(installation))

    async def remove(self, installation_id: str) -> None:
        """Remove through the breaker."""
        await self._breaker(lambda: self._devices.remove(installation_id))

    async def close(self) -> None:
        """Release connections."""
        await self._devices.close()


class GuardedNode:
    """The payment node behind a breaker, for reminders and for requests of citizens."""

    def __init__(self, node: PaymentNode) -> None:
        self._node, self._breaker = node, Breaker("the payment node")

    async def info(self, rpt_id: RptId) -> PaymentInfo:
        """Ask through the breaker."""
        return await self._breaker(lambda: self._node.info(rpt_id))

    async def close(self) -> None:
        """Release connections."""
        await self._node.close()


class GuardedPublicBodies:
    """The register of public bodies behind a breaker."""

    def __init__(self, register: PublicBodies) -> None:
        self._register, self._breaker = register, Breaker("the register of public bodies")

    async def find(self, fiscal_code: OrganizationFiscalCode) -> PublicBody | None:
        """Ask through the breaker."""
        return await self._breaker(lambda: self._register.find(fiscal_code))

    async def close(self) -> None:
        """Release connections."""
        await self._register.close()


class GuardedDigitalDomiciles:
    """The register of digital domiciles behind a breaker."""

    def __init__(self, register: DigitalDomiciles) -> None:
        self._register, self._breaker = register, Breaker("the register of digital domiciles")

    async def ask(self, fiscal_codes: Sequence[str], reference: str) -> str:
        """Ask through the breaker."""
        return await self._breaker(lambda: self._register.ask(fiscal_codes, reference))

    async def answer(
        self, list_id: str, fiscal_codes: Sequence[str]
    ) -> Mapping[str, Masked] | None:
        """Read through the breaker."""
        return await self._breaker(lambda: self._register.answer(list_id, fiscal_codes))

    async def close(self) -> None:
        """Release connections."""
        await self._register.close()


class GuardedProvider:
    """An identity provider behind a breaker of its own."""

    def __init__(self, id_: str, provider: IdentityProvider) -> None:
        self._provider, self._breaker = provider, Breaker(f"the identity provider {id_}")

    def seconds(self) -> int:
        """Return the time of the provider's judge."""
        return self._provider.seconds()

    async def begin_url(self, request: ProviderRequest) -> str:
        """Begin through the breaker."""
        return await self._breaker(lambda: self._provider.begin_url(request))

    async def finish(self, request: ProviderRequest, code: str, issuer: str) -> ProvenIdentity:
        """Finish through the breaker."""
        return await self._breaker(lambda: self._provider.finish(request, code, issuer))

    async def end_url(self, session_hint: Masked, return_to: str) -> str | None:
        """Return the address that ends the session."""
        return await self._provider.end_url(session_hint, return_to)

    async def close(self) -> None:
        """Release connections."""
        await self._provider.close()


class GuardedScanner:
    """The scanner for malware behind a breaker."""

    def __init__(self, scanner: Scanner) -> None:
        self._scanner, self._breaker = scanner, Breaker("the scanner")

    async def scan(self, blocks: AsyncIterable[bytes]) -> str | None:
        """Scan through the breaker."""
        return await self._breaker(lambda: self._scanner.scan(blocks))

    async def close(self) -> None:
        """Release connections."""
        await self._scanner.close()


class GuardedTranslator:
    """The service that translates, behind a breaker."""

    def __init__(self, translator: Translator) -> None:
        self._translator, self._breaker = translator, Breaker("the service that translates")

    @property
    def engine(self) -> str:
        """The name of the service."""
        return self._translator.engine

    async def ask(self, text: str, source: Language, target: Language, answer_to: str) -> None:
        """Ask through the breaker."""
        await self._breaker(lambda: self._translator.ask(text, source, target, answer_to))

    async def close(self) -> None:
        """Release connections."""
        await self._translator.close()


class GuardedResidents:
    """The register of residents behind a breaker."""

    def __init__(self, register: Residents) -> None:
        self._register, self._breaker = register, Breaker("the register of residents")

    async def standing(self, fiscal_code: str) -> Standing:
        """Ask through the breaker."""
        return await self._breaker(lambda: self._register.standing(fiscal_code))

    async def close(self) -> None:
        """Release connections."""
        await self._register.close()


class GuardedRepresentatives:
    """The registers of representatives behind a breaker."""

    def __init__(self, register: "Representatives") -> None:
        self._register, self._breaker = register, Breaker("the registers of representatives")

    async def represented_by(self, fiscal_code: str) -> "Sequence[Represented]":
        """Ask through the breaker."""
        return await self._breaker(lambda: self._register.represented_by(fiscal_code))

    async def close(self) -> None:
        """Release connections."""
        await self._register.close()


_GUARDS: Final[Mapping[str, Callable[[Any], Any]]] = {
    "mailer": GuardedMailer,
    "node": GuardedNode,
    "public_bodies": GuardedPublicBodies,
    "digital_domiciles": GuardedDigitalDomiciles,
    "scanner": GuardedScanner,
    "translator": GuardedTranslator,
    "residents": GuardedResidents,
    "representatives": GuardedRepresentatives,
}
"""The ports with a breaker of their own."""


def guarded[P](ports: P) -> P:
    """Return a stack's ports, a dataclass, with the external services behind breakers."""
    given: Any = ports
    hub, wrapped = Breaker("the push service"), dict[str, Any]()
    if given.push is not None:
        wrapped["push"] = GuardedPush(given.push, hub)
    if given.devices is not None:
        wrapped["devices"] = GuardedDevices(given.devices, hub)
    wrapped["providers"] = {
        id_: OfferedProvider(offered.name, GuardedProvider(id_, offered.provider))
        for id_, offered in given.providers.items()
    }
    for name, guard in _GUARDS.items():
        port = getattr(given, name)
        if port is not None:
            wrapped[name] = guard(port)
    changed: P = replace(given, **wrapped)
    return changed
