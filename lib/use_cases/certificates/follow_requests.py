"""Follow the changes of the requests for a service's certificates."""

from datetime import timedelta
from typing import Final, NamedTuple

from lib.domain.certificates.certificate_request import CertificateRequest
from lib.domain.inbox.change_token import ChangeToken
from lib.domain.services.service import Sender
from lib.ports.clock import Clock
from lib.repositories.certificates.requests import CertificateRequests

KEPT: Final = timedelta(days=365)
"""The life of a request after its last change."""


class RequestChanges(NamedTuple):
    """A page of changed requests, the earliest first. `token`: where the next call begins.

    `more`: the page ended before the changes did.
    """

    requests: list[CertificateRequest]
    token: str
    more: bool


class FollowRequests:
    """Return the requests that changed since a token, each once, in its present state.

    The order is that of the store's own writes, as of the changes of an inbox: no change is
    missing, and those of the last minutes come again.
    Cost: one query for each page.
    Concurrency: a request that changes during a walk moves to its end, or into the next walk.
    """

    def __init__(self, requests: CertificateRequests, clock: Clock) -> None:
        self._requests = requests
        self._clock = clock

    async def __call__(self, sender: Sender, since: str | None, size: int) -> RequestChanges:
        """Return a page; without a token from the first request on. Raise ChangeTokenError."""
        place = ChangeToken.at(since, self._clock.now(), KEPT)
        found, continuation = await self._requests.changes(
            sender.service.id, place.since, size, place.continuation or None
        )
        return RequestChanges(found, place.after(continuation), bool(continuation))
