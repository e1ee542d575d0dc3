"""Read and write a citizen's activation of a SPECIAL service, for the service and the citizen."""

from lib import telemetry
from lib.domain.identity.access import Access
from lib.domain.identity.errors import NotAllowedError
from lib.domain.profiles.choices import Activation, ActivationStatus
from lib.domain.profiles.errors import ActivationNotFoundError, SendNotAvailableError
from lib.domain.services.service import Sender
from lib.domain.shared.identifiers import ServiceId
from lib.ports.clock import Clock
from lib.repositories.profiles.activations import Activations
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
        service_id, now = sender.service.id, self._clock.now()
        return await self._activations.set(fiscal_code, service_id, status, now)


class SwitchSend:
    """The citizen's activation of the service of SEND, which `decide` asks at each delivery.

    `service_id`: the service of SEND; None in an installation without SEND.
    """

    def __init__(
        self, activations: Activations, clock: Clock, service_id: ServiceId | None
    ) -> None:
        self._activations = activations
        self._clock = clock
        self._service_id = service_id

    async def read(self, access: Access) -> bool:
        """Tell whether the service may write; raise SendNotAvailableError. Cost: one point read."""
        found = await self._activations.get(access.subject, self._service)
        return found is not None and found.allows(self._clock.now())

    async def switch(self, access: Access, *, is_on: bool) -> None:
        """Let the service write, or no longer; raise SendNotAvailableError, UnavailableError.

        Cost: one point read and one conditional write.
        Concurrency: the last of several calls holds, of the citizen's and of the service's.
        """
        status: ActivationStatus = "ACTIVE" if is_on else "INACTIVE"
        await self._activations.set(access.subject, self._service, status, self._clock.now())

    @property
    def _service(self) -> ServiceId:
        if self._service_id is None:
            raise SendNotAvailableError
        return self._service_id


def _check(sender: Sender, fiscal_code: str) -> None:
    telemetry.concerns(fiscal_code)
    if sender.service.category != "SPECIAL":
        raise NotAllowedError
    check_may_ask(sender, fiscal_code)
