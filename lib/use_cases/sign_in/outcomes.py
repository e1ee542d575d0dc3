"""The results of the steps of a login and of a logout, for a browser."""

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Literal

from lib.domain.sign_in.tickets import Place

type CookieKind = Literal["login", "session", "logout", "key"]
_DIGITS: Final = 16


@dataclass(frozen=True, slots=True)
class Kept:
    """A cookie that the browser keeps for some time; a life of zero ends it.

    `part`: what tells the logins, or the keys, of one browser apart; empty for other cookies.
    """

    kind: CookieKind
    value: str
    life: timedelta
    part: str = ""


@dataclass(frozen=True, slots=True)
class SentOn:
    """The browser goes on to an address. `begun`: the session that a login began."""

    url: str
    cookie: Kept | None = None
    begun: Place | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """The citizen chooses a provider: its id, and its name."""

    providers: tuple[tuple[str, str], ...]


def part_of(subscription_id: str) -> str:
    """Return the part of the cookie of a subscription's key."""
    return hashlib.sha256(subscription_id.encode()).hexdigest()[:_DIGITS]
