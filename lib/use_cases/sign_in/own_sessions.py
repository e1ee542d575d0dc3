"""A citizen's own sessions: list them, end one or all, and bind a device to one."""

from dataclasses import replace
from typing import NamedTuple

from lib.domain.devices.devices import device_hash
from lib.domain.identity.access import Access
from lib.domain.shared.identifiers import SessionId
from lib.domain.shared.pseudonym import Pseudonyms
from lib.domain.sign_in.errors import SessionNotFoundError
from lib.domain.sign_in.session import Session
from lib.domain.sign_in.sessions import Sessions
from lib.ports.clock import Clock
from lib.use_cases.sign_in.change_sessions import ChangeSessions
from lib.use_cases.sign_in.look_up_session import LookUpSession


class OwnSession(NamedTuple):
    """A session, and whether the call comes from it."""

    session: Session
    is_current: bool


class OwnSessions:
    """List and end the sessions of the citizen who calls.

    Cost: one point read, and one conditional write for a change.
    Concurrency: a call that is repeated changes nothing more.
    """

    def __init__(
        self, change: ChangeSessions, look_up: LookUpSession, clock: Clock, pseudonyms: Pseudonyms
    ) -> None:
        self._change = change
        self._look_up = look_up
        self._clock = clock
        self._pseudonyms = pseudonyms

    async def list(self, access: Access) -> list[OwnSession]:
        """Return the sessions that go on, the last created first."""
        sessions = await self._change.read(access.subject)
        live = () if sessions is None else sessions.live(self._clock.now())
        return [OwnSession(one, one.id == access.session_id) for one in live]

    async def current(self, access: Access) -> Session:
        """Return the session of the call; raise SessionNotFoundError."""
        found = access.session_id and await self._look_up(access.subject, access.session_id)
        if not found:
            raise SessionNotFoundError
        return found.session

    async def end(self, access: Access, session_id: SessionId) -> Session:
        """End a session, and return it; raise SessionNotFoundError, UnavailableError."""

        def without(sessions: Sessions) -> tuple[Sessions, Session | None]:
            return sessions.without(session_id), sessions.find(session_id)

        ended = await self._change(access.subject, without)
        if ended is None:
            raise SessionNotFoundError
        return ended

    async def end_all(self, access: Access) -> None:
        """End all sessions, and refuse each token from before; raise UnavailableError."""
        now = self._clock.now()
        await self._change(access.subject, lambda sessions: (sessions.ended(now), None))

    async def bind_device(self, access: Access, device_id: str) -> None:
        """Let the device lose its notifications with the session of the call.

        Cost: nothing for a device that is bound already, as this process knows it.
        """
        session_id, device = access.session_id, device_hash(self._pseudonyms, device_id)
        if session_id is None:
            return
        known = await self._look_up(access.subject, session_id)
        if known is not None and known.session.device == device:
            return

        def bound(sessions: Sessions) -> tuple[Sessions, None]:
            session = sessions.find(session_id)
            if session is None:
                return sessions, None
            return sessions.changed(replace(session, device=device)), None

        await self._change(access.subject, bound)
