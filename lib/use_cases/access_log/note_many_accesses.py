"""Note that a sender learned of many citizens at once, in the access log of each."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from itertools import batched
from typing import Final

from lib import telemetry
from lib.domain.access_log.access_entry import AccessEntry, Action, Actor, ActorKind
from lib.domain.shared.identifiers import NO_SERVICE_ID, FiscalCode
from lib.domain.shared.values import parse_timestamp
from lib.ports.clock import Clock
from lib.ports.errors import PortError
from lib.ports.queue import Queue
from lib.ports.queueing.items.citizens import CitizensLookedUp
from lib.ports.queueing.names import CITIZENS_LOOKED_UP
from lib.repositories.access_log.access_entries import AccessEntries
from lib.repositories.profiles.many_profiles import ManyProfiles

MOST_OF_AN_ITEM: Final = 1000
"""The citizens of one item, whose text has room for twice as many."""
LATE: Final = timedelta(minutes=20)
"""Shorter than the time between two stages of an erasure."""
_AT_ONCE: Final = 20


class NoteManyAccesses:
    """Queue the entries of a call about many citizens, and write them.

    A call waits for no write of an entry, and each answer that leaves has its items. As with one
    citizen, an outage fails no call: it is logged and counted.
    """

    def __init__(
        self, entries: AccessEntries, profiles: ManyProfiles, queue: Queue, clock: Clock
    ) -> None:
        self._entries = entries
        self._profiles = profiles
        self._queue = queue
        self._clock = clock

    async def __call__(self, fiscal_codes: Sequence[str], actor: Actor, at: str) -> None:
        """Queue the entries. Cost: one put for each MOST_OF_AN_ITEM citizens."""
        for part in batched(dict.fromkeys(fiscal_codes), MOST_OF_AN_ITEM, strict=False):
            item = CitizensLookedUp(
                fiscal_codes=tuple(map(FiscalCode, part)),
                at=at,
                service_id=actor.service_id or NO_SERVICE_ID,
                service_name=actor.service_name,
                organization_fiscal_code=actor.organization_fiscal_code,
                organization_name=actor.organization_name,
            )
            text = telemetry.stamped(item, self._clock.now()).text()
            try:
                await self._queue.put(CITIZENS_LOOKED_UP, text)
            except PortError as error:
                telemetry.access_unnoted(error)

    async def write(self, item: CitizensLookedUp) -> None:
        """Write the entries of an item. Raise UnavailableError.

        An item that comes late, after an outage, makes no entry for who has no profile by then: an
        erasure may have ended, and nothing may bring the citizen back.
        Cost: one create for each citizen; for a late item one read in bulk.
        Concurrency: a repeated item changes nothing.
        """
        actor = Actor(
            ActorKind.SENDER,
            service_id=item.service_id,
            service_name=item.service_name,
            organization_fiscal_code=item.organization_fiscal_code,
            organization_name=item.organization_name,
        )
        entry = AccessEntry(item.at, actor, Action.PROFILE_READ)
        codes: Sequence[str] = item.fiscal_codes
        if self._clock.now() - parse_timestamp(item.at) >= LATE:
            codes = tuple(await self._profiles.profiles(codes))
        free = asyncio.Semaphore(_AT_ONCE)

        async def add(fiscal_code: str) -> None:
            async with free:
                await self._entries.add(FiscalCode(fiscal_code), entry)

        await asyncio.gather(*map(add, codes))
