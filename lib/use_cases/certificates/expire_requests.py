"""End the requests for certificates that no service answered in time."""

import time
from typing import Final

from lib.domain.certificates.errors import CertificateRequestNotFoundError
from lib.ports.clock import Clock
from lib.repositories.certificates.request_sweeps import RequestSweeps
from lib.repositories.certificates.requests import CertificateRequests

PER_QUERY: Final = 100
MAX_RUN_SECONDS: Final = 60.0


class ExpireRequests:
    """Mark requests as expired: service and citizen see it in their lists.

    Cost: one query over all partitions; one read and one replace for each request.
    Concurrency: an answer or a withdrawal at the same time counts, by the ETag of the request.
    """

    def __init__(self, sweeps: RequestSweeps, requests: CertificateRequests, clock: Clock) -> None:
        self._sweeps = sweeps
        self._requests = requests
        self._clock = clock

    async def __call__(self) -> int:
        """Return the number of requests found. The next run goes on where this one ended."""
        end, count = time.monotonic() + MAX_RUN_SECONDS, 0
        while time.monotonic() < end:
            now = self._clock.now()
            found = await self._sweeps.due(now, PER_QUERY)
            for service_id, id_ in found:
                try:
                    await self._requests.change(
                        service_id,
                        id_,
                        lambda one: one.expired(now),  # noqa: B023 - called at once
                    )
                except CertificateRequestNotFoundError:
                    continue
            count += len(found)
            if len(found) < PER_QUERY:
                break
        return count
