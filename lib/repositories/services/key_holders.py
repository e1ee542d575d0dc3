"""Read the holders of sender keys, and cache them, since every call needs them."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

from cachetools import LRUCache

from lib.domain.services.keys import KeySlot
from lib.domain.services.service import Service
from lib.domain.services.subscription import KeyHolder, Subscription
from lib.domain.shared.identifiers import ServiceId
from lib.ports.documents import Document, DocumentStore
from lib.ports.errors import LimitError, NotFoundError
from lib.ports.schema.senders import SENDER_KEYS, SERVICES, SUBSCRIPTIONS
from lib.repositories.services.service_mapping import service_of
from lib.repositories.services.subscription_mapping import (
    subscription_of,
    subscription_of_former_key,
    subscription_of_key,
)
from lib.repositories.services.subscriptions import keys_of
from lib.repositories.shared.loading_cache import MAX_ENTRIES, LoadingCache

WRONG_SECONDS = 5
"""The life, in seconds, of the cached fact that a key does not exist; then a new key works."""

type StandingOf = Callable[[Subscription, Service | None], Awaitable[KeyHolder | None]]
"""Returns the holder of a subscription's keys with its present rights; None: no rights."""


class KeyHolders:
    """Find the holders of keys by the hash of the key; a cached holder is at most `remember` old.

    Cost: three point reads for a key that is not cached, two if its subscription names no service,
    one for a key that does not exist; and what `standing` costs for an active one.
    """

    def __init__(self, store: DocumentStore, remember: timedelta, standing: StandingOf) -> None:
        self._store = store
        self._standing = standing
        self._holders = LoadingCache(
            self._load, seconds=remember.total_seconds(), absent_seconds=WRONG_SECONDS
        )
        self._valid = LRUCache[str, None](MAX_ENTRIES)
        self._by_subscription = LoadingCache(
            self._load_named, seconds=remember.total_seconds(), absent_seconds=WRONG_SECONDS
        )

    def knew(self, key_hash: str) -> bool:
        """Tell whether the key was valid at its last lookup, or a lookup is running."""
        return key_hash in self._valid or key_hash in self._holders

    async def by_key_hash(self, key_hash: str) -> KeyHolder | None:
        """Return the holder; None if no key of an active subscription has this hash."""
        return await self._holders.get(key_hash)

    async def by_subscription(self, id_: str) -> KeyHolder | None:
        """Return the holder of an active subscription; None where there is none with this id."""
        return await self._by_subscription.get(id_)

    async def present(
        self, subscription_id: str, service_id: ServiceId, user_id: str
    ) -> KeyHolder | None:
        """Return the holder of the subscription with its present rights; None where it has none.

        A key of version 2026.11 has no subscription, so its own groups are not known: its holder
        has all groups, restricted by the state of its organisation alone.
        Cost: two point reads for a service without a subscription; none for a cached one.
        """
        holder = await self.by_subscription(subscription_id)
        if holder is not None or subscription_id != service_id:
            return holder
        try:
            await self._store.read(SUBSCRIPTIONS, service_id, service_id)
        except NotFoundError:
            try:
                return await self._holder(subscription_of_former_key(service_id, user_id))
            except NotFoundError:
                # the service is gone
                return None
        return None

    async def _load_named(self, id_: str) -> KeyHolder | None:
        try:
            stored = (await self._store.read(SUBSCRIPTIONS, id_, id_)).document
            return await self._holder(subscription_of(stored))
        except (NotFoundError, LimitError):  # the id comes from outside, and may be none
            return None

    async def _load(self, key_hash: str) -> KeyHolder | None:
        holder = None
        try:
            subscription, slot = await self._subscription(key_hash)
            holder = await self._holder(subscription)
            if holder is not None and slot is not None:
                holder = replace(holder, slot=slot)
        except NotFoundError:
            holder = None
        if holder is None:
            self._valid.pop(key_hash, None)
        else:
            self._valid[key_hash] = None
        return holder

    async def _subscription(self, key_hash: str) -> tuple[Subscription | None, KeySlot | None]:
        """Return the subscription of the key, None for a replaced key; and the slot of the key."""
        key = (await self._store.read(SENDER_KEYS, key_hash, key_hash)).document
        if "subscription_id" not in key:
            return subscription_of_key(key), None
        id_ = key["subscription_id"]
        stored = (await self._store.read(SUBSCRIPTIONS, id_, id_)).document
        return subscription_of(stored) if _is_named(stored, key) else None, key.get("slot")

    async def _holder(self, subscription: Subscription | None) -> KeyHolder | None:
        """Return the holder; None for a subscription that is suspended or None."""
        if subscription is None or not subscription.is_active:
            return None
        service = await self._service(subscription.service_id)
        return await self._standing(subscription, service)

    async def _service(self, id_: str | None) -> Service | None:
        if id_ is None:
            return None
        return service_of((await self._store.read(SERVICES, id_, id_)).document)


def _is_named(subscription: Document, key: Document) -> bool:
    """Tell whether the subscription still names the key; the document of a replaced key may remain.

    The keys of the sandbox and of the first operator have no slot, and are never replaced.
    """
    if "slot" not in key:
        return True
    named = keys_of(subscription).get(key["slot"])
    return named is not None and named.hash == key["id"]
