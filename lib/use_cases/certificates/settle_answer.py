"""End an answer that was begun: its message was stored, or it was not."""

from datetime import datetime

from lib.domain.certificates.certificate_request import CertificateRequest
from lib.repositories.certificates.requests import CertificateRequests
from lib.repositories.messages.messages import Messages


class SettleAnswer:
    """Make a request answered if the message of its begun answer is there, else PENDING again.

    Cost: one point read of the message, one of the request, and one replace.
    Concurrency: a request that has changed since it was read stays as it is, so no answer that goes
    on at the same time is taken for a failed one.
    """

    def __init__(self, requests: CertificateRequests, messages: Messages) -> None:
        self._requests = requests
        self._messages = messages

    async def __call__(self, request: CertificateRequest, now: datetime) -> CertificateRequest:
        """Return the request. `request`: as it was read, with its begun answer."""
        begun = request.begun
        if begun is None:
            return request
        stored = await self._messages.find(request.fiscal_code, begun.message_id)

        def step(found: CertificateRequest) -> CertificateRequest:
            if stored is not None:
                return found.answered(begun, now)
            return found.waiting_again(begun, now) if found == request else found

        return await self._requests.change(request.service_id, request.id, step)
