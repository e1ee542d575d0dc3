"""Keyed pseudonyms: what stands for a fiscal code wherever it must not be read."""

import hashlib
from typing import Final

_BYTES: Final = 16


class Pseudonyms:
    """BLAKE2b keyed with a secret (a MAC, RFC 7693); without it, enumeration leads nowhere."""

    def __init__(self, secret: bytes) -> None:
        # a key may have 64 bytes at most, a secret any number
        self._key = hashlib.blake2b(secret).digest()

    def of(self, text: str) -> str:
        """Return 32 hexadecimal digits, always the same for the same text and secret."""
        return hashlib.blake2b(text.encode(), key=self._key, digest_size=_BYTES).hexdigest()
