"""Links that act for a citizen without a login: sealed, and of use to nobody but the address.

A token is encrypted and authenticated (Fernet), names nobody to who reads it, and ends when the
citizen's address is another one.
"""

import base64
import hashlib
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Literal

from cryptography.fernet import Fernet, InvalidToken

from lib.domain.pseudonym import Pseudonyms
from lib.domain.values import FiscalCode

VALIDATION_LIFE: Final = timedelta(hours=24)
MAX_TOKEN_LENGTH: Final = 1024
UNSUBSCRIBE_PATH: Final = "/api/mail/v1/unsubscribe"
VALIDATE_PATH: Final = "/api/mail/v1/validate"

Purpose = Literal["unsubscribe", "validate"]
_PATHS: Final[dict[Purpose, str]] = {"unsubscribe": UNSUBSCRIBE_PATH, "validate": VALIDATE_PATH}


@dataclass(frozen=True, slots=True)
class Grant:
    """What a link is good for; without a service it is for all. `address`: a fingerprint."""

    fiscal_code: FiscalCode
    address: str
    service_id: str | None


class Links:
    """Makes and reads links under one secret; `base` is the address of this app."""

    def __init__(self, secret: bytes, base: str) -> None:
        key = hashlib.blake2b(secret, digest_size=32, person=b"recapito links").digest()
        self._fernet = Fernet(base64.urlsafe_b64encode(key))
        self._fingerprints = Pseudonyms(key)
        self._base = base.rstrip("/")

    def fingerprint(self, address: str) -> str:
        """Return what stands for an address where it must not be read."""
        return self._fingerprints.of(address)

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
        sealed = self._fernet.encrypt_at_time(json.dumps(members).encode(), int(now.timestamp()))
        # what ends in = loses it in some programs that look for links in a text
        return f"{self._base}{_PATHS[purpose]}/{sealed.decode().rstrip('=')}"

    def read(self, purpose: Purpose, token: str, now: datetime) -> Grant | None:
        """Return what the token of a link grants; None for any other text, or past its life."""
        if len(token) > MAX_TOKEN_LENGTH or not token.isascii():
            return None
        sealed = f"{token}{'=' * (-len(token) % 4)}".encode()
        life = VALIDATION_LIFE if purpose == "validate" else None
        try:
            if life is None:
                opened = self._fernet.decrypt(sealed)
            else:
                seconds, at = int(life.total_seconds()), int(now.timestamp())
                opened = self._fernet.decrypt_at_time(sealed, seconds, at)
        except InvalidToken:
            return None
        members: list[Any] = json.loads(opened)
        meant, fiscal_code, address, service_id = members
        return Grant(FiscalCode(fiscal_code), address, service_id) if meant == purpose else None
