"""Encrypt and authenticate bytes under a secret (Fernet: AES-128-CBC and HMAC-SHA256)."""

import base64
import hashlib
from collections.abc import Iterable
from functools import cached_property
from typing import Any


class Cipher:
    """The encryption under a key that is derived from a secret for one purpose.

    Cost: the first use loads the library, which most processes never use.
    """

    def __init__(self, secret: bytes, purpose: bytes) -> None:
        self.key = hashlib.blake2b(secret, digest_size=32, person=purpose).digest()

    @cached_property
    def _fernet(self) -> Any:
        from cryptography.fernet import Fernet  # noqa: PLC0415 - slow to load, and rarely used

        return Fernet(base64.urlsafe_b64encode(self.key))

    def encrypt(self, content: bytes, at: int | None = None) -> str:
        """Return the content, encrypted. `at`: the present, None for the system's clock."""
        fernet = self._fernet
        sealed = fernet.encrypt(content) if at is None else fernet.encrypt_at_time(content, at)
        return str(sealed.decode())

    def decrypt(self, sealed: bytes, life: int | None = None, now: int = 0) -> bytes | None:
        """Return the content; None where the key does not fit, or after `life` seconds."""
        from cryptography.fernet import InvalidToken  # noqa: PLC0415 - as above

        fernet = self._fernet
        try:
            content: bytes = (
                fernet.decrypt(sealed)
                if life is None
                else fernet.decrypt_at_time(sealed, life, now)
            )
        except InvalidToken:
            return None
        return content


def first_decrypted(ciphers: Iterable[Cipher], sealed: str) -> bytes | None:
    """Return the content under the first cipher whose key fits; None where none fits."""
    content = sealed.encode()
    opened = (cipher.decrypt(content) for cipher in ciphers)
    return next((one for one in opened if one is not None), None)
