"""The app: its use cases by area, on the ports that the settings name."""

from contextlib import AsyncExitStack
from functools import cached_property
from typing import TYPE_CHECKING, Any

from lib.composition.foundation import Foundation
from lib.composition.late import late
from lib.composition.settings import Settings
from lib.composition.stacks import Ports, build_ports
from lib.composition.telemetry import telemetry_of

if TYPE_CHECKING:
    from lib.composition.areas.attachments import AttachmentUseCases
    from lib.composition.areas.batches import BatchUseCases
    from lib.composition.areas.certificates import CertificateUseCases
    from lib.composition.areas.documents import DocumentUseCases
    from lib.composition.areas.inbox import InboxUseCases
    from lib.composition.areas.messages import MessageUseCases
    from lib.composition.areas.operations import OperationUseCases
    from lib.composition.areas.organizations import OrganizationUseCases
    from lib.composition.areas.payment_notices import PaymentNoticeUseCases
    from lib.composition.areas.personal_data import PersonalDataUseCases
    from lib.composition.areas.reminders import ReminderUseCases
    from lib.composition.areas.remote_content import RemoteContentUseCases
    from lib.use_cases.operations.log_operators import LogOperators
    from lib.use_cases.organizations.count_trial import CountTrial


class App(Foundation):
    """All use cases by area, such as `app.messages.submit` and `app.reminders.process_due`.

    An area is imported and built at its first use, with the areas that it uses: a function uses few
    of them. Use an app in one thread alone.
    """

    def __init__(self, settings: Settings, ports: Ports) -> None:
        super().__init__(settings, ports)
        self.telemetry = telemetry_of(settings)

    @cached_property
    def reminders(self) -> "ReminderUseCases":
        from lib.composition.areas.reminders import ReminderUseCases

        return ReminderUseCases(
            self.ports, self.repositories, self.notifications, self.payments, self.statistics
        )

    @cached_property
    def attachments(self) -> "AttachmentUseCases":
        from lib.composition.areas.attachments import AttachmentUseCases

        return AttachmentUseCases(self.ports, self.settings, self.repositories)

    @cached_property
    def messages(self) -> "MessageUseCases":
        from lib.composition.areas.messages import MessageUseCases
        from lib.use_cases.organizations.log_delegated import LogDelegated

        return MessageUseCases(
            self.ports,
            self.settings,
            self.repositories,
            self.payments,
            self.profiles,
            self.notifications,
            self.reminders,
            self.statistics,
            late(lambda: self.attachments.attach),
            self._count_trial,
            self._count_trial.left,
            LogDelegated(self.repositories.delegated_messages),
        )

    @cached_property
    def inbox(self) -> "InboxUseCases":
        from lib.composition.areas.inbox import InboxUseCases

        return InboxUseCases(self.ports, self.settings, self.repositories, self.statistics)

    @cached_property
    def remote_content(self) -> "RemoteContentUseCases":
        from lib.composition.areas.remote_content import RemoteContentUseCases

        return RemoteContentUseCases(
            self.ports, self.settings, self.repositories, late(lambda: self.attachments.read)
        )

    @cached_property
    def payment_notices(self) -> "PaymentNoticeUseCases":
        from lib.composition.areas.payment_notices import PaymentNoticeUseCases

        return PaymentNoticeUseCases(
            self.ports,
            self.repositories,
            self.payments,
            self.reminders,
            self.messages,
            self._count_trial,
        )

    @cached_property
    def documents(self) -> "DocumentUseCases":
        from lib.composition.areas.documents import DocumentUseCases

        return DocumentUseCases(
            self.ports, self.repositories, self.payments, self.messages, self.attachments
        )

    @cached_property
    def certificates(self) -> "CertificateUseCases":
        from lib.composition.areas.certificates import CertificateUseCases

        return CertificateUseCases(self.ports, self.repositories, self.messages)

    @cached_property
    def personal_data(self) -> "PersonalDataUseCases":
        from lib.composition.areas.personal_data import PersonalDataUseCases

        return PersonalDataUseCases(
            self.ports,
            self.settings,
            self.repositories,
            self.notifications,
            self.documents,
            self.attachments,
            self.messages,
            self.devices,
        )

    @cached_property
    def batches(self) -> "BatchUseCases":
        from lib.composition.areas.batches import BatchUseCases
        from lib.use_cases.organizations.log_delegated import LogDelegated

        return BatchUseCases(
            self.ports,
            self.settings,
            self.repositories,
            self.notifications,
            self.statistics,
            self.messages,
            self.payment_notices,
            LogDelegated(self.repositories.delegated_messages),
            self._count_trial,
            self._count_trial.room,
            late(lambda: self.attachments.attach),
        )

    @cached_property
    def organizations(self) -> "OrganizationUseCases":
        from lib.composition.areas.organizations import OrganizationUseCases

        return OrganizationUseCases(
            self.ports, self.settings, self.repositories, self.notifications, self.services
        )

    @cached_property
    def operations(self) -> "OperationUseCases":
        from lib.composition.areas.operations import OperationUseCases

        return OperationUseCases(self.ports, self.repositories, self.messages)

    @cached_property
    def operators_log(self) -> "LogOperators":
        from lib.repositories.operations.operator_actions import OperatorActions
        from lib.use_cases.operations.log_operators import LogOperators

        return LogOperators(OperatorActions(self.ports.store), self.ports.clock)

    @cached_property
    def _count_trial(self) -> "CountTrial":
        from lib.use_cases.organizations.count_trial import CountTrial

        days, clock = self.repositories.organization_days, self.ports.clock
        return CountTrial(days, clock, cap=self.settings.trial_daily_messages)

    async def start(self) -> None:
        """Open the files that the ports keep. Raise UnavailableError."""
        await self.ports.start()

    def hasten(self) -> None:
        """Answer the calls that wait for news: the process ends soon."""
        if "batches" in vars(self):
            self.batches.wait.end()

    async def close(self) -> None:
        """End the reports of calls, close the ports, then the telemetry, also after an error."""
        used = vars(self)
        async with AsyncExitStack() as closing:
            closing.push_async_callback(self.telemetry.close)
            closing.push_async_callback(self.ports.close)
            if "messages" in used:
                closing.push_async_callback(self.messages.note_sent.close)
            if "limits" in used:
                closing.push_async_callback(self.limits.count_calls.close)


def build_app(settings: Settings, **overrides: Any) -> App:
    """Build the app on the stack that the settings name; `overrides` replace ports by name."""
    return App(settings, build_ports(settings, **overrides))
