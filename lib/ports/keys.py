"""Port to the public keys that verify citizens' tokens."""

from typing import Any, Protocol


class KeySet(Protocol):
    """The identity provider's JSON Web Key Set (RFC 7517)."""

    async def key(self, key_id: str) -> Any | None:
        """Return the public key with that id (a `jwt.PyJWK`), or None.

        Raises: UnavailableError if the key set cannot be fetched.
        """
        ...
