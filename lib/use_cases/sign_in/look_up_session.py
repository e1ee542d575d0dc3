"""Tell whether the session of a token or a cookie still goes on."""

from datetime import datetime
from typing import Final, NamedTuple

from cachetools import TTLCache

from lib.domain.shared.identifiers import FiscalCode, SessionId
from lib.domain.sign_in.rules import SignInRules
from lib.domain.sign_in.session import Session
from lib.ports.clock import Clock
from lib.repositories.shared.loading_cache import LoadingCache
from lib.repositories.sign_in.sessions import CitizensSessions

LOOK_SECONDS: Final = 10
"""How long after its end a session may still be taken for live, in another process than its end."""
_MOST_ENDED: Final = 100_000


class LiveSession(NamedTuple):
    """A session that goes on. `not_before`: its citizen's tokens from before it are refused."""

    session: Session
    not_before: datetime | None


class LookUpSession:
    """Look at a session at most once in LOOK_SECONDS.

    The sessions of clients that the rules do not name are over, and so are those of a login whose
    level of assurance they no longer accept.
    Cost: one point read for a session that this process has not looked at lately.
    Concurrency: a session that this process ends is over here at once, also while a look is under
    way.
    """

    def __init__(self, sessions: CitizensSessions, clock: Clock, rules: SignInRules) -> None:
        self._sessions = sessions
        self._rules = rules
        self._clock = clock
        self._looks = LoadingCache(self._load, seconds=LOOK_SECONDS, absent_seconds=LOOK_SECONDS)
        self._ended = TTLCache[SessionId, None](_MOST_ENDED, 2 * LOOK_SECONDS)

    async def __call__(self, fiscal_code: FiscalCode, session_id: SessionId) -> LiveSession | None:
        """Return the session; None for one that is over. Raise UnavailableError."""
        found = await self._looks.get((fiscal_code, session_id))
        if found is None or session_id in self._ended:
            return None
        return found if found.session.is_live(self._clock.now()) else None

    def forget(self, session_id: SessionId) -> None:
        """Take the session for ended from now on."""
        self._ended[session_id] = None

    async def _load(self, key: tuple[FiscalCode, SessionId]) -> LiveSession | None:
        fiscal_code, session_id = key
        stored = await self._sessions.get(fiscal_code)
        session = None if stored is None else stored.sessions.find(session_id)
        if stored is None or session is None or session.pending is not None:
            return None
        rules = self._rules
        if session.client_id not in rules.clients or session.acr not in rules.acr_values:
            return None
        return LiveSession(session, stored.sessions.not_before)
