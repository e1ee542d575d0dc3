"""Give a citizen whose identity is proven a session, with the profile of a first login."""

from datetime import datetime
from typing import NamedTuple

from ulid import ULID

from lib.domain.identity.citizen_token import check_age, day_of
from lib.domain.identity.errors import CitizenTooYoungError, InvalidTokenError
from lib.domain.profiles.errors import LeavingError
from lib.domain.shared.deadline import ROME
from lib.domain.shared.identifiers import SessionId
from lib.domain.sign_in.errors import UntrustedLoginError
from lib.domain.sign_in.login import BLOCKED, TOO_YOUNG, Login, LoginRefusedError
from lib.domain.sign_in.rules import SignInRules
from lib.domain.sign_in.session import CODE_LIFE, Pending, Session
from lib.domain.sign_in.sessions import Sessions
from lib.domain.sign_in.tickets import Place
from lib.ports.clock import Clock
from lib.ports.identity_provider import ProvenIdentity
from lib.use_cases.profiles.create_profile import CreateProfile, RefuseLeaving
from lib.use_cases.sign_in.change_sessions import ChangeSessions
from lib.use_cases.sign_in.outcomes import Kept
from lib.use_cases.sign_in.use_cookie import UseCookie


class Begun(NamedTuple):
    """A session that has begun. `cookie`: that of a browser; None for an app, which gets a code."""

    place: Place
    cookie: Kept | None


class BeginSession:
    """Make a session of a proven identity for the client of a login.

    The profile comes first: a crash before the session leaves a new profile, and the citizen logs
    in again. Cost: two point reads and one write; what the profile costs.
    """

    def __init__(
        self,
        rules: SignInRules,
        clock: Clock,
        change: ChangeSessions,
        create_profile: CreateProfile,
        use_cookie: UseCookie,
        refuse_leaving: RefuseLeaving,
    ) -> None:
        self._rules = rules
        self._clock = clock
        self._change = change
        self._create_profile = create_profile
        self._use_cookie = use_cookie
        self._refuse_leaving = refuse_leaving

    async def __call__(self, login: Login, identity: ProvenIdentity) -> Begun:
        """Return the session.

        Raise LoginRefusedError for who is too young and who is leaving, UntrustedLoginError for a
        client that the settings no longer name, UnavailableError.
        """
        await self._admit(identity)
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
        if session.pending is not None:
            return Begun(place, None)
        return Begun(place, self._use_cookie.cookie(place, session.ends_at, now))

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
