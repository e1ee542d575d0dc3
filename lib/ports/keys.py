"""Ports to the public keys that verify citizens' tokens, vouchers, and what clients sign."""

from collections.abc import Mapping
from typing import Any, Protocol

from lib.domain.shared.identifiers import VoucherClientId


class KeySet(Protocol):
    """The JSON Web Key Set (RFC 7517) of an identity provider or of the vouchers' authority."""

    async def key(self, key_id: str) -> Any | None:
        """Return the public key with that id (a `jwt.PyJWK`), or None.

        Raises: UnavailableError if the key set cannot be fetched.
        """
        ...


class ClientKeys(Protocol):
    """The public keys of the clients that get vouchers, where their authority tells them."""

    async def find(self, client_id: VoucherClientId, key_id: str) -> Mapping[str, Any] | None:
        """Return the client's public key (JWK, RFC 7517) with that id, or None.

        Raises: UnavailableError if the keys cannot be fetched.
        """
        ...
