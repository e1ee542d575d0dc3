"""Read and write a citizen's activation of a SPECIAL service, for the service."""

from lib import telemetry
from lib.domain.identity.errors import NotAllowedError
from lib.domain.profiles.choices import Activation, ActivationStatus
from lib.domain.profiles.errors import ActivationNotFoundError
from lib.domain.services.service import Sender
from lib.ports.clock import Clock
from lib.repositories.profiles.activations import Activations
from lib.repositories.shared.optimistic import until_written
from lib.use_cases.profiles.recipients.check_recipient import check_may_ask


class ServiceActivations:
    """The activations of the calling SPECIAL service.

    An activation belongs to the service and the citizen, not to the account that wrote it, so an
    intermediary of the service reads and writes it as the service does.
    """

    def __init__(self, activations: Activations, clock: Clock) -> None:
        self._activations = activations
        self._clock = clock

    async def read(self, sender: Sender, fiscal_code: str) -> Activation:
        """Return the activation. Cost: one point read.

        Raise NotAllowedError for a service that is not SPECIAL, RecipientForbiddenError where the
        sender may not write to the citizen, ActivationNotFoundError.
        """
        _check(sender, fiscal_code)
        found = await self._activations.get(fiscal_code, sender.service.id)
        if found is None:
            raise ActivationNotFoundError
        return found

    async def write(self, sender: Sender, fiscal_code: str, status: ActivationStatus) -> Activation:
        """Store the status as a new version, and return the activation.

        Raise NotAllowedError, RecipientForbiddenError as `read`; UnavailableError.
        Cost: one point read and one conditional write.
        Concurrency: each of several calls makes a version, and the last of them holds. A repeated
        call makes one version more with the same status; PENDING then begins anew.
        """
        _check(sender, fiscal_code)
        service_id = sender.service.id

        async def attempt() -> Activation:
            stored = await self._activations.stored(fiscal_code, service_id)
            version = stored.activation.version + 1 if stored else 0
            activation = Activation(status, self._clock.now(), version)
            etag = stored.etag if stored else None
            await self._activations.write(fiscal_code, service_id, activation, etag)
            return activation

        return await until_written("an activation", attempt)


def _check(sender: Sender, fiscal_code: str) -> None:
    telemetry.concerns(fiscal_code)
    if sender.service.category != "SPECIAL":
        raise NotAllowedError
    check_may_ask(sender, fiscal_code)
