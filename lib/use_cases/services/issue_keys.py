"""Make the keys of a subscription, show them once, and replace one of them."""

from collections.abc import Mapping
from typing import NamedTuple

from lib.domain.services.errors import SubscriptionNotFoundError
from lib.domain.services.keys import SLOTS, KeySlot, StoredKey, new_key, tail_of
from lib.domain.shared.pseudonym import RotatingPseudonyms
from lib.domain.shared.values import timestamp
from lib.ports.clock import Clock
from lib.ports.errors import NotFoundError
from lib.repositories.services.subscriptions import Subscriptions


class ShownKeys(NamedTuple):
    """The two keys as the sender sees them: in full the first time, then masked."""

    primary: str
    secondary: str


class IssueKeys:
    """Show a subscription's keys, and replace one of them.

    Only a keyed hash of each key is stored, so only the answer that makes a key shows it. A sender
    that lost the answer replaces the key.
    """

    def __init__(
        self, subscriptions: Subscriptions, hashes: RotatingPseudonyms, clock: Clock
    ) -> None:
        self._subscriptions = subscriptions
        self._hashes = hashes
        self._clock = clock

    async def show(self, subscription_id: str) -> ShownKeys:
        """Return both keys: in full if this call makes them, else masked.

        Raise SubscriptionNotFoundError.
        Cost: one point read; six operations more the first time.
        Concurrency: one of several first calls gets the keys in full, the other calls masked.
        """
        stored = await self._subscriptions.get(subscription_id)
        if stored is None:
            raise SubscriptionNotFoundError
        if stored.keys:
            return _masked(stored.keys)
        keys: dict[KeySlot, str] = {slot: new_key() for slot in SLOTS}
        made = {slot: self._stored(key) for slot, key in keys.items()}
        before = await self._subscriptions.put_keys(subscription_id, made, only_first=True)
        if before:
            return _masked(before)
        return ShownKeys(keys["primary"], keys["secondary"])

    async def replace(self, subscription_id: str, slot: KeySlot) -> ShownKeys:
        """Make a new key in a slot; return this key in full and the other key masked.

        The other slot gets a key too if the subscription has no keys yet. Raise
        SubscriptionNotFoundError.
        Concurrency: a process that has the replaced key in its cache refuses it after the life of
        that copy, at most a minute.
        """
        stored = await self._subscriptions.get(subscription_id)
        if stored is None:
            raise SubscriptionNotFoundError
        if not stored.keys:
            return await self.show(subscription_id)
        key = new_key()
        made = {slot: self._stored(key)}
        try:
            await self._subscriptions.put_keys(subscription_id, made)
        except NotFoundError:
            raise SubscriptionNotFoundError from None
        shown: dict[KeySlot, str] = {one: stored.keys[one].masked for one in stored.keys}
        shown[slot] = key
        return ShownKeys(shown["primary"], shown["secondary"])

    def _stored(self, key: str) -> StoredKey:
        return StoredKey(self._hashes.of(key), tail_of(key), timestamp(self._clock.now()))


def _masked(keys: Mapping[KeySlot, StoredKey]) -> ShownKeys:
    return ShownKeys(keys["primary"].masked, keys["secondary"].masked)
