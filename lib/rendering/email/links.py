"""Links that act for a citizen without a login: sealed, and of use to nobody but the address.

A token is encrypted and authenticated (Fernet), names nobody to who reads it, and ends when the
citizen's address is another one.
"""

import base64
import hashlib
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from cryptography.fernet import Fernet, InvalidToken

from lib.domain.shared.pseudonym import Pseudonyms
from lib.domain.shared.values import FiscalCode

VALIDATION_LIFE: Final = timedelta(hours=24)
MAX_TOKEN_LENGTH: Final = 1024
UNSUBSCRIBE_PATH: Final = "/api/mail/v1/unsubscribe"
VALIDATE_PATH: Final = "/api/mail/v1/validate"

Purpose = Literal["unsubscribe", "validate"]
_PATHS: Final[dict[Purpose, str]] = {"unsubscribe": UNSUBSCRIBE_PATH, "validate": VALIDATE_PATH}


@dataclass(frozen=True, slots=True)
class Grant:
    """What a link is good for; without a service it is for all.

    `address` is a fingerprint, under the secret that the link was sealed with: `Links.is_for`.
    """

    fiscal_code: FiscalCode
    address: str
    service_id: str | None


class _Seal:
    """One secret: seals, and fingerprints addresses."""

    def __init__(self, secret: bytes) -> None:
        key = hashlib.blake2b(secret, digest_size=32, person=b"recapito links").digest()
        self.fernet = Fernet(base64.urlsafe_b64encode(key))
        self.fingerprints = Pseudonyms(key)


class Links:
    """Makes links under one secret, and reads those under the `previous` one too.

    `base` is the address of this app.
    """

    def __init__(self, secret: bytes, base: str, previous: bytes = b"") -> None:
        self._seal = _Seal(secret)
        self._seals = (self._seal, _Seal(previous)) if previous else (self._seal,)
        self._base = base.rstrip("/")

    def fingerprint(self, address: str) -> str:
        """Return what stands for an address where it must not be read."""
        return self._seal.fingerprints.of(address)

    def is_for(self, fingerprint: str, address: str) -> bool:
        """Tell whether the fingerprint, of either secret, is the address's."""
        return any(seal.fingerprints.of(address) == fingerprint for seal in self._seals)

    def make(
        self,
        purpose: Purpose,
        fiscal_code: str,
        address: str,
        now: datetime,
        service_id: str | None = None,
    ) -> str:
        """Return a link for who reads mail at the address."""
        members = [purpose, fiscal_code, self.fingerprint(address), service_id]
        text = json.dumps(members).encode()
        sealed = self._seal.fernet.encrypt_at_time(text, int(now.timestamp()))
        # what ends in = loses it in some programs that look for links in a text
        return f"{self._base}{_PATHS[purpose]}/{sealed.decode().rstrip('=')}"

    def read(self, purpose: Purpose, token: str, now: datetime) -> Grant | None:
        """Return what the token of a link grants; None for any other text, or past its life."""
        if len(token) > MAX_TOKEN_LENGTH or not token.isascii():
            return None
        sealed = f"{token}{'=' * (-len(token) % 4)}".encode()
        life = VALIDATION_LIFE if purpose == "validate" else None
        for seal in self._seals:
            opened = _opened(seal.fernet, sealed, life, now)
            if opened is not None:
                meant, fiscal_code, address, service_id = json.loads(opened)
                grant = Grant(FiscalCode(fiscal_code), address, service_id)
                return grant if meant == purpose else None
        return None


def _opened(fernet: Fernet, sealed: bytes, life: timedelta | None, now: datetime) -> bytes | None:
    try:
        if life is None:
            return fernet.decrypt(sealed)
        return fernet.decrypt_at_time(sealed, int(life.total_seconds()), int(now.timestamp()))
    except InvalidToken:
        return None
