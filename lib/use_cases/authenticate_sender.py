"""Tell which sender a key belongs to."""

from datetime import timedelta

from lib import telemetry
from lib.domain.errors import NoGroupError, NotAllowedError, SenderUnknownError
from lib.domain.pseudonym import RotatingPseudonyms
from lib.domain.service import Group, Sender
from lib.ports.documents import DocumentStore
from lib.repositories.senders import Senders


class AuthenticateSender:
    """Keys are stored as keyed hashes alone: the hash is the look-up, so nothing is compared."""

    def __init__(
        self, store: DocumentStore, hashes: RotatingPseudonyms, remember: timedelta
    ) -> None:
        self._senders = Senders(store, remember)
        self._hashes = hashes

    async def __call__(self, key: str | None, allowed: frozenset[Group]) -> Sender:
        """Return the sender in one of the allowed groups.

        Raise SenderUnknownError, NoGroupError, NotAllowedError.
        """
        if not key:
            raise SenderUnknownError(missing=True)
        sender = await self._find(key)
        if sender is None:
            raise SenderUnknownError(missing=False)
        if not sender.groups:
            raise NoGroupError
        if not sender.groups & allowed:
            raise NotAllowedError
        return sender

    async def _find(self, key: str) -> Sender | None:
        """Look under the current secret first, then under the previous one."""
        current, *previous = self._hashes.all_of(key)
        sender = await self._senders.by_key_hash(current)
        for key_hash in previous:
            if sender is None:
                sender = await self._senders.by_key_hash(key_hash)
                if sender is not None:
                    telemetry.previous_secret_used("KEY_HASH_SECRET", sender.service.id)
        return sender
