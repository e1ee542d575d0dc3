"""Write the entries of the subscriptions feed that a switch makes."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Final

from lib.domain.profiles.subscriptions import CLOSING, FeedEntry, hash_of
from lib.domain.profiles.switches import Switch
from lib.domain.shared.identifiers import NO_SERVICE_ID, ServiceId
from lib.domain.shared.values import parse_timestamp
from lib.ports.clock import Clock
from lib.ports.errors import UnavailableError
from lib.ports.queueing.items.citizens import SubscriptionSwitched
from lib.repositories.profiles.profiles import Profiles
from lib.repositories.profiles.subscriptions_feed import SubscriptionsFeed

SLOW: Final = timedelta(minutes=10)
"""A switch that is not stored after this time never will be: another write came first."""


class FollowSwitch:
    """Bring a switch into the feed of its day.

    A switch that is processed after the end of its day also goes into the feed of the present day,
    since a reader may have read its own day by then.
    Cost: one point read and one create; one read and one replace more where the citizen has another
    switch on that day. An inbox that is switched on or off: one query for each hundred choices of
    the citizen, and a create for each choice that changes with it.
    Concurrency: the later switch of a day holds, in whatever order the items come. A repeated item
    changes nothing.
    """

    def __init__(self, profiles: Profiles, feed: SubscriptionsFeed, clock: Clock) -> None:
        self._profiles = profiles
        self._feed = feed
        self._clock = clock

    async def __call__(self, item: SubscriptionSwitched) -> None:
        """Write the entries; do nothing for a switch that was not stored.

        Raise UnavailableError, also while the write of the switch may still come.
        """
        switch = await self._switch(item)
        if switch is None:
            if self._clock.now() - parse_timestamp(item.at) < SLOW:
                raise UnavailableError("the switch is not visible yet")
            return
        if switch.is_on is not None:
            await self._put(item, switch, item.service_id, is_on=switch.is_on)
        async for service_id, is_on in self._services(item.fiscal_code, switch):
            await self._put(item, switch, service_id, is_on=is_on)

    async def _switch(self, item: SubscriptionSwitched) -> Switch | None:
        if item.service_id == NO_SERVICE_ID:
            profile = await self._profiles.settings(item.fiscal_code)
            kept = profile.settings.switches if profile else ()
        else:
            choice = await self._profiles.stored_preference(item.fiscal_code, item.service_id)
            kept = choice.switches if choice else ()
        return next((one for one in kept if one.at == item.at), None)

    async def _services(
        self, fiscal_code: str, switch: Switch
    ) -> AsyncIterator[tuple[ServiceId, bool]]:
        """Yield the services that the switch opens or closes beside those without a choice."""
        listed, wanted = dict(switch.services), switch.choices
        continuation, is_first = None, True
        while wanted is not None and (is_first or continuation):
            is_first = False
            page, continuation = await self._profiles.choices(fiscal_code, continuation)
            for service_id, choice in page:
                if choice.settings_version != wanted.settings_version:
                    continue
                # a choice counts more than a list of the mode LEGACY
                listed.pop(service_id, None)
                if choice.is_inbox_enabled is wanted.having:
                    yield service_id, wanted.become
        for service_id, is_on in listed.items():
            yield service_id, is_on

    async def _put(
        self, item: SubscriptionSwitched, switch: Switch, service_id: ServiceId, *, is_on: bool
    ) -> None:
        citizen = hash_of(item.fiscal_code)
        entry = FeedEntry(citizen, is_on, switch.at, switch.settings_version)
        present = (self._clock.now() + CLOSING).date()
        if present > switch.day:
            if await self._feed.has(switch.day, service_id, entry):
                return
            # the present day first: the entry of its own day marks a switch that is done
            await self._feed.put(present, service_id, entry)
        await self._feed.put(switch.day, service_id, entry)
