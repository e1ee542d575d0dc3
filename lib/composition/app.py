"""The app: its use cases by area, on the ports that the settings name."""

from contextlib import AsyncExitStack
from typing import Any

from lib.composition.areas.devices import DeviceUseCases
from lib.composition.areas.documents import DocumentUseCases
from lib.composition.areas.identity import IdentityUseCases
from lib.composition.areas.limits import LimitUseCases
from lib.composition.areas.messages import MessageUseCases
from lib.composition.areas.notifications import NotificationUseCases
from lib.composition.areas.operations import OperationUseCases
from lib.composition.areas.organizations import OrganizationUseCases
from lib.composition.areas.payment_notices import PaymentNoticeUseCases
from lib.composition.areas.payments import PaymentUseCases
from lib.composition.areas.profiles import ProfileUseCases
from lib.composition.areas.reminders import ReminderUseCases
from lib.composition.areas.remote_content import RemoteContentUseCases
from lib.composition.areas.scheduling import SchedulingUseCases
from lib.composition.areas.services import ServiceUseCases
from lib.composition.areas.statistics import StatisticsUseCases
from lib.composition.repositories import Repositories
from lib.composition.secrets import evidence_seal_of, secret_box_of
from lib.composition.settings import Settings
from lib.composition.stacks import Ports, build_ports
from lib.telemetry.invocation import Off, Telemetry
from lib.use_cases.organizations.count_trial import CountTrial
from lib.use_cases.organizations.log_delegated import LogDelegated
from lib.use_cases.shared.guarded_services import guarded


class App:
    """All use cases by area, such as `app.messages.submit` and `app.reminders.process_due`."""

    def __init__(self, settings: Settings, ports: Ports) -> None:
        self.settings = settings
        self.ports = ports = guarded(ports)
        self.telemetry = telemetry_of(settings)
        self.repositories = repositories = Repositories(
            ports.store, settings.sender_cache, secret_box_of(settings), evidence_seal_of(settings)
        )
        # an area comes after the areas that it uses
        self.scheduling = SchedulingUseCases(ports, repositories)
        self.identity = IdentityUseCases(ports, settings, repositories)
        self.limits = LimitUseCases(repositories)
        self.services = ServiceUseCases(ports, settings, repositories, self.identity)
        self.devices = DeviceUseCases(ports, settings, repositories)
        self.statistics = StatisticsUseCases(ports, repositories)
        self.payments = PaymentUseCases(ports, repositories)
        self.notifications = NotificationUseCases(ports, settings, repositories, self.payments)
        self.profiles = ProfileUseCases(ports, settings, repositories, self.notifications)
        self.reminders = ReminderUseCases(
            ports, repositories, self.notifications, self.payments, self.statistics
        )
        count_trial = CountTrial(
            repositories.organization_days, ports.clock, cap=settings.trial_daily_messages
        )
        self.messages = MessageUseCases(
            ports,
            settings,
            repositories,
            self.payments,
            self.profiles,
            self.notifications,
            self.reminders,
            self.statistics,
            count_trial,
            count_trial.left,
            LogDelegated(repositories.delegated_messages),
        )
        self.remote_content = RemoteContentUseCases(ports, settings, repositories)
        self.payment_notices = PaymentNoticeUseCases(
            ports, repositories, self.payments, self.reminders, self.messages, count_trial
        )
        self.documents = DocumentUseCases(repositories, self.payments, self.messages)
        self.organizations = OrganizationUseCases(
            ports, settings, repositories, self.notifications, self.services
        )
        self.operations = OperationUseCases(ports, repositories, self.messages)

    async def start(self) -> None:
        """Open the files that the ports keep. Raise UnavailableError."""
        await self.ports.start()

    async def close(self) -> None:
        """End the reports of calls, close the ports, then the telemetry, also after an error."""
        async with AsyncExitStack() as closing:
            closing.push_async_callback(self.telemetry.close)
            closing.push_async_callback(self.ports.close)
            closing.push_async_callback(self.messages.note_sent.close)
            closing.push_async_callback(self.limits.count_calls.close)


def telemetry_of(settings: Settings) -> Telemetry:
    """Open the telemetry that the settings name."""
    if settings.telemetry == "off":
        return Off()
    from lib.telemetry.setup import open_telemetry  # noqa: PLC0415 - takes a tenth of a second

    return open_telemetry(settings)


def build_app(settings: Settings, **overrides: Any) -> App:
    """Build the app on the stack that the settings name; `overrides` replace ports by name."""
    return App(settings, build_ports(settings, **overrides))
