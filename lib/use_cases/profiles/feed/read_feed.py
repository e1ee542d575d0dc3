"""Read the subscriptions feed of a day."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import date

from lib.domain.profiles.errors import FeedNotAvailableError
from lib.domain.profiles.subscriptions import (
    CitizenHash,
    FeedEntry,
    is_kept,
    is_over,
    outcome_of,
    readable_from,
)
from lib.domain.services.service import Sender
from lib.domain.shared.identifiers import NO_SERVICE_ID
from lib.ports.clock import Clock
from lib.repositories.profiles.subscriptions_feed import SubscriptionsFeed


@dataclass(frozen=True, slots=True)
class DayOfFeed:
    """The citizens who began and who ceased to take the service's messages, by their hashes."""

    subscriptions: list[CitizenHash] = field(default_factory=list)
    unsubscriptions: list[CitizenHash] = field(default_factory=list)


class ReadFeed:
    """Return the feed of a day for a service.

    Cost: one query for each thousand entries of the profiles, and of the service. Memory: two pages
    of entries and the answer, with its JSON 260 bytes for each citizen in it.
    """

    def __init__(self, feed: SubscriptionsFeed, clock: Clock) -> None:
        self._feed = feed
        self._clock = clock

    async def __call__(self, sender: Sender, day: date) -> DayOfFeed:
        """Return the day's feed; raise FeedNotAvailableError for a day too late or too early."""
        now = self._clock.now()
        if not is_over(day, now):
            raise FeedNotAvailableError(
                "Data not available yet",
                f"Subscription data for {day} will be available from {readable_from(day)}",
            )
        if not is_kept(day, now):
            raise FeedNotAvailableError(
                "Data no longer available", f"Subscription data for {day} is no longer stored"
            )
        found = DayOfFeed()
        profiles = self._feed.entries(day, NO_SERVICE_ID)
        service = self._feed.entries(day, sender.service.id)
        async for profile, own in _joined(profiles, service):
            outcome = outcome_of(profile, own)
            citizen = (profile or own or _NOBODY).citizen
            if outcome == "SUBSCRIBED":
                found.subscriptions.append(citizen)
            elif outcome == "UNSUBSCRIBED":
                found.unsubscriptions.append(citizen)
        return found


_NOBODY = FeedEntry(CitizenHash(""), is_on=False, at="", settings_version=0)


async def _joined(
    left: AsyncIterator[FeedEntry], right: AsyncIterator[FeedEntry]
) -> AsyncIterator[tuple[FeedEntry | None, FeedEntry | None]]:
    """Yield the entries of each citizen; both iterators come in the order of the hashes."""
    one, other = await anext(left, None), await anext(right, None)
    while one is not None or other is not None:
        if other is None or (one is not None and one.citizen < other.citizen):
            yield one, None
            one = await anext(left, None)
        elif one is None or other.citizen < one.citizen:
            yield None, other
            other = await anext(right, None)
        else:
            yield one, other
            one, other = await anext(left, None), await anext(right, None)
