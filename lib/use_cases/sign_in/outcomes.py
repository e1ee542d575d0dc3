"""The results of the steps of a login and of a logout, for a browser."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

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
    """The browser goes on to an address."""

    url: str
    cookie: Kept | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """The citizen chooses a provider: its id, and its name."""

    providers: tuple[tuple[str, str], ...]
