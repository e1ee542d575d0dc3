"""The areas of people and senders, on which the areas of messages rest."""

from functools import cached_property
from typing import TYPE_CHECKING

from lib.composition.settings import Settings
from lib.composition.stacks import Ports
from lib.use_cases.shared.guarded_services import guarded

if TYPE_CHECKING:
    from lib.composition.areas.access_log import AccessLogUseCases
    from lib.composition.areas.devices import DeviceUseCases
    from lib.composition.areas.identity import IdentityUseCases
    from lib.composition.areas.limits import LimitUseCases
    from lib.composition.areas.notifications import NotificationUseCases
    from lib.composition.areas.parties import PartyUseCases
    from lib.composition.areas.payments import PaymentUseCases
    from lib.composition.areas.profiles import ProfileUseCases
    from lib.composition.areas.scheduling import SchedulingUseCases
    from lib.composition.areas.services import ServiceUseCases
    from lib.composition.areas.sign_in import SignInUseCases
    from lib.composition.areas.statistics import StatisticsUseCases
    from lib.composition.repositories import Repositories
    from lib.domain.identity.access import Access
    from lib.domain.identity.acting import DelegationId, Told
    from lib.domain.shared.identifiers import FiscalCode, ServiceId
    from lib.use_cases.parties.list_parties import Party


class Foundation:
    """The use cases of these areas, such as `app.profiles.read`, and the repositories.

    An area is imported and built at its first use, with the areas that it uses.
    """

    def __init__(self, settings: Settings, ports: Ports) -> None:
        self.settings = settings
        self.ports = guarded(ports)

    @cached_property
    def repositories(self) -> "Repositories":
        from lib.composition.repositories import Repositories
        from lib.composition.secrets import evidence_seal_of, secret_box_of

        settings = self.settings
        return Repositories(
            self.ports.store,
            settings.sender_cache,
            secret_box_of(settings),
            evidence_seal_of(settings),
        )

    @cached_property
    def scheduling(self) -> "SchedulingUseCases":
        from lib.composition.areas.scheduling import SchedulingUseCases

        return SchedulingUseCases(self.ports, self.repositories)

    @cached_property
    def identity(self) -> "IdentityUseCases":
        from lib.composition.areas.identity import IdentityUseCases

        return IdentityUseCases(self.ports, self.settings, self.repositories)

    @cached_property
    def parties(self) -> "PartyUseCases":
        from lib.composition.areas.parties import PartyUseCases

        return PartyUseCases(self.ports, self.settings, self.repositories, self._tell_registered)

    async def _tell_registered(
        self, fiscal_code: "FiscalCode", delegation_id: "DelegationId", *, begins: bool
    ) -> None:
        """Note a delegation of a register; the area is built at the first use."""
        await self.access_log.note_registered(fiscal_code, delegation_id, begins=begins)

    @cached_property
    def access_log(self) -> "AccessLogUseCases":
        from lib.composition.areas.access_log import AccessLogUseCases

        return AccessLogUseCases(self.ports, self.settings, self.repositories)

    @cached_property
    def limits(self) -> "LimitUseCases":
        from lib.composition.areas.limits import LimitUseCases

        return LimitUseCases(self.repositories)

    @cached_property
    def services(self) -> "ServiceUseCases":
        from lib.composition.areas.services import ServiceUseCases

        return ServiceUseCases(self.ports, self.settings, self.repositories, self.identity)

    @cached_property
    def devices(self) -> "DeviceUseCases":
        from lib.composition.areas.devices import DeviceUseCases

        return DeviceUseCases(self.ports, self.settings, self.repositories)

    @cached_property
    def statistics(self) -> "StatisticsUseCases":
        from lib.composition.areas.statistics import StatisticsUseCases

        return StatisticsUseCases(self.ports, self.repositories)

    @cached_property
    def payments(self) -> "PaymentUseCases":
        from lib.composition.areas.payments import PaymentUseCases

        return PaymentUseCases(self.ports, self.repositories)

    @cached_property
    def notifications(self) -> "NotificationUseCases":
        from lib.composition.areas.notifications import NotificationUseCases

        return NotificationUseCases(
            self.ports,
            self.settings,
            self.repositories,
            self.payments,
            self._told_of,
            self._party_of,
        )

    @cached_property
    def profiles(self) -> "ProfileUseCases":
        from lib.composition.areas.profiles import ProfileUseCases

        return ProfileUseCases(self.ports, self.settings, self.repositories, self.notifications)

    @cached_property
    def sign_in(self) -> "SignInUseCases":
        from lib.composition.areas.sign_in import SignInUseCases

        return SignInUseCases(
            self.ports,
            self.settings,
            lambda: self.devices,
            lambda: self.profiles,
            self._acting,
            lambda: self.identity.authenticate_key,
        )

    async def _told_of(self, owner: "FiscalCode", service_id: "ServiceId") -> "tuple[Told, ...]":
        """Return the delegates who are told; the area is built at the first use."""
        return await self.parties.list.told_of(owner, service_id)

    async def _party_of(self, delegate: "FiscalCode", id_: "DelegationId") -> "Party | None":
        """Return the party of a delegation; the area is built at the first use."""
        return await self.parties.list.party_of(delegate, id_)

    async def _acting(self, access: "Access", id_: "DelegationId") -> "Party | None":
        """Return the party of a person's delegation; the area is built at the first use."""
        return await self.parties.list.acting(access, id_)
