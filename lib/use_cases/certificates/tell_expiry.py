"""Tell a citizen by a message that a request for a certificate has expired."""

from lib import telemetry
from lib.domain.certificates.certificate_request import CertificateRequest
from lib.domain.messages.acceptance import accepted
from lib.ports.clock import Clock
from lib.ports.queue import Queue
from lib.ports.queueing.items.messages import MessageSubmitted
from lib.ports.queueing.names import MESSAGE_SUBMITTED
from lib.rendering.texts.expired_request import expiry_message
from lib.repositories.messages.messages import Messages
from lib.repositories.services.services import Services

_NOBODY = ""
"""The account of a message that no key sent."""


class TellExpiry:
    """Send the message in the name of the service that did not answer.

    Cost: one create and one put; one point read for a service that is not cached.
    Concurrency: the message has the id that the request keeps, so a repeated call sends no other.
    """

    def __init__(self, services: Services, messages: Messages, queue: Queue, clock: Clock) -> None:
        self._services = services
        self._messages = messages
        self._queue = queue
        self._clock = clock

    async def __call__(self, request: CertificateRequest) -> bool:
        """Send the message; return False for a service that is gone."""
        service, id_ = await self._services.get(request.service_id), request.message_id
        if service is None or id_ is None:
            return False
        message = accepted(
            expiry_message(request.title, service.organization_name),
            service,
            user_id=_NOBODY,
            recipient=request.fiscal_code,
            id_=id_,
            created_at=request.changed_at,
        )
        await self._messages.create(message)
        item = MessageSubmitted(
            fiscal_code=request.fiscal_code, message_id=id_, service_id=request.service_id
        )
        stamped = telemetry.stamped(item, self._clock.now())
        await self._queue.put(MESSAGE_SUBMITTED, stamped.text())
        return True
