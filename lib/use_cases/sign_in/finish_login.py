"""End a login: take the identity from the provider, and give the client a session."""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from ulid import ULID

from lib.domain.identity.citizen_token import check_age, day_of
from lib.domain.identity.errors import (
    AssuranceLevelTooLowError,
    CitizenTooYoungError,
    InvalidTokenError,
)
from lib.domain.profiles.errors import LeavingError
from lib.domain.shared.deadline import ROME
from lib.domain.shared.identifiers import SessionId
from lib.domain.sign_in.errors import UntrustedLoginError
from lib.domain.sign_in.login import (
    BLOCKED,
    TOO_YOUNG,
    Login,
    LoginFault,
    LoginRefusedError,
    address_with,
)
from lib.domain.sign_in.rules import SignInRules
from lib.domain.sign_in.session import CODE_LIFE, Pending, Session
from lib.domain.sign_in.sessions import Sessions
from lib.domain.sign_in.tickets import Place, Tickets
from lib.ports.clock import Clock
from lib.ports.errors import UnavailableError
from lib.ports.identity_provider import OfferedProvider, ProvenIdentity
from lib.use_cases.profiles.create_profile import CreateProfile, RefuseLeaving
from lib.use_cases.sign_in.begin_login import LOGIN_LIFE, provider_request, refused
from lib.use_cases.sign_in.change_sessions import ChangeSessions
from lib.use_cases.sign_in.outcomes import SentOn
from lib.use_cases.sign_in.use_cookie import UseCookie

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

    An app gets a code, a browser the cookie of its session. The profile comes first: a crash before
    the session leaves a new profile, and the citizen logs in again.
    Cost: two point reads and one write; what the profile costs; the provider.
    Concurrency: a callback that runs twice asks the provider twice for the same code, which a
    provider answers once.
    """

    def __init__(
        self,
        providers: Mapping[str, OfferedProvider],
        tickets: Tickets,
        rules: SignInRules,
        clock: Clock,
        change: ChangeSessions,
        create_profile: CreateProfile,
        use_cookie: UseCookie,
        refuse_leaving: RefuseLeaving,
    ) -> None:
        self._providers = providers
        self._tickets = tickets
        self._rules = rules
        self._clock = clock
        self._change = change
        self._create_profile = create_profile
        self._use_cookie = use_cookie
        self._refuse_leaving = refuse_leaving

    async def __call__(self, answer: ProviderAnswer, cookie: str | None) -> SentOn:
        """Return where the browser goes. `cookie`: the login that this browser began.

        Raise UntrustedLoginError for a browser that began no such login.
        """
        login = self._login(answer.state, cookie)
        try:
            identity = await self._identity(login, answer)
            await self._admit(identity)
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

    async def _admit(self, identity: ProvenIdentity) -> None:
        """Refuse who is too young, and who is leaving, by IO's codes."""
        today = self._clock.now().astimezone(ROME).date()
        born = day_of(identity.birth_date)
        try:
            check_age(born, identity.fiscal_code, today, self._rules.minimum_age)
        except (CitizenTooYoungError, InvalidTokenError):
            reason = "the citizen is too young, or has no date of birth"
            raise LoginRefusedError("access_denied", reason, TOO_YOUNG) from None
        try:
            await self._refuse_leaving(identity.fiscal_code)
        except LeavingError:
            reason = "the citizen's account is being deleted"
            raise LoginRefusedError("access_denied", reason, BLOCKED) from None

    async def _begin_session(self, login: Login, identity: ProvenIdentity) -> SentOn:
        client, now = self._rules.clients.get(login.client_id), self._clock.now()
        # the settings may have changed since the login began
        if client is None or not client.admits(login.redirect_uri):
            raise UntrustedLoginError("the client is no longer known")
        session = _session(login, identity, client.kind, now, self._rules)
        await self._create_profile(identity.fiscal_code, identity.email)

        def including(sessions: Sessions) -> tuple[Sessions, None]:
            return sessions.including(session, now), None

        await self._change(identity.fiscal_code, including)
        place = Place(identity.fiscal_code, session.id)
        told = {"state": login.app_state, "iss": self._rules.issuer}
        if session.pending is None:
            cookie = self._use_cookie.cookie(place, session.ends_at, now)
            return SentOn(address_with(login.redirect_uri, told), cookie, place)
        told = {"code": self._tickets.code(place, now), **told}
        return SentOn(address_with(login.redirect_uri, told), begun=place)


def _session(
    login: Login, identity: ProvenIdentity, kind: str, now: datetime, rules: SignInRules
) -> Session:
    return Session(
        id=SessionId(str(ULID.from_datetime(now))),
        client_id=login.client_id,
        device_name=login.device_name,
        scope=login.scope,
        created_at=now,
        last_used_at=now,
        ends_at=now + rules.lives[kind],
        authenticated_at=identity.authenticated_at,
        acr=identity.acr,
        provider=login.provider,
        name=identity.name,
        family_name=identity.family_name,
        email=identity.email,
        birth_date=identity.birth_date,
        hint=identity.session_hint,
        nonce=login.app_nonce,
        pending=Pending(login.redirect_uri, login.challenge, now + CODE_LIFE)
        if kind == "native"
        else None,
    )


def _too_low() -> LoginRefusedError:
    reason = "the level of assurance of the login is too low"
    return LoginRefusedError("unmet_authentication_requirements", reason)
