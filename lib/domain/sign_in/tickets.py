"""The secrets of logins and sessions: encrypted cookies, codes and refresh tokens.

A code and a refresh token name the session in an encrypted part, and end with a keyed hash. So a
token that this app did not make costs no access to the store, and the store has no token at all.
"""

import hmac
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final, Literal, NamedTuple

import orjson

from lib.domain.identity.cipher import Cipher
from lib.domain.shared.identifiers import FiscalCode, SessionId
from lib.domain.shared.pseudonym import RotatingPseudonyms

type Purpose = Literal["login", "session", "place", "logout", "key"]
_PURPOSES: Final[tuple[Purpose, ...]] = ("login", "session", "place", "logout", "key")
_MOST_CHARACTERS: Final = 4096
_MOST_DIGITS: Final = 9


class Place(NamedTuple):
    """The place of a session in the store."""

    fiscal_code: FiscalCode
    session_id: SessionId


class Tickets:
    """Make and read what clients and browsers keep, under a secret and its previous secret."""

    def __init__(self, secret: bytes, previous: bytes = b"") -> None:
        secrets = [one for one in (secret, previous) if one]
        self._ciphers = {
            purpose: [Cipher(one, b"sign in " + purpose.encode()) for one in secrets]
            for purpose in _PURPOSES
        }
        self._hashes = RotatingPseudonyms(secret, previous)

    def seal(self, purpose: Purpose, members: Mapping[str, Any], now: datetime) -> str:
        """Return the members, encrypted."""
        cipher = self._ciphers[purpose][0]
        return cipher.encrypt(orjson.dumps(members), int(now.timestamp())).rstrip("=")

    def open(
        self, purpose: Purpose, sealed: str, now: datetime, life: timedelta | None = None
    ) -> dict[str, Any] | None:
        """Return the members; None for a text of another secret, and after its life."""
        if not sealed.isascii() or len(sealed) > _MOST_CHARACTERS:
            return None
        content = (sealed + "=" * (-len(sealed) % 4)).encode()
        seconds = None if life is None else int(life.total_seconds())
        for cipher in self._ciphers[purpose]:
            found = cipher.decrypt(content, seconds, int(now.timestamp()))
            if found is not None:
                members: dict[str, Any] = orjson.loads(found)
                return members
        return None

    def code(self, place: Place, now: datetime) -> str:
        """Return the authorization code of a session."""
        return f"{self._sealed(place, now)}.{self._hashes.of(f'code {place.session_id}')}"

    def read_code(self, code: str, now: datetime) -> Place | None:
        """Return the place of the session whose code it is; None for another text."""
        sealed, _, proof = code.partition(".")
        place = self._opened(sealed, now)
        is_right = place is not None and self._proves(f"code {place.session_id}", proof)
        return place if is_right else None

    def refresh_token(self, place: Place, generation: int, now: datetime) -> str:
        """Return the refresh token of a session with this number."""
        proof = self._hashes.of(f"refresh {generation} {place.session_id}")
        return f"{self._sealed(place, now)}.{generation}.{proof}"

    def read_refresh_token(self, token: str, now: datetime) -> tuple[Place, int] | None:
        """Return the place of the session and the token's number; None for another text."""
        sealed, _, rest = token.partition(".")
        digits, _, proof = rest.partition(".")
        if not (digits.isascii() and digits.isdecimal()) or len(digits) > _MOST_DIGITS:
            return None
        place = self._opened(sealed, now)
        if place is None or not self._proves(f"refresh {digits} {place.session_id}", proof):
            return None
        return place, int(digits)

    def hidden(self, text: str) -> str:
        """Return a keyed hash that stands for a text."""
        return self._hashes.of(text)

    def _sealed(self, place: Place, now: datetime) -> str:
        return self.seal("place", {"citizen": place.fiscal_code, "session": place.session_id}, now)

    def _opened(self, sealed: str, now: datetime) -> Place | None:
        members = self.open("place", sealed, now)
        if members is None:
            return None
        return Place(FiscalCode(members["citizen"]), SessionId(members["session"]))

    def _proves(self, text: str, proof: str) -> bool:
        given = proof.encode(errors="surrogatepass")
        return any(hmac.compare_digest(one.encode(), given) for one in self._hashes.all_of(text))
