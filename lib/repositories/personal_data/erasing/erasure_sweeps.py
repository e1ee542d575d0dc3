"""Find documents that name one citizen by queries over all partitions, and erase the name.

Only an erasure may call this module, which is rare: a query costs some RU for each physical
partition.
"""

import contextlib
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any, Final

from lib.domain.personal_data.erasure_request import NOBODY
from lib.domain.profiles.subscriptions import CitizenHash
from lib.domain.shared.values import timestamp
from lib.ports.documents import (
    ByField,
    Condition,
    Container,
    Document,
    DocumentStore,
    InLists,
    PatchOperation,
    Sweep,
)
from lib.ports.errors import NotFoundError
from lib.ports.schema.citizens import SUBSCRIPTIONS_FEED
from lib.ports.schema.containers import CONTAINERS
from lib.ports.schema.notifications import PUSH_CHANNELS, SCHEDULE
from lib.repositories.shared.optimistic import until_written

_MOST: Final = 1000


class ErasureSweeps:
    """Erase a citizen in all containers that declare a field or lists for it."""

    def __init__(self, store: DocumentStore) -> None:
        self._store = store

    async def erase(self, fiscal_code: str) -> None:
        """Erase the citizen; a repeated call erases what came since. Raise UnavailableError.

        Cost: one search of all partitions for each of the containers, and one more where it found
        something; one write for each document found; one read more for each one with a list.
        """
        for container in CONTAINERS:
            how = container.erasure
            if isinstance(how, ByField):
                await self._by_field(container, how, fiscal_code)
            elif isinstance(how, InLists):
                for field in how.fields:
                    await self._in_list(container, how, field, fiscal_code)

    async def archives(self, fiscal_code: str) -> list[str]:
        """Return the archives of the citizen's data that the schedule is to delete.

        Cost: one search of all partitions.
        """
        where = (Condition("item.fiscal_code", "=", fiscal_code),)
        found = await self._store.sweep(SCHEDULE, Sweep(where, _MOST, ("item",)))
        return [name for one in found if (name := one["item"].get("expired")) is not None]

    async def channels(self, pseudonym: str) -> list[str]:
        """Return the push channels that have this owner. Cost: one search of all partitions."""
        where = (Condition("owner", "=", pseudonym),)
        found = await self._store.sweep(PUSH_CHANNELS, Sweep(where, _MOST, ("id",)))
        return [one["id"] for one in found]

    async def leave_feed(self, citizen: CitizenHash, since: datetime, life: timedelta) -> None:
        """Delete the entries of the feed from before, and let the others live so long.

        Cost: two searches of all partitions, a write for each entry.
        """
        own, start = Condition("id", "=", citizen), timestamp(since)
        patch = [PatchOperation("set", "/ttl", int(life.total_seconds()))]
        key = SUBSCRIPTIONS_FEED.partition_key

        async def delete(found: Document) -> None:
            await self._store.delete(SUBSCRIPTIONS_FEED, found[key], found["id"])

        async def expire(found: Document) -> None:
            await self._store.patch(SUBSCRIPTIONS_FEED, found[key], found["id"], patch)

        await self._each(SUBSCRIPTIONS_FEED, (own, Condition("at", "<", start)), delete)
        await self._each(SUBSCRIPTIONS_FEED, (own, Condition("at", ">=", start)), expire)

    async def _by_field(self, container: Container, how: ByField, fiscal_code: str) -> None:
        key = container.partition_key
        where = (Condition(how.field, "=", fiscal_code),)
        patch = None
        if how.keeps is not None:
            patch = [
                PatchOperation("set", f"/{how.field.replace('.', '/')}", NOBODY),
                *(PatchOperation("set", f"/{field}", None) for field in how.keeps),
            ]

        async def erase(found: Document) -> None:
            if patch is None:
                await self._store.delete(container, found[key], found["id"])
            else:
                await self._store.patch(container, found[key], found["id"], patch)

        await self._each(container, where, erase)

    async def _in_list(
        self, container: Container, how: InLists, field: str, fiscal_code: str
    ) -> None:
        key = container.partition_key

        async def erase(found: Document) -> None:
            stored = await self._store.read(container, found[key], found["id"])
            document = _without(stored.document, fiscal_code, how.fields)
            await self._store.replace(container, document, if_match=stored.etag)

        async def erase_at_last(found: Document) -> None:
            with contextlib.suppress(NotFoundError):
                await self._store.read(container, found[key], found["id"])
                await until_written("a list of citizens", lambda: erase(found))

        await self._each(container, (Condition(field, "has", fiscal_code),), erase_at_last)

    async def _each(
        self,
        container: Container,
        where: tuple[Condition, ...],
        erase: Callable[[Document], Awaitable[None]],
    ) -> None:
        fields = tuple(dict.fromkeys(("id", container.partition_key)))
        sweep = Sweep(where, _MOST, fields)
        erased: set[tuple[str, str]] = set()
        while found := await self._store.sweep(container, sweep):
            new = [one for one in found if (one[fields[-1]], one["id"]) not in erased]
            if not new:
                # the query does not see the last writes yet
                return
            for one in new:
                with contextlib.suppress(NotFoundError):
                    await erase(one)
                erased.add((one[fields[-1]], one["id"]))


def _without(value: Any, fiscal_code: str, lists: tuple[str, ...], path: str = "") -> Any:
    """Return the value without the citizen in these lists, and with nobody's name elsewhere."""
    if isinstance(value, dict):
        return {
            name: _without(one, fiscal_code, lists, f"{path}.{name}" if path else name)
            for name, one in value.items()
        }
    if isinstance(value, list):
        kept = [one for one in value if path not in lists or one != fiscal_code]
        return [_without(one, fiscal_code, lists) for one in kept]
    return NOBODY if value == fiscal_code else value
