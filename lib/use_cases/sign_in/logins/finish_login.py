"""End a login: take the identity from the provider, and give the client a session."""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from lib.domain.identity.errors import AssuranceLevelTooLowError, InvalidTokenError
from lib.domain.sign_in.errors import UntrustedLoginError
from lib.domain.sign_in.login import Login, LoginFault, LoginRefusedError, address_with
from lib.domain.sign_in.rules import SignInRules
from lib.domain.sign_in.tickets import Tickets
from lib.ports.clock import Clock
from lib.ports.errors import UnavailableError
from lib.ports.identity_provider import OfferedProvider, ProvenIdentity
from lib.use_cases.sign_in.logins.begin_login import LOGIN_LIFE, provider_request, refused
from lib.use_cases.sign_in.logins.begin_session import BeginSession
from lib.use_cases.sign_in.outcomes import SentOn

_PASSED_ON: Final[Mapping[str, LoginFault]] = {
    "access_denied": "access_denied",
    "temporarily_unavailable": "temporarily_unavailable",
}
"""The provider's faults that the client gets; it can do nothing about the others."""


@dataclass(frozen=True, slots=True)
class ProviderAnswer:
    """The answer of a provider, as the browser brings it; an absent member is empty."""

    state: str = ""
    code: str = ""
    issuer: str = ""
    error: str = ""


class FinishLogin:
    """Make a session of a proven identity, and send the browser back to the client.

    An app gets a code, a browser the cookie of its session.
    Cost: what BeginSession costs; the provider.
    Concurrency: a callback that runs twice asks the provider twice for the same code, which a
    provider answers once.
    """

    def __init__(
        self,
        providers: Mapping[str, OfferedProvider],
        tickets: Tickets,
        rules: SignInRules,
        clock: Clock,
        begin: BeginSession,
    ) -> None:
        self._providers = providers
        self._tickets = tickets
        self._rules = rules
        self._clock = clock
        self._begin = begin

    async def __call__(self, answer: ProviderAnswer, cookie: str | None) -> SentOn:
        """Return where the browser goes. `cookie`: the login that this browser began.

        Raise UntrustedLoginError for a browser that began no such login.
        """
        login = self._login(answer.state, cookie)
        try:
            identity = await self._identity(login, answer)
            return await self._begin_session(login, identity)
        except LoginRefusedError as error:
            return refused(self._rules, login.redirect_uri, login.app_state, error)
        except UnavailableError:
            away = LoginRefusedError("temporarily_unavailable", "try again in a moment")
            return refused(self._rules, login.redirect_uri, login.app_state, away)

    def _login(self, state: str, cookie: str | None) -> Login:
        """Return the login of this browser, so that nobody ends a login that another one began."""
        members = cookie and self._tickets.open("login", cookie, self._clock.now(), LOGIN_LIFE)
        if not members:
            raise UntrustedLoginError("this browser began no such login, or too long ago")
        login = Login.of(members)
        if not hmac.compare_digest(login.state.encode(), state.encode(errors="replace")):
            raise UntrustedLoginError("this browser began another login")
        return login

    async def _identity(self, login: Login, answer: ProviderAnswer) -> ProvenIdentity:
        if answer.error:
            fault = _PASSED_ON.get(answer.error, "server_error")
            raise LoginRefusedError(fault, "the provider refused the login")
        offered = self._providers.get(login.provider)
        if offered is None or not answer.code:
            raise LoginRefusedError("server_error", "the provider gave no code")
        request = provider_request(login, self._rules)
        try:
            identity = await offered.provider.finish(request, answer.code, answer.issuer)
        except InvalidTokenError:
            raise LoginRefusedError(
                "server_error", "the provider did not prove an identity"
            ) from None
        except AssuranceLevelTooLowError:
            raise _too_low() from None
        if identity.acr not in login.acr_values:
            raise _too_low()
        return identity

    async def _begin_session(self, login: Login, identity: ProvenIdentity) -> SentOn:
        place, cookie = await self._begin(login, identity)
        told = {"state": login.app_state, "iss": self._rules.issuer}
        if cookie is None:
            told = {"code": self._tickets.code(place, self._clock.now()), **told}
        return SentOn(address_with(login.redirect_uri, told), cookie, place)


def _too_low() -> LoginRefusedError:
    reason = "the level of assurance of the login is too low"
    return LoginRefusedError("unmet_authentication_requirements", reason)
