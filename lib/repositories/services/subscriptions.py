"""Store subscriptions and their keys: a document for each subscription and for each key's hash."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import NamedTuple, cast

from lib.domain.services.keys import KeySlot, StoredKey
from lib.domain.services.subscription import Subscription
from lib.ports.documents import Document, DocumentStore
from lib.ports.errors import ConflictError, NotFoundError
from lib.ports.schema.senders import SENDER_KEYS, SUBSCRIPTIONS
from lib.repositories.services.subscription_mapping import subscription_document, subscription_of
from lib.repositories.shared.optimistic import until_written


class StoredSubscription(NamedTuple):
    """A subscription and its keys by slot; without keys until their first request."""

    subscription: Subscription
    keys: Mapping[KeySlot, StoredKey]


class Subscriptions:
    """Read, create and change subscriptions.

    The subscription names the hash of each of its keys, and the document of a key names the
    subscription. A key works while its subscription names it. So one write replaces a key, and the
    old key does not work even if a crash leaves its document.
    """

    def __init__(self, store: DocumentStore) -> None:
        self._store = store

    async def get(self, id_: str) -> StoredSubscription | None:
        """Return the subscription, None if it is not stored. Cost: one point read."""
        try:
            document = (await self._store.read(SUBSCRIPTIONS, id_, id_)).document
        except NotFoundError:
            return None
        return StoredSubscription(subscription_of(document), keys_of(document))

    async def create(self, subscription: Subscription) -> bool:
        """Store a new subscription without keys; return False if its id exists."""
        try:
            await self._store.create(SUBSCRIPTIONS, subscription_document(subscription))
        except ConflictError:
            return False
        return True

    async def change(
        self, id_: str, change: Callable[[Subscription], Subscription]
    ) -> Subscription | None:
        """Store the result of `change` on the subscription; None if it is not stored.

        The keys stay, and so do fields that later versions have stored.
        """

        async def attempt() -> Subscription:
            stored = await self._store.read(SUBSCRIPTIONS, id_, id_)
            before = subscription_of(stored.document)
            after = change(before)
            if after != before:
                document = {**stored.document, **subscription_document(after)}
                await self._store.replace(SUBSCRIPTIONS, document, if_match=stored.etag)
            return after

        if await self.get(id_) is None:
            return None
        return await until_written("the subscription", attempt)

    async def suspend(self, id_: str) -> None:
        """Refuse the subscription's keys from now on; other processes follow after their cache."""
        await self.change(id_, lambda one: replace(one, state="SUSPENDED"))

    async def put_keys(
        self, id_: str, made: Mapping[KeySlot, StoredKey], *, only_first: bool = False
    ) -> Mapping[KeySlot, StoredKey]:
        """Replace keys of a subscription, and return its keys before the change.

        `only_first`: write only if the subscription has no keys. Raise NotFoundError for a
        subscription that is not stored.
        Concurrency: the last of several calls for a slot wins; keys of earlier calls do not work.
        """
        await self._store.read(SUBSCRIPTIONS, id_, id_)
        for slot, key in made.items():
            document = {"id": key.hash, "subscription_id": id_, "slot": slot}
            await self._store.upsert(SENDER_KEYS, document)

        async def attempt() -> Mapping[KeySlot, StoredKey]:
            stored = await self._store.read(SUBSCRIPTIONS, id_, id_)
            before = keys_of(stored.document)
            if only_first and before:
                return before
            keys = {**stored.document.get("keys", {}), **_stored(made)}
            document = {**stored.document, "keys": keys}
            await self._store.replace(SUBSCRIPTIONS, document, if_match=stored.etag)
            return before

        before = await until_written("the subscription", attempt)
        unused = made if only_first and before else {s: before[s] for s in made if s in before}
        for key in unused.values():
            await self._forget(key.hash)
        return before

    async def _forget(self, key_hash: str) -> None:
        try:
            await self._store.delete(SENDER_KEYS, key_hash, key_hash)
        except NotFoundError:
            return


def keys_of(document: Document) -> Mapping[KeySlot, StoredKey]:
    """Return the keys that a subscription's document names."""
    return {
        cast("KeySlot", slot): StoredKey(key["hash"], key["tail"], key["created_at"])
        for slot, key in document.get("keys", {}).items()
    }


def _stored(keys: Mapping[KeySlot, StoredKey]) -> Document:
    return {
        slot: {"hash": key.hash, "tail": key.tail, "created_at": key.created_at}
        for slot, key in keys.items()
    }
