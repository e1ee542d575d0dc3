"""Links in e-mails that act for a citizen without a login.

The token of a link is encrypted and authenticated, so that a reader learns nothing from
it. A link ends when the citizen's e-mail address changes.
"""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal
from urllib.parse import quote, urlencode

from lib.domain.identity.acting import DelegationId
from lib.domain.identity.cipher import Cipher
from lib.domain.shared.identifiers import FiscalCode, MessageId, ServiceId
from lib.domain.shared.pseudonym import Pseudonyms

VALIDATION_LIFE: Final = timedelta(hours=24)
MAX_TOKEN_LENGTH: Final = 1024
UNSUBSCRIBE_PATH: Final = "/api/mail/v1/unsubscribe"
VALIDATE_PATH: Final = "/api/mail/v1/validate"
INBOX_PATH: Final = "/inbox"
"""The path of the citizen's inbox, whose own addresses are in web/src/inbox/routes.ts."""

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
        self.cipher = Cipher(secret, b"recapito links")
        self.fingerprints = Pseudonyms(self.cipher.key)


class Links:
    """Makes links under the current secret, and reads links under the `previous` secret too.

    `base`: the URL of this app. `opens`: the address that opens the citizens' own app; "" without
    one, where links open the inbox of this origin.
    """

    def __init__(self, secret: bytes, base: str, previous: bytes = b"", opens: str = "") -> None:
        self._seal = _Seal(secret)
        self._seals = (self._seal, _Seal(previous)) if previous else (self._seal,)
        self._base = base.rstrip("/")
        self._opens = opens

    def fingerprint(self, address: str) -> str:
        """Return the fingerprint of an e-mail address, which does not reveal the address."""
        return self._seal.fingerprints.of(address)

    def is_for(self, fingerprint: str, address: str) -> bool:
        """Tell whether the fingerprint is that of the address, under one of the secrets."""
        return any(seal.fingerprints.of(address) == fingerprint for seal in self._seals)

    def opening(
        self, message_id: MessageId, delegation_id: DelegationId | None, *, is_list: bool = False
    ) -> str:
        """Return the link that opens a message in the citizens' app, in the right inbox.

        Without an address of the app, it opens the inbox of this origin. It gives no right: a login
        is asked for. `is_list`: open the list of messages, which the app opens by the message too.
        """
        if self._opens:
            ids = {"message_id": message_id, "delegation_id": delegation_id}
            return f"{self._opens}?{urlencode({name: id_ for name, id_ in ids.items() if id_})}"
        inbox = f"{self._base}{INBOX_PATH}{f'/as/{delegation_id}' if delegation_id else ''}"
        return f"{inbox}/" if is_list else f"{inbox}/messages/{quote(message_id, safe='')}"

    def profile(self) -> str:
        """Return the link to the citizen's profile: in the app, or else on this origin."""
        return self._opens or f"{self._base}{INBOX_PATH}/profile"

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
        sealed = self._seal.cipher.encrypt(text, int(now.timestamp()))
        # some programs that find links in a text leave out a = at the end
        return f"{self._base}{_PATHS[purpose]}/{sealed.rstrip('=')}"

    def read(self, purpose: Purpose, token: str, now: datetime) -> Grant | None:
        """Return the grant of the token, or None for a token that is not valid or has expired."""
        if len(token) > MAX_TOKEN_LENGTH or not token.isascii():
            return None
        sealed = f"{token}{'=' * (-len(token) % 4)}".encode()
        life = int(VALIDATION_LIFE.total_seconds()) if purpose == "validate" else None
        for seal in self._seals:
            opened = seal.cipher.decrypt(sealed, life, int(now.timestamp()))
            if opened is not None:
                sealed_purpose, fiscal_code, address, service_id = json.loads(opened)
                grant = Grant(FiscalCode(fiscal_code), address, service_id)
                return grant if sealed_purpose == purpose else None
        return None
