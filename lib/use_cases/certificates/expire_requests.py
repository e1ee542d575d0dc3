"""End the requests for certificates that no service answered in time, and tell their citizens."""

import time
from datetime import datetime
from typing import Final

from lib.domain.certificates.errors import CertificateRequestNotFoundError
from lib.domain.messages.message_id import new_message_id
from lib.domain.shared.identifiers import ServiceId
from lib.ports.clock import Clock
from lib.repositories.certificates.request_sweeps import RequestSweeps
from lib.repositories.certificates.requests import CertificateRequests
from lib.use_cases.certificates.settle_answer import SettleAnswer
from lib.use_cases.certificates.tell_expiry import TellExpiry

PER_QUERY: Final = 100
MAX_RUN_SECONDS: Final = 60.0


class ExpireRequests:
    """Mark requests as expired, and settle answers whose process died.

    The request keeps the id of the message about its expiry before the message is stored, and is
    due until its citizen is told. So a death between the two writes tells the citizen once.
    Cost: one query over all partitions; for each request two reads, two replaces, and that of
    TellExpiry.
    Concurrency: an answer or a withdrawal at the same time counts, by the ETag of the request.
    """

    def __init__(
        self,
        sweeps: RequestSweeps,
        requests: CertificateRequests,
        settle: SettleAnswer,
        tell: TellExpiry,
        clock: Clock,
    ) -> None:
        self._sweeps = sweeps
        self._requests = requests
        self._settle = settle
        self._tell = tell
        self._clock = clock

    async def __call__(self) -> int:
        """Return the number of requests found. The next run goes on where this one ended."""
        end, count = time.monotonic() + MAX_RUN_SECONDS, 0
        while time.monotonic() < end:
            now = self._clock.now()
            found = await self._sweeps.due(now, PER_QUERY)
            for service_id, id_ in found:
                try:
                    await self._end(service_id, id_, now)
                except CertificateRequestNotFoundError:
                    continue
            count += len(found)
            if len(found) < PER_QUERY:
                break
        return count

    async def _end(self, service_id: ServiceId, id_: str, now: datetime) -> None:
        request = await self._requests.get(service_id, id_)
        if request.status == "ANSWERING":
            await self._settle(request, now)
            return
        message_id = new_message_id(now, now)
        request = await self._requests.change(
            service_id, id_, lambda found: found.expired(message_id, now)
        )
        if request.is_untold:
            is_told = await self._tell(request)
            await self._requests.change(service_id, id_, lambda found: found.told(is_told=is_told))
