"""Encrypt the secrets of configurations for storage."""

import hashlib
import json
from typing import Final

from lib.domain.identity.cipher import Cipher, first_decrypted
from lib.domain.remote_content.errors import SecretLostError

_PURPOSE: Final = b"recapito remote"


class SecretBox:
    """Seals secrets under the current key, and opens secrets under the `previous` key too.

    A sealed secret has its configuration and its field in it, so that a sealed secret that someone
    copies into another document does not open there. `name` and `previous_name`: the names of the
    two keys, which do not reveal them.
    """

    def __init__(self, secret: bytes, previous: bytes = b"") -> None:
        self._cipher = Cipher(secret, _PURPOSE)
        self._ciphers = [Cipher(one, _PURPOSE) for one in (secret, previous) if one]
        self.name = _name(secret)
        self.previous_name = _name(previous) if previous else None

    def seal(self, configuration_id: str, pointer: str, secret: str) -> str:
        """Return the secret of a configuration's field, encrypted."""
        return self._cipher.encrypt(json.dumps([configuration_id, pointer, secret]).encode())

    def open(self, configuration_id: str, pointer: str, sealed: str) -> str:
        """Return the secret of a configuration's field. Raise SecretLostError."""
        opened = first_decrypted(self._ciphers, sealed)
        if opened is None:
            raise SecretLostError
        sealed_id, sealed_pointer, secret = json.loads(opened)
        if (sealed_id, sealed_pointer) != (configuration_id, pointer):
            raise SecretLostError
        return str(secret)


def _name(secret: bytes) -> str:
    return hashlib.blake2b(secret, digest_size=8, person=b"recapito sealed").hexdigest()
