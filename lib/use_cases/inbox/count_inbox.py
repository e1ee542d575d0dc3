"""Count what a citizen has to do."""

from datetime import timedelta
from typing import Final

from lib.domain.identity.access import Access
from lib.domain.inbox.inbox_filter import InboxFilter
from lib.domain.shared.values import timestamp
from lib.ports.clock import Clock
from lib.repositories.inbox.counters import Counters, InboxCounters

SOON: Final = timedelta(days=7)


class CountInbox:
    """Return the numbers for the badge of the app. Cost: that of InboxCounters.count."""

    def __init__(self, counters: InboxCounters, clock: Clock) -> None:
        self._counters = counters
        self._clock = clock

    async def __call__(self, access: Access) -> Counters:
        """Return the counters of the citizen's inbox at this time."""
        now = self._clock.now()
        soon = InboxFilter(
            service_ids=access.service_ids,
            due_since=timestamp(now),
            due_until=timestamp(now + SOON),
        )
        return await self._counters.count(access.subject, soon)
