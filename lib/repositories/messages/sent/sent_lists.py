"""Read the list of sent messages: pages, changes, and counts by day and status."""

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain
from typing import Any, Final

from lib.domain.messages.message_parts import ListedStatus
from lib.domain.messages.sent_entry import SentEntry
from lib.domain.shared.identifiers import MessageId, Reference, ServiceId
from lib.domain.statistics.statistics import MAX_DAYS
from lib.ports.documents import Condition, Document, DocumentStore, Query, QueryPage
from lib.ports.schema.messages import SENT_MESSAGES
from lib.repositories.messages.sent.sent_mapping import (
    ABOVE_ALL_IDS,
    SHARDS,
    account_key,
    counter_parts,
    day_id,
    day_of,
    entry_from,
    partitions_of,
    place_of,
)
from lib.repositories.statistics.tallies import Tallies

_SPARE: Final = 8
"""The entries that a part gives beyond its share, so that most pages are full."""
_NONE_BELOW: Final = MessageId("0")


@dataclass(frozen=True, slots=True)
class SentFilter:
    """The messages that a caller asks for: `above` <= id < `below`.

    `account`: only the messages that this account sent, None for all of the service.
    """

    service_id: ServiceId
    account: str | None = None
    status: ListedStatus | None = None
    reference: Reference | None = None
    above: MessageId = _NONE_BELOW
    below: MessageId = ABOVE_ALL_IDS

    def between(self, above: MessageId, below: MessageId) -> "SentFilter":
        """Return the filter with these bounds."""
        return replace(self, above=above, below=below)


@dataclass(frozen=True, slots=True)
class SentPage:
    """A page of entries, in order. `more`: the list goes on after `end`.

    `end`: the place of the last entry, None for a page without entries.
    """

    entries: list[SentEntry]
    more: bool
    end: Any


class SentLists:
    """Read the entries of a service from all of its parts. Cost: one query for each part."""

    def __init__(self, store: DocumentStore) -> None:
        self._store = store
        self._tallies = Tallies(store, SENT_MESSAGES)

    @staticmethod
    def place_at(at: str) -> str:
        """Return the place before all changes of this time, as `values.timestamp` writes it."""
        return place_of(at)

    async def page(self, wanted: SentFilter, size: int) -> SentPage:
        """Return up to `size` messages of the service, the newest first.

        A page may be shorter than `size` and have more after it.
        """
        where = conditions_of(wanted)
        pages = await self._query(
            wanted.service_id,
            lambda part: Query(part, limit=share(size), where=where, descending=True),
        )
        found, more = merged(pages, lambda document: document["id"], size, descending=True)
        return SentPage(
            [entry_from(one) for one in found], more, found[-1]["id"] if found else None
        )

    async def changes(
        self, service_id: ServiceId, account: str | None, after: str, before: str, size: int
    ) -> SentPage:
        """Return up to `size` entries with a place after `after` and before `before`, in order."""
        where = [Condition("changed", ">", after), Condition("changed", "<", before)]
        if account is not None:
            where.append(Condition("sender_user_id", "=", account))
        pages = await self._query(
            service_id,
            lambda part: Query(part, limit=share(size), where=tuple(where), order_by="changed"),
        )
        found, more = merged(pages, lambda document: document["changed"], size)
        end = found[-1]["changed"] if found else None
        return SentPage([entry_from(one) for one in found], more, end)

    async def fold(self, service_id: ServiceId, week: date) -> None:
        """Store the counts of a week; see `Tallies.fold`."""
        await self._tallies.fold(service_id, partitions_of(service_id), week)

    async def days(
        self, service_id: ServiceId, account: str | None, first: date, last: date, today: date
    ) -> Mapping[date, Counter[str]]:
        """Return the counts by status of each day of the period, at most MAX_DAYS days.

        Cost: one query for each part, and that of `Tallies.read`.
        """
        where = (Condition("id", ">=", day_id(first)), Condition("id", "<=", day_id(last)))
        fields = ("id", "counters")
        counted, pages = await asyncio.gather(
            self._tallies.read(service_id, partitions_of(service_id), first, last, today),
            self._query(
                service_id, lambda part: Query(part, limit=MAX_DAYS, where=where, fields=fields)
            ),
        )
        changed = (
            (day_of(document["id"]), document["counters"])
            for page in pages
            for document in page.items
        )
        wanted = None if account is None else account_key(account)
        days: dict[date, Counter[str]] = {}
        for day, counters in chain(counted.items(), changed):
            for counter, count in counters.items():
                sender, status = counter_parts(counter)
                if wanted in {None, sender}:
                    days.setdefault(day, Counter())[status] += count
        return days

    async def _query(self, service_id: ServiceId, query: Callable[[str], Query]) -> list[QueryPage]:
        return await asyncio.gather(
            *(self._store.query(SENT_MESSAGES, query(part)) for part in partitions_of(service_id))
        )


def conditions_of(wanted: SentFilter) -> tuple[Condition, ...]:
    """Return the conditions of a filter within one part."""
    named = {
        "status": wanted.status,
        "reference": wanted.reference,
        "sender_user_id": wanted.account,
    }
    return (
        Condition("id", ">=", wanted.above),
        Condition("id", "<", wanted.below),
        *(Condition(name, "=", value) for name, value in named.items() if value is not None),
    )


def share(size: int) -> int:
    """Return the most entries that each part gives for a page of this size."""
    return min(size, 2 * size // SHARDS + _SPARE)


def merged(
    pages: list[QueryPage],
    place: Callable[[Document], str],
    size: int,
    *,
    descending: bool = False,
) -> tuple[list[Document], bool]:
    """Merge pages of several queries into one page without a gap; tell whether more follows.

    A part that has more entries than it gave ends the page at its last entry, since the next entry
    of the list may be one that this part did not give.
    """
    found = sorted(
        (document for page in pages for document in page.items), key=place, reverse=descending
    )
    ends = [place(page.items[-1]) for page in pages if page.continuation is not None]
    if ends:
        end = max(ends) if descending else min(ends)
        found = [one for one in found if (place(one) >= end if descending else place(one) <= end)]
    return found[:size], bool(ends) or len(found) > size
