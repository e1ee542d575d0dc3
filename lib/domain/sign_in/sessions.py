"""All sessions of one citizen."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Self

from lib.domain.shared.identifiers import SessionId
from lib.domain.sign_in.session import Session

MAX_SESSIONS: Final = 20
"""The most sessions of one citizen; a new one takes the place of the one used longest ago."""


@dataclass(frozen=True, slots=True)
class Sessions:
    """A citizen's sessions, the last created last.

    `subject`: the name of the citizen in tokens, which tells nothing about them and stays the same.
    `not_before`: tokens that were issued before are refused; None where nothing is.
    """

    subject: str
    present: tuple[Session, ...] = ()
    not_before: datetime | None = None

    def find(self, session_id: SessionId) -> Session | None:
        """Return the session with this id."""
        return next((one for one in self.present if one.id == session_id), None)

    def live(self, now: datetime) -> tuple[Session, ...]:
        """Return the sessions that are in use, the last created first."""
        return tuple(one for one in reversed(self.present) if one.is_live(now))

    def including(self, session: Session, now: datetime) -> Self:
        """Add a session; remove those that are over, and the one used longest ago at the limit."""
        others = [one for one in self.present if not one.is_over(now) and one.id != session.id]
        while len(others) >= MAX_SESSIONS:
            others.remove(min(others, key=lambda one: one.last_used_at))
        return replace(self, present=(*others, session))

    def changed(self, session: Session) -> Self:
        """Replace the session with this id."""
        present = tuple(session if one.id == session.id else one for one in self.present)
        return replace(self, present=present)

    def without(self, session_id: SessionId) -> Self:
        """Remove a session."""
        return replace(self, present=tuple(one for one in self.present if one.id != session_id))

    def ended(self, now: datetime) -> Self:
        """Remove all sessions, and refuse every token that was issued before."""
        return replace(self, present=(), not_before=now)

    def ended_since(self, before: Self) -> Iterable[Session]:
        """Return the sessions that were present before, and are not now."""
        left = {one.id for one in self.present}
        return (one for one in before.present if one.id not in left)
