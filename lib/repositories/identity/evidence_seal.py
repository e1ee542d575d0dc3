"""Encrypt evidence for storage, since it names a clerk (Fernet: AES-128-CBC and HMAC-SHA256)."""

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from lib.domain.identity.errors import EvidenceNotFoundError


class EvidenceSeal:
    """Seals evidence under the current secret, and opens it under the `previous` one too.

    Sealed text has the id of its document in it, so that a copy in another document does not open.
    """

    def __init__(self, secret: bytes, previous: bytes = b"") -> None:
        self._fernet = MultiFernet([_fernet(one) for one in (secret, previous) if one])

    def seal(self, id_: str, token: str) -> str:
        """Return the evidence of a document, encrypted."""
        return self._fernet.encrypt(f"{id_}\n{token}".encode()).decode()

    def open(self, id_: str, sealed: str) -> str:
        """Return the evidence of a document; raise EvidenceNotFoundError after two rotations."""
        try:
            sealed_id, _, token = self._fernet.decrypt(sealed.encode()).decode().partition("\n")
        except InvalidToken:
            raise EvidenceNotFoundError from None
        if sealed_id != id_:
            raise EvidenceNotFoundError
        return token


def _fernet(secret: bytes) -> Fernet:
    key = hashlib.blake2b(secret, digest_size=32, person=b"recapito evidenc").digest()
    return Fernet(base64.urlsafe_b64encode(key))
