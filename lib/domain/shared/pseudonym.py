"""Keyed pseudonyms, which replace a fiscal code where it must not be readable."""

import hashlib
from typing import Final

_BYTES: Final = 16


class Pseudonyms:
    """Compute pseudonyms: BLAKE2b keyed with a secret (a MAC, RFC 7693).

    Without the secret, an attacker cannot find a fiscal code by trying all codes.
    """

    def __init__(self, secret: bytes) -> None:
        # a BLAKE2b key has at most 64 bytes, and a secret may have more
        self._key = hashlib.blake2b(secret).digest()

    def of(self, text: str) -> str:
        """Return 32 hexadecimal digits, always the same for the same text and secret."""
        return hashlib.blake2b(text.encode(), key=self._key, digest_size=_BYTES).hexdigest()


class RotatingPseudonyms(Pseudonyms):
    """Compute pseudonyms under the current secret, and under a previous secret if it is set."""

    def __init__(self, secret: bytes, previous: bytes = b"") -> None:
        super().__init__(secret)
        self.previous = Pseudonyms(previous) if previous and previous != secret else None

    def all_of(self, text: str) -> tuple[str, ...]:
        """Return the pseudonym under the current secret, then that under the previous secret."""
        before = () if self.previous is None else (self.previous.of(text),)
        return self.of(text), *before
