"""Authenticate the holder of a sender key."""

from collections.abc import Callable
from typing import NamedTuple

from lib import telemetry
from lib.domain.identity.errors import InvalidSenderKeyError
from lib.domain.services.subscription import KeyHolder
from lib.domain.shared.pseudonym import RotatingPseudonyms
from lib.ports.clock import Clock
from lib.ports.errors import UnavailableError
from lib.repositories.services.key_holders import KeyHolders
from lib.use_cases.identity.failed_calls import FailedCalls


class KnownKey(NamedTuple):
    """A key that is valid: its holder, and the keyed hash under which the store has it."""

    holder: KeyHolder
    hash: str


class AuthenticateKey:
    """Find the holder of a key by the keyed hash of the key.

    The store has only hashes of keys, and the hash is the id of the document. So the code compares
    no secrets.
    Cost: no read for a cached key, else four point reads. No read for an address with too many
    failures, so that an attacker does not use up the capacity for senders.
    """

    def __init__(self, holders: KeyHolders, hashes: RotatingPseudonyms, clock: Clock) -> None:
        self._holders = holders
        self._hashes = hashes
        self._clock = clock
        self._failed = FailedCalls()

    async def __call__(
        self, key: str | None, address: Callable[[], str | None] = lambda: None
    ) -> KeyHolder:
        """Return the key's holder. `address` returns that of the caller.

        Raise InvalidSenderKeyError, TooManyFailuresError.
        """
        return (await self.known(key, address)).holder

    async def known(
        self, key: str | None, address: Callable[[], str | None] = lambda: None
    ) -> KnownKey:
        """Return the holder and the hash of a key; see the call."""
        if not key:
            raise InvalidSenderKeyError(missing=True)
        return await self._valid(self._hashes.all_of(key), address)

    async def by_hash(self, key_hash: str, address: Callable[[], str | None]) -> KeyHolder:
        """Return the holder of a key that was known before; see the call."""
        return (await self._valid((key_hash,), address)).holder

    async def _valid(self, hashes: tuple[str, ...], address: Callable[[], str | None]) -> KnownKey:
        found = await self._find(hashes, address)
        if found is None or found.holder.subscription.has_ended(self._clock.now()):
            raise InvalidSenderKeyError(missing=False)
        return found

    async def _find(
        self, hashes: tuple[str, ...], address_of: Callable[[], str | None]
    ) -> KnownKey | None:
        """Return the key's holder; a key that was valid lately is always looked up."""
        if any(self._holders.knew(key_hash) for key_hash in hashes):
            found = await self._look_up(hashes)
            if found is None:
                self._failed.add(address_of(), 1)
            return found
        address = address_of()
        self._failed.admit(address)
        try:
            found = await self._look_up(hashes)
        except UnavailableError:
            self._failed.add(address, -1)
            raise
        if found is not None:
            self._failed.add(address, -1)
        return found

    async def _look_up(self, hashes: tuple[str, ...]) -> KnownKey | None:
        """Look up the key under the current secret, then under the previous secret."""
        for number, key_hash in enumerate(hashes):
            holder = await self._holders.by_key_hash(key_hash)
            if holder is not None:
                if number > 0:
                    telemetry.previous_secret_used("KEY_HASH_SECRET", holder.subscription.id)
                return KnownKey(holder, key_hash)
        return None
