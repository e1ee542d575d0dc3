"""Keyed pseudonyms: what stands for a fiscal code wherever it must not be read."""

import hashlib
import hmac


class Pseudonyms:
    """HMAC-SHA-256 under a secret; without it, enumerating all fiscal codes leads nowhere."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def of(self, text: str) -> str:
        """Return 32 hexadecimal digits, always the same for the same text and secret."""
        return hmac.digest(self._secret, text.encode(), hashlib.sha256)[:16].hex()
