"""Count an event of a message in its sender's statistics, once."""

from datetime import timedelta
from typing import Final

from lib import telemetry
from lib.domain.shared.values import parse_timestamp
from lib.ports.clock import Clock
from lib.ports.queueing.delays import GIVE_UP_SECONDS
from lib.ports.queueing.items.messages import SenderEvent
from lib.repositories.statistics.statistics import Statistics

COUNTED_WITHIN: Final = timedelta(days=90, seconds=GIVE_UP_SECONDS)
"""The maximum life of an item and then of its dead letter."""
MARK_TTL: Final = int((COUNTED_WITHIN + timedelta(days=1)).total_seconds())
"""The time to live of the mark, in seconds: a day longer, since clocks may differ."""


class CountSenderEvent:
    """Add an event to its service's statistics of the day.

    Cost: see Statistics.count.
    Concurrency: a repeated event is counted once.
    """

    def __init__(self, statistics: Statistics, clock: Clock) -> None:
        self._statistics = statistics
        self._clock = clock

    async def __call__(self, item: SenderEvent) -> None:
        """Count the event; skip an event whose mark may have expired."""
        now = self._clock.now()
        if now - parse_timestamp(item.noted_at) >= COUNTED_WITHIN:
            telemetry.event_counted(item.event, "LATE")
            return
        counted = await self._statistics.count(
            item.service_id,
            item.message_id,
            now,
            day=item.day,
            key=item.key,
            counter=item.counter,
            mark_ttl=MARK_TTL,
        )
        telemetry.event_counted(item.event, "COUNTED" if counted else "REPEATED")
