"""Encrypt evidence for storage, since it names a clerk."""

from typing import Final

from lib.domain.identity.cipher import Cipher, first_decrypted
from lib.domain.identity.errors import EvidenceNotFoundError

_PURPOSE: Final = b"recapito evidenc"


class EvidenceSeal:
    """Seals evidence under the current secret, and opens it under the `previous` one too.

    Sealed text has the id of its document in it, so that a copy in another document does not open.
    """

    def __init__(self, secret: bytes, previous: bytes = b"") -> None:
        self._cipher = Cipher(secret, _PURPOSE)
        self._ciphers = [Cipher(one, _PURPOSE) for one in (secret, previous) if one]

    def seal(self, id_: str, token: str) -> str:
        """Return the evidence of a document, encrypted."""
        return self._cipher.encrypt(f"{id_}\n{token}".encode())

    def open(self, id_: str, sealed: str) -> str:
        """Return the evidence of a document; raise EvidenceNotFoundError after two rotations."""
        opened = first_decrypted(self._ciphers, sealed)
        if opened is None:
            raise EvidenceNotFoundError
        sealed_id, _, token = opened.decode().partition("\n")
        if sealed_id != id_:
            raise EvidenceNotFoundError
        return token
