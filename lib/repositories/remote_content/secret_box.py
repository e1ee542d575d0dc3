"""Encrypt the secrets of configurations for storage (Fernet: AES-128-CBC and HMAC-SHA256)."""

import base64
import hashlib
import json

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from lib.domain.remote_content.errors import SecretLostError


class SecretBox:
    """Seals secrets under the current key, and opens secrets under the `previous` key too.

    A sealed secret has its configuration and its field in it, so that a sealed secret that someone
    copies into another document does not open there. `name` and `previous_name`: the names of the
    two keys, which do not reveal them.
    """

    def __init__(self, secret: bytes, previous: bytes = b"") -> None:
        self._fernet = MultiFernet([_fernet(one) for one in (secret, previous) if one])
        self.name = _name(secret)
        self.previous_name = _name(previous) if previous else None

    def seal(self, configuration_id: str, pointer: str, secret: str) -> str:
        """Return the secret of a configuration's field, encrypted."""
        return self._fernet.encrypt(
            json.dumps([configuration_id, pointer, secret]).encode()
        ).decode()

    def open(self, configuration_id: str, pointer: str, sealed: str) -> str:
        """Return the secret of a configuration's field. Raise SecretLostError."""
        try:
            sealed_id, sealed_pointer, secret = json.loads(self._fernet.decrypt(sealed.encode()))
        except InvalidToken:
            raise SecretLostError from None
        if (sealed_id, sealed_pointer) != (configuration_id, pointer):
            raise SecretLostError
        return str(secret)


def _name(secret: bytes) -> str:
    return hashlib.blake2b(secret, digest_size=8, person=b"recapito sealed").hexdigest()


def _fernet(secret: bytes) -> Fernet:
    key = hashlib.blake2b(secret, digest_size=32, person=b"recapito remote").digest()
    return Fernet(base64.urlsafe_b64encode(key))
