"""The results of the steps of a login and of a logout, for a browser."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from lib.domain.sign_in.tickets import Place

type CookieKind = Literal["login", "session", "logout"]


@dataclass(frozen=True, slots=True)
class Kept:
    """A cookie that the browser keeps for some time; a life of zero ends it.

    `login`: the part of the provider's state that tells logins of one browser apart; empty for
    other cookies.
    """

    kind: CookieKind
    value: str
    life: timedelta
    login: str = ""


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
