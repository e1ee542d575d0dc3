"""Write a change of a citizen's sessions, and end the notifications of the devices that leave."""

import secrets
from collections.abc import Callable
from typing import Protocol

from lib.domain.shared.identifiers import FiscalCode
from lib.domain.sign_in.sessions import Sessions
from lib.repositories.shared.optimistic import until_written
from lib.repositories.sign_in.sessions import CitizensSessions
from lib.use_cases.sign_in.look_up_session import LookUpSession


class EndsNotifications(Protocol):
    """Ends the push notifications of a device, by the hash of its installation."""

    async def __call__(self, fiscal_code: FiscalCode, device: str) -> None:
        """Return once the removal is durable; raise UnavailableError."""
        ...


class ChangeSessions:
    """Change the sessions of a citizen, all or nothing.

    A device loses its notifications before its session ends. So a crash between the two leaves a
    session that the citizen can end again, and no device that gets notifications without one.
    Cost: one point read and one write; for each device that leaves what its removal costs.
    """

    def __init__(
        self,
        sessions: CitizensSessions,
        end_notifications: EndsNotifications,
        look_up: LookUpSession,
    ) -> None:
        self._sessions = sessions
        self._end_notifications = end_notifications
        self._look_up = look_up

    async def __call__[T](
        self, fiscal_code: FiscalCode, step: Callable[[Sessions], tuple[Sessions, T]]
    ) -> T:
        """Store the sessions that `step` returns, and return its other value.

        `step` may be called several times. Raise UnavailableError, and what `step` raises.
        """

        async def attempt() -> T:
            stored = await self._sessions.get(fiscal_code)
            if stored is None:
                before, etag = Sessions(secrets.token_hex(16)), None
            else:
                before, etag = stored
            after, result = step(before)
            if after == before:
                return result
            gone = tuple(after.ended_since(before))
            for device in {one.device for one in gone if one.device}:
                if not any(one.device == device for one in after.present):
                    await self._end_notifications(fiscal_code, device)
            await self._sessions.write(fiscal_code, after, etag)
            for session in gone:
                self._look_up.forget(session.id)
            return result

        return await until_written("the sessions of a citizen", attempt)

    async def read(self, fiscal_code: FiscalCode) -> Sessions | None:
        """Return the stored sessions; None for a citizen who never logged in."""
        stored = await self._sessions.get(fiscal_code)
        return None if stored is None else stored.sessions
