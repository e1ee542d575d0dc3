"""Return the reminder policy of a sender's service."""

from lib.domain.identity.errors import InvalidSenderKeyError
from lib.domain.reminders.policy import ReminderPolicy
from lib.domain.shared.identifiers import ServiceId
from lib.ports.errors import NotFoundError
from lib.repositories.services.reminder_policies import ReminderPolicies


class ReadReminderPolicy:
    """Return a service's reminder policy. Cost: one point read."""

    def __init__(self, policies: ReminderPolicies) -> None:
        self._policies = policies

    async def __call__(self, service_id: ServiceId) -> ReminderPolicy:
        """Return the policy.

        Raise InvalidSenderKeyError if the service is deleted, since its keys are deleted too.
        """
        try:
            policy, _ = await self._policies.get(service_id)
        except NotFoundError:
            raise InvalidSenderKeyError(missing=False) from None
        return policy
