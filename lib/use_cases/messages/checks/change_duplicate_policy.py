"""Read and change how a service treats messages that ask for a payment once more."""

from lib.domain.identity.errors import InvalidSenderKeyError
from lib.domain.payments.brake import DuplicatePolicy
from lib.domain.shared.identifiers import ServiceId
from lib.ports.errors import NotFoundError
from lib.repositories.services.duplicate_policies import DuplicatePolicies


class ChangeDuplicatePolicy:
    """Read and replace the policy of a sender's service. Cost: one point read, or one patch.

    Both methods raise InvalidSenderKeyError where the service is gone.
    """

    def __init__(self, policies: DuplicatePolicies) -> None:
        self._policies = policies

    async def read(self, service_id: ServiceId) -> DuplicatePolicy:
        """Return the policy."""
        try:
            return await self._policies.get(service_id)
        except NotFoundError:
            raise InvalidSenderKeyError(missing=False) from None

    async def __call__(self, service_id: ServiceId, policy: DuplicatePolicy) -> DuplicatePolicy:
        """Replace the policy, and return it."""
        try:
            await self._policies.put(service_id, policy)
        except NotFoundError:
            raise InvalidSenderKeyError(missing=False) from None
        return policy
