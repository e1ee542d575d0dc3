"""The addresses to which the service that translates sends its texts.

A ticket in an address is encrypted and authenticated: it tells a reader nothing, and nobody can
guess one.
"""

import json
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from lib.domain.identity.cipher import Cipher
from lib.domain.messages.errors import TranslationTicketError
from lib.domain.profiles.choices import Language
from lib.domain.shared.identifiers import MessageId

TRANSLATIONS_PATH: Final = "/api/translations/v1/texts"
LIFE: Final = timedelta(days=1)
MAX_TICKET: Final = 1024


class Ticket(NamedTuple):
    """The place of a text. `attempt`: as in Translation; `part`: its number among the parts."""

    fiscal_code: str
    message_id: MessageId
    language: Language
    attempt: str
    part: int


class Tickets:
    """Makes and reads tickets. `base`: the URL of this app."""

    def __init__(self, secret: bytes, base: str, previous: bytes = b"") -> None:
        ciphers = [Cipher(one, b"recapito texts") for one in (secret, previous) if one]
        self._cipher, self._ciphers = ciphers[0], ciphers
        self._base = base.rstrip("/")

    def address(self, ticket: Ticket, now: datetime) -> str:
        """Return the address for a text."""
        sealed = self._cipher.encrypt(json.dumps(ticket).encode(), int(now.timestamp()))
        # some services cut a = at the end of an address
        return f"{self._base}{TRANSLATIONS_PATH}/{sealed.rstrip('=')}"

    def read(self, sealed: str, now: datetime) -> Ticket:
        """Return the ticket of an address; raise TranslationTicketError."""
        if len(sealed) <= MAX_TICKET and sealed.isascii():
            life = int(LIFE.total_seconds())
            whole = f"{sealed}{'=' * (-len(sealed) % 4)}".encode()
            for cipher in self._ciphers:
                opened = cipher.decrypt(whole, life, int(now.timestamp()))
                if opened is not None:
                    return Ticket(*json.loads(opened))
        raise TranslationTicketError
