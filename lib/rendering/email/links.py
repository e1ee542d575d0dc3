"""Links in e-mails that act for a citizen without a login.

The token of a link is encrypted and authenticated (Fernet), so that a reader learns nothing from
it. A link ends when the citizen's e-mail address changes.
"""

import base64
import hashlib
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from cryptography.fernet import Fernet, InvalidToken

from lib.domain.shared.identifiers import FiscalCode, ServiceId
from lib.domain.shared.pseudonym import Pseudonyms

VALIDATION_LIFE: Final = timedelta(hours=24)
MAX_TOKEN_LENGTH: Final = 1024
UNSUBSCRIBE_PATH: Final = "/api/mail/v1/unsubscribe"
VALIDATE_PATH: Final = "/api/mail/v1/validate"

Purpose = Literal["unsubscribe", "validate"]
_PATHS: Final[dict[Purpose, str]] = {"unsubscribe": UNSUBSCRIBE_PATH, "validate": VALIDATE_PATH}


@dataclass(frozen=True, slots=True)
class Grant:
    """The rights that a link gives. `service_id`: None for all services.

    `address`: the fingerprint of the e-mail address; compare it with `Links.is_for`.
    """

    fiscal_code: FiscalCode
    address: str
    service_id: ServiceId | None


class _Seal:
    """Encrypts tokens and fingerprints addresses under one secret."""

    def __init__(self, secret: bytes) -> None:
        key = hashlib.blake2b(secret, digest_size=32, person=b"recapito links").digest()
        self.fernet = Fernet(base64.urlsafe_b64encode(key))
        self.fingerprints = Pseudonyms(key)


class Links:
    """Makes links under the current secret, and reads links under the `previous` secret too.

    `base`: the URL of this app.
    """

    def __init__(self, secret: bytes, base: str, previous: bytes = b"") -> None:
        self._seal = _Seal(secret)
        self._seals = (self._seal, _Seal(previous)) if previous else (self._seal,)
        self._base = base.rstrip("/")

    def fingerprint(self, address: str) -> str:
        """Return the fingerprint of an e-mail address, which does not reveal the address."""
        return self._seal.fingerprints.of(address)

    def is_for(self, fingerprint: str, address: str) -> bool:
        """Tell whether the fingerprint is that of the address, under one of the secrets."""
        return any(seal.fingerprints.of(address) == fingerprint for seal in self._seals)

    def make(
        self,
        purpose: Purpose,
        fiscal_code: str,
        address: str,
        now: datetime,
        service_id: ServiceId | None = None,
    ) -> str:
        """Return a link for the citizen with this e-mail address."""
        members = [purpose, fiscal_code, self.fingerprint(address), service_id]
        text = json.dumps(members).encode()
        sealed = self._seal.fernet.encrypt_at_time(text, int(now.timestamp()))
        # some programs that find links in a text leave out a = at the end
        return f"{self._base}{_PATHS[purpose]}/{sealed.decode().rstrip('=')}"

    def read(self, purpose: Purpose, token: str, now: datetime) -> Grant | None:
        """Return the grant of the token, or None for a token that is not valid or has expired."""
        if len(token) > MAX_TOKEN_LENGTH or not token.isascii():
            return None
        sealed = f"{token}{'=' * (-len(token) % 4)}".encode()
        life = VALIDATION_LIFE if purpose == "validate" else None
        for seal in self._seals:
            opened = _opened(seal.fernet, sealed, life, now)
            if opened is not None:
                sealed_purpose, fiscal_code, address, service_id = json.loads(opened)
                grant = Grant(FiscalCode(fiscal_code), address, service_id)
                return grant if sealed_purpose == purpose else None
        return None


def _opened(fernet: Fernet, sealed: bytes, life: timedelta | None, now: datetime) -> bytes | None:
    try:
        if life is None:
            return fernet.decrypt(sealed)
        return fernet.decrypt_at_time(sealed, int(life.total_seconds()), int(now.timestamp()))
    except InvalidToken:
        return None
