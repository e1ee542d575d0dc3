"""Publish the documents of this installation as a relying party of identity providers."""

from typing import Any

from lib.domain.identity.errors import NotARelyingPartyError
from lib.ports.identity_provider import RelyingParty


class PublishRelyingParty:
    """The documents that providers and their federation read; None: the installation has none."""

    def __init__(self, party: RelyingParty | None) -> None:
        self._party = party

    def key_set(self) -> dict[str, Any]:
        """Return the public keys. Raise NotARelyingPartyError."""
        if self._party is None:
            raise NotARelyingPartyError
        return self._party.key_set()

    def entity_configuration(self) -> str:
        """Return the signed entity configuration. Raise NotARelyingPartyError."""
        found = None if self._party is None else self._party.entity_configuration()
        if found is None:
            raise NotARelyingPartyError
        return found
