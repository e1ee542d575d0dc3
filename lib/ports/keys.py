"""Port to the public keys that verify citizens' tokens."""

from typing import Any, Protocol


class KeySet(Protocol):
    """The identity provider's JSON Web Key Set (RFC 7517)."""

    async def key(self, key_id: str) -> Any | None:
        """Return the public key, a `jwt.PyJWK`; None when the set has none of that id.

        Raise UnavailableError when the set cannot be had.
        """
        ...
