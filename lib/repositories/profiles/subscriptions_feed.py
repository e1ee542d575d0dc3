"""Store the subscriptions feed: for each day, the last switch of each citizen.

The partition `scope` is a day, or a day and a service. The id is the citizen's hash, so a page of a
query continues in the order of the hashes, and a citizen has one entry in a scope.
"""

from collections.abc import AsyncIterator
from datetime import date
from typing import Final

from lib.domain.profiles.subscriptions import CitizenHash, FeedEntry
from lib.domain.shared.identifiers import ServiceId
from lib.ports.documents import Document, DocumentStore, Query
from lib.ports.errors import ConflictError, NotFoundError
from lib.ports.schema.citizens import SUBSCRIPTIONS_FEED
from lib.repositories.shared.optimistic import until_written

ENTRIES_OF_A_PAGE: Final = 1000


class SubscriptionsFeed:
    """Write and read entries. `service_id`: empty for the level of the profile."""

    def __init__(self, store: DocumentStore) -> None:
        self._store = store

    async def has(self, day: date, service_id: ServiceId, entry: FeedEntry) -> bool:
        """Tell whether the day has this entry of the citizen, or a later one.

        Cost: one point read.
        """
        scope = _scope(day, service_id)
        try:
            stored = await self._store.read(SUBSCRIPTIONS_FEED, scope, entry.citizen)
        except NotFoundError:
            return False
        return _entry(stored.document).at >= entry.at

    async def put(self, day: date, service_id: ServiceId, entry: FeedEntry) -> None:
        """Store the entry, unless the day has this entry or a later one; raise UnavailableError.

        Cost: one create; one read and one replace more where the day has an entry of the citizen.
        """
        document: Document = {
            "id": entry.citizen,
            "scope": _scope(day, service_id),
            "is_on": entry.is_on,
            "at": entry.at,
            "settings_version": entry.settings_version,
        }
        try:
            await self._store.create(SUBSCRIPTIONS_FEED, document)
        except ConflictError:
            await until_written("an entry of the feed", lambda: self._replace(document))

    async def _replace(self, document: Document) -> None:
        scope, citizen = document["scope"], document["id"]
        stored = await self._store.read(SUBSCRIPTIONS_FEED, scope, citizen)
        if stored.document["at"] < document["at"]:
            await self._store.replace(SUBSCRIPTIONS_FEED, document, if_match=stored.etag)

    async def entries(self, day: date, service_id: ServiceId) -> AsyncIterator[FeedEntry]:
        """Yield the entries of a day in the order of the hashes.

        Cost: one query for each ENTRIES_OF_A_PAGE entries; one page of them is in memory.
        """
        scope, continuation, is_first = _scope(day, service_id), None, True
        while is_first or continuation:
            is_first = False
            query = Query(scope, limit=ENTRIES_OF_A_PAGE, continuation=continuation)
            page = await self._store.query(SUBSCRIPTIONS_FEED, query)
            continuation = page.continuation
            for document in page.items:
                yield _entry(document)


def _scope(day: date, service_id: ServiceId) -> str:
    return f"{day.isoformat()}-{service_id}" if service_id else day.isoformat()


def _entry(document: Document) -> FeedEntry:
    return FeedEntry(
        CitizenHash(document["id"]),
        document["is_on"],
        document["at"],
        document["settings_version"],
    )
