"""Read and change what a service does by itself: reminders, duplicates, second language."""

from collections.abc import Awaitable, Callable

from lib.domain.identity.errors import InvalidSenderKeyError
from lib.domain.messages.words.variants import SecondLanguage
from lib.domain.payments.brake import DuplicatePolicy
from lib.domain.reminders.policy import ReminderPolicy
from lib.domain.services.subscription import Manager
from lib.domain.shared.identifiers import ServiceId
from lib.ports.errors import NotFoundError
from lib.repositories.services.service_registry import ServiceRegistry
from lib.use_cases.messages.checks.change_duplicate_policy import ChangeDuplicatePolicy
from lib.use_cases.reminders.change_reminder_policy import ChangeReminderPolicy
from lib.use_cases.reminders.read_reminder_policy import ReadReminderPolicy
from lib.use_cases.services.owned_services import OwnedServices
from lib.use_cases.services.register_service import RegisterService


class RegisteredServices:
    """Act on the registry's entries of services that a manager owns.

    Cost: one point read, and what the action costs.
    """

    def __init__(self, owned: OwnedServices, register: RegisterService) -> None:
        self._owned = owned
        self._register = register

    async def __call__[T](
        self, manager: Manager, service_id: ServiceId, act: Callable[[], Awaitable[T]]
    ) -> T:
        """Act; a service whose creation died early gets its entry now.

        Raise ManagedServiceNotFoundError, and NotAllowedError for another's service.
        """
        await self._owned.existing(manager, service_id)
        try:
            return await act()
        except InvalidSenderKeyError:
            await self._register(service_id)
            return await act()


class ManageReminderPolicy:
    """Read and change the reminder policy of a service. Raises and costs as RegisteredServices."""

    def __init__(
        self,
        registered: RegisteredServices,
        read: ReadReminderPolicy,
        change: ChangeReminderPolicy,
    ) -> None:
        self._registered = registered
        self._read = read
        self._change = change

    async def read(self, manager: Manager, service_id: ServiceId) -> ReminderPolicy:
        """Return the policy."""
        return await self._registered(manager, service_id, lambda: self._read(service_id))

    async def change(
        self, manager: Manager, service_id: ServiceId, policy: ReminderPolicy, expected: str | None
    ) -> ReminderPolicy:
        """Replace the policy and return it; raise PolicyChangedError. `expected`: its tag."""
        return await self._registered(
            manager, service_id, lambda: self._change(service_id, policy, expected)
        )


class ManageDuplicatePolicy:
    """Read and change how a service treats a second message for a payment.

    Raises and costs as RegisteredServices.
    """

    def __init__(self, registered: RegisteredServices, policy: ChangeDuplicatePolicy) -> None:
        self._registered = registered
        self._policy = policy

    async def read(self, manager: Manager, service_id: ServiceId) -> DuplicatePolicy:
        """Return the policy."""
        return await self._registered(manager, service_id, lambda: self._policy.read(service_id))

    async def change(
        self, manager: Manager, service_id: ServiceId, policy: DuplicatePolicy
    ) -> DuplicatePolicy:
        """Replace the policy, and return it."""
        return await self._registered(manager, service_id, lambda: self._policy(service_id, policy))


class ManageSecondLanguage:
    """Read and change the language in which a service writes beside Italian.

    Raises and costs as RegisteredServices; one point read, or one patch.
    """

    def __init__(self, registered: RegisteredServices, registry: ServiceRegistry) -> None:
        self._registered = registered
        self._registry = registry

    async def read(self, manager: Manager, service_id: ServiceId) -> SecondLanguage | None:
        """Return the language, None for none."""

        async def read() -> SecondLanguage | None:
            try:
                return await self._registry.second_language(service_id)
            except NotFoundError:
                raise InvalidSenderKeyError(missing=False) from None

        return await self._registered(manager, service_id, read)

    async def change(
        self, manager: Manager, service_id: ServiceId, language: SecondLanguage | None
    ) -> None:
        """Set the language."""

        async def change() -> None:
            try:
                await self._registry.set_second_language(service_id, language)
            except NotFoundError:
                raise InvalidSenderKeyError(missing=False) from None

        await self._registered(manager, service_id, change)
