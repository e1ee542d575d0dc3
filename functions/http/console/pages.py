"""The callers of the console's own endpoints: pages of this app's origin."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from functions.http.callers.cookies import refuse_other_sites
from functions.http.callers.head import Head
from functions.http.sign_in.browsers import Browser, browser_of
from lib.composition.app import App
from lib.domain.shared.errors import DomainError
from lib.domain.sign_in.errors import ConsoleOffError, CrossSiteCallError


@dataclass(frozen=True, slots=True)
class ConsolePages:
    """Admits the pages of this app's origin, where browsers can keep keys."""

    scheme: None = None
    refusals: tuple[type[DomainError], ...] = (ConsoleOffError, CrossSiteCallError)

    async def authenticate(self, app: App, head: Head) -> Browser:
        """Return the browser, with its cookies."""
        if not app.settings.has_sign_in:
            raise ConsoleOffError
        refuse_other_sites(head.method, head.headers, app.settings.public_url)
        return browser_of(app, head)

    def admit(self, caller: Browser, body: Any, address: Callable[[], str | None]) -> None:
        """Admit every caller."""
