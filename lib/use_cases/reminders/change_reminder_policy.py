"""Change the reminder policy of a sender's service."""

from lib.domain.identity.errors import InvalidSenderKeyError
from lib.domain.reminders.errors import PolicyChangedError
from lib.domain.reminders.policy import ReminderPolicy
from lib.domain.shared.identifiers import ServiceId
from lib.ports.errors import NotFoundError
from lib.repositories.services.reminder_policies import ReminderPolicies
from lib.repositories.shared.optimistic import until_written


class ChangeReminderPolicy:
    """Replace a service's reminder policy.

    Cost: one patch; one point read more if the sender names the policy that it has read.
    """

    def __init__(self, policies: ReminderPolicies) -> None:
        self._policies = policies

    async def __call__(
        self, service_id: ServiceId, policy: ReminderPolicy, expected: str | None
    ) -> ReminderPolicy:
        """Return the policy. `expected`: the tag of the policy to replace, None for any policy.

        Raise PolicyChangedError, and InvalidSenderKeyError where the service is gone.
        """

        async def attempt() -> None:
            try:
                if expected is None:
                    await self._policies.put(service_id, policy)
                else:
                    await self._replace(service_id, policy, expected)
            except NotFoundError:
                raise InvalidSenderKeyError(missing=False) from None

        # the service may have changed, in its policy or in another field
        await until_written("a service", attempt)
        return policy

    async def _replace(self, service_id: ServiceId, policy: ReminderPolicy, expected: str) -> None:
        before, etag = await self._policies.get(service_id)
        if before.tag == policy.tag:
            # the policy is already written: an answer was lost, or the client wrote twice
            return
        if before.tag != expected:
            raise PolicyChangedError
        await self._policies.put(service_id, policy, etag)
