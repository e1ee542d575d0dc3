"""Authenticate the holder of a sender key."""

from collections.abc import Callable

from lib import telemetry
from lib.domain.identity.errors import InvalidSenderKeyError
from lib.domain.services.subscription import KeyHolder
from lib.domain.shared.pseudonym import RotatingPseudonyms
from lib.ports.clock import Clock
from lib.ports.errors import UnavailableError
from lib.repositories.services.key_holders import KeyHolders
from lib.use_cases.identity.failed_calls import FailedCalls


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
        if not key:
            raise InvalidSenderKeyError(missing=True)
        holder = await self._find(self._hashes.all_of(key), address)
        if holder is None or holder.subscription.has_ended(self._clock.now()):
            raise InvalidSenderKeyError(missing=False)
        return holder

    async def _find(
        self, hashes: tuple[str, ...], address_of: Callable[[], str | None]
    ) -> KeyHolder | None:
        """Return the key's holder; a key that was valid lately is always looked up."""
        if any(self._holders.knew(key_hash) for key_hash in hashes):
            holder = await self._look_up(hashes)
            if holder is None:
                self._failed.add(address_of(), 1)
            return holder
        address = address_of()
        self._failed.admit(address)
        try:
            holder = await self._look_up(hashes)
        except UnavailableError:
            self._failed.add(address, -1)
            raise
        if holder is not None:
            self._failed.add(address, -1)
        return holder

    async def _look_up(self, hashes: tuple[str, ...]) -> KeyHolder | None:
        """Look up the key under the current secret, then under the previous secret."""
        current, *previous = hashes
        holder = await self._holders.by_key_hash(current)
        for key_hash in previous:
            if holder is None:
                holder = await self._holders.by_key_hash(key_hash)
                if holder is not None:
                    telemetry.previous_secret_used("KEY_HASH_SECRET", holder.subscription.id)
        return holder
