"""Tell which sender a key belongs to."""

from datetime import timedelta

from lib.domain.errors import NoGroupError, NotAllowedError, SenderUnknownError
from lib.domain.pseudonym import Pseudonyms
from lib.domain.service import Group, Sender
from lib.ports.documents import DocumentStore
from lib.repositories.senders import Senders


class AuthenticateSender:
    """Keys are stored as keyed hashes alone: the hash is the look-up, so nothing is compared."""

    def __init__(self, store: DocumentStore, hashes: Pseudonyms, remember: timedelta) -> None:
        self._senders = Senders(store, remember)
        self._hashes = hashes

    async def __call__(self, key: str | None, allowed: frozenset[Group]) -> Sender:
        """Return the sender in one of the allowed groups.

        Raise SenderUnknownError, NoGroupError, NotAllowedError.
        """
        if not key:
            raise SenderUnknownError(missing=True)
        sender = await self._senders.by_key_hash(self._hashes.of(key))
        if sender is None:
            raise SenderUnknownError(missing=False)
        if not sender.groups:
            raise NoGroupError
        if not sender.groups & allowed:
            raise NotAllowedError
        return sender
