"""The callers of the login's endpoints: browsers and apps that have no token yet."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from functions.http.callers.cookies import cookies_of
from functions.http.callers.head import Head, client_address
from lib.composition.app import App
from lib.composition.areas.sign_in import SignInUseCases
from lib.domain.identity.errors import TooManyFailuresError
from lib.domain.shared.errors import DomainError
from lib.domain.sign_in.errors import SignInOffError, TooManyLoginsError
from lib.ports.errors import UnavailableError
from lib.use_cases.identity.failed_calls import FailedCalls


@dataclass(frozen=True, slots=True)
class Browser:
    """A caller without a token. `address`: None where none is known."""

    address: str | None
    cookies: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Browsers:
    """Admits every caller to an installation that logs citizens in."""

    scheme: None = None
    refusals: tuple[type[DomainError], ...] = (SignInOffError,)

    async def authenticate(self, app: App, head: Head) -> Browser:
        """Return the caller's address and cookies."""
        if not app.settings.has_sign_in:
            raise SignInOffError
        return browser_of(app, head)

    def admit(self, caller: Browser, body: Any, address: Callable[[], str | None]) -> None:
        """Admit every caller."""


def browser_of(app: App, head: Head) -> Browser:
    """Return the caller's address and cookies."""
    address = client_address(head.headers.get("x-forwarded-for"), app.settings.trusted_proxies)
    return Browser(address, cookies_of(head.headers))


def sign_in_of(app: App) -> SignInUseCases:
    """Return the use cases of logins; raise SignInOffError where nobody logs in."""
    if not app.settings.has_sign_in:
        raise SignInOffError
    return app.sign_in


def count_login(counts: FailedCalls, caller: Browser) -> None:
    """Count a step of a login of an address; raise TooManyLoginsError past the limit."""
    try:
        counts.admit(caller.address)
    except TooManyFailuresError as error:
        raise TooManyLoginsError(error.seconds) from None


async def unless_failing[T](
    counts: FailedCalls, caller: Browser, work: Callable[[], Awaitable[T]]
) -> T:
    """Return the result of the work, and count it for the address if it is refused.

    Raise TooManyLoginsError for an address with too many refusals, without the work.
    """
    count_login(counts, caller)
    try:
        result = await work()
    except UnavailableError:
        counts.add(caller.address, -1)
        raise
    counts.add(caller.address, -1)
    return result
