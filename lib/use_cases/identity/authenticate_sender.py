"""Authenticate a sender by key."""

from lib import telemetry
from lib.domain.identity.errors import InvalidSenderKeyError, NoGroupError, NotAllowedError
from lib.domain.services.service import Group, Sender
from lib.domain.shared.pseudonym import RotatingPseudonyms
from lib.ports.errors import UnavailableError
from lib.repositories.services.senders import Senders
from lib.use_cases.identity.failed_calls import FailedCalls


class AuthenticateSender:
    """Find the sender of a key by the keyed hash of the key.

    Only hashes of keys are stored, and the hash is the id to look up, so no secrets are compared.
    Cost: nothing for a key that is remembered, else two point reads; none for an address with too
    many failures, so that an attacker does not use up the capacity of senders.
    """

    def __init__(self, senders: Senders, hashes: RotatingPseudonyms) -> None:
        self._senders = senders
        self._hashes = hashes
        self._failed = FailedCalls()

    async def __call__(
        self, key: str | None, allowed: frozenset[Group], address: str | None = None
    ) -> Sender:
        """Return the sender in one of the allowed groups; `address` is where it calls from.

        Raise InvalidSenderKeyError, TooManyFailuresError, NoGroupError, NotAllowedError.
        """
        if not key:
            raise InvalidSenderKeyError(missing=True)
        sender = await self._find(self._hashes.all_of(key), address)
        if sender is None:
            raise InvalidSenderKeyError(missing=False)
        if not sender.groups:
            raise NoGroupError
        if not sender.groups & allowed:
            raise NotAllowedError
        return sender

    async def _find(self, hashes: tuple[str, ...], address: str | None) -> Sender | None:
        """Return the key's sender; a key that was valid a while ago is looked up in any case."""
        if any(self._senders.knew(key_hash) for key_hash in hashes):
            sender = await self._look_up(hashes)
            if sender is None:
                self._failed.add(address, 1)
            return sender
        self._failed.admit(address)
        try:
            sender = await self._look_up(hashes)
        except UnavailableError:
            self._failed.add(address, -1)
            raise
        if sender is not None:
            self._failed.add(address, -1)
        return sender

    async def _look_up(self, hashes: tuple[str, ...]) -> Sender | None:
        """Look up the key under the current secret first, then under the previous one."""
        current, *previous = hashes
        sender = await self._senders.by_key_hash(current)
        for key_hash in previous:
            if sender is None:
                sender = await self._senders.by_key_hash(key_hash)
                if sender is not None:
                    telemetry.previous_secret_used("KEY_HASH_SECRET", sender.service.id)
        return sender
