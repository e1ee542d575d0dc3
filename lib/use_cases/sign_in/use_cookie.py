"""Authenticate a browser by the cookie of its session, and renew the cookie."""

from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple

from lib.domain.identity.access import Access
from lib.domain.identity.errors import InsufficientScopeError, InvalidTokenError
from lib.domain.shared.identifiers import FiscalCode, SessionId
from lib.domain.shared.values import parse_timestamp, timestamp
from lib.domain.sign_in.clients import INBOX
from lib.domain.sign_in.rules import ACCESS_LIFE
from lib.domain.sign_in.sessions import Sessions
from lib.domain.sign_in.tickets import Place, Tickets
from lib.ports.clock import Clock
from lib.use_cases.sign_in.change_sessions import ChangeSessions
from lib.use_cases.sign_in.look_up_session import LookUpSession
from lib.use_cases.sign_in.outcomes import Kept


class Cookied(NamedTuple):
    """The access that a cookie gives. `renewed`: the cookie that replaces it; None for none."""

    access: Access
    renewed: Kept | None


class UseCookie:
    """Read a cookie, which names a session and nothing else.

    Cost: the look at the session; one point read and one write more when the cookie is renewed,
    each ACCESS_LIFE. Concurrency: calls at the same time renew the cookie each, and the session's
    last use is written once.
    """

    def __init__(
        self, tickets: Tickets, look_up: LookUpSession, change: ChangeSessions, clock: Clock
    ) -> None:
        self._tickets = tickets
        self._look_up = look_up
        self._change = change
        self._clock = clock

    def cookie(self, place: Place, ends_at: datetime, now: datetime) -> Kept:
        """Return the cookie of a session that ends then."""
        members = {
            "citizen": place.fiscal_code,
            "session": place.session_id,
            "made": timestamp(now),
        }
        return Kept("session", self._tickets.seal("session", members, now), ends_at - now)

    async def __call__(self, value: str) -> Cookied:
        """Return the access; raise InvalidTokenError, InsufficientScopeError, UnavailableError."""
        now = self._clock.now()
        members: dict[str, Any] | None = self._tickets.open("session", value, now)
        if members is None:
            raise InvalidTokenError("the cookie is not valid")
        place = Place(FiscalCode(members["citizen"]), SessionId(members["session"]))
        live = await self._look_up(place.fiscal_code, place.session_id)
        if live is None:
            raise InvalidTokenError("the session of the cookie has ended")
        session = live.session
        if INBOX not in session.scope:
            raise InsufficientScopeError(INBOX)
        access = Access.to_own_inbox(session.citizen(place.fiscal_code), session.id)
        if now - parse_timestamp(members["made"]) < ACCESS_LIFE:
            return Cookied(access, None)
        await self._note_use(place, now)
        return Cookied(access, self.cookie(place, session.ends_at, now))

    async def _note_use(self, place: Place, now: datetime) -> None:
        def used(sessions: Sessions) -> tuple[Sessions, None]:
            session = sessions.find(place.session_id)
            if session is None or now - session.last_used_at < ACCESS_LIFE:
                return sessions, None
            return sessions.changed(replace(session, last_used_at=now)), None

        await self._change(place.fiscal_code, used)
