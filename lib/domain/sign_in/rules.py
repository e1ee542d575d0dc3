"""The rules of an installation for logins, as its settings name them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from lib.domain.sign_in.clients import INBOX, AppClient

ACCESS_LIFE: Final = timedelta(minutes=15)
"""The life of an access token, and of a cookie's value."""
BASE: Final = "/api/auth/v1"
CALLBACK_PATH: Final = f"{BASE}/callback"
"""The address to which a provider sends the browser after a login; each provider knows it."""
LOGGED_OUT_PATH: Final = f"{BASE}/logged-out"
"""The address to which a provider sends the browser after a logout."""


@dataclass(frozen=True, slots=True)
class SignInRules:
    """The rules. `issuer`: this app's public address. `lives`: the life of a session by its kind.

    `acr_values`: the accepted levels of assurance, the preferred one first.
    """

    issuer: str
    clients: Mapping[str, AppClient]
    acr_values: tuple[str, ...]
    minimum_age: int
    lives: Mapping[str, timedelta]

    @property
    def audience(self) -> str:
        """The audience of access tokens: this app's API."""
        return f"{self.issuer}/api"

    @property
    def callback(self) -> str:
        """The address at which providers end a login."""
        return f"{self.issuer}{CALLBACK_PATH}"

    @property
    def logged_out(self) -> str:
        """The address at which providers end a logout."""
        return f"{self.issuer}{LOGGED_OUT_PATH}"

    @property
    def pages(self) -> tuple[AppClient, ...]:
        """The clients that are pages of this app's own origin."""
        return tuple(one for one in self.clients.values() if one.kind == "browser")

    @property
    def inbox_page(self) -> AppClient | None:
        """The inbox in a browser; None where no page of this origin is one."""
        return next((one for one in self.pages if INBOX in one.scopes), None)

    @property
    def inbox(self) -> str | None:
        """The address of the inbox in a browser; None where there is none."""
        return self.inbox_page.redirect_uris[0] if self.inbox_page else None

    @property
    def is_local(self) -> bool:
        """Whether browsers reach the app without TLS, which is so on one machine alone."""
        return self.issuer.startswith("http://")
