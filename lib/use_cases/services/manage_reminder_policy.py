"""Read and change the reminder policy of a service that a manager owns."""

from collections.abc import Awaitable, Callable

from lib.domain.identity.errors import InvalidSenderKeyError
from lib.domain.reminders.policy import ReminderPolicy
from lib.domain.services.subscription import Manager
from lib.domain.shared.identifiers import ServiceId
from lib.use_cases.reminders.change_reminder_policy import ChangeReminderPolicy
from lib.use_cases.reminders.read_reminder_policy import ReadReminderPolicy
from lib.use_cases.services.owned_services import OwnedServices
from lib.use_cases.services.register_service import RegisterService


class ManageReminderPolicy:
    """Read and change the reminder policy of a service.

    Each method raises ManagedServiceNotFoundError, and NotAllowedError for another's service.
    Cost: one point read, and what the reading or the change costs.
    """

    def __init__(
        self,
        owned: OwnedServices,
        register: RegisterService,
        read: ReadReminderPolicy,
        change: ChangeReminderPolicy,
    ) -> None:
        self._owned = owned
        self._register = register
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

    async def _registered(
        self, manager: Manager, service_id: ServiceId, act: Callable[[], Awaitable[ReminderPolicy]]
    ) -> ReminderPolicy:
        """Act on the registry's entry; a service whose creation died early gets its entry now."""
        await self._owned.existing(manager, service_id)
        try:
            return await act()
        except InvalidSenderKeyError:
            await self._register(service_id)
            return await act()
