"""Note in a citizen's access log that a register began or ended a delegation."""

from lib.domain.access_log.access_entry import AccessEntry, Action, Actor, ActorKind
from lib.domain.identity.acting import DelegationId
from lib.domain.shared.identifiers import FiscalCode
from lib.domain.shared.values import timestamp
from lib.ports.clock import Clock
from lib.use_cases.access_log.note_access import NoteAccess


class NoteRegistered:
    """Note what a register says about a delegation, as NoteAccess does. Cost: one create."""

    def __init__(self, note: NoteAccess, clock: Clock) -> None:
        self._note = note
        self._clock = clock

    async def __call__(
        self, fiscal_code: FiscalCode, delegation_id: DelegationId, *, begins: bool
    ) -> None:
        """Note it in the log of one of the two sides."""
        actor = Actor(ActorKind.REGISTER, delegation_id)
        action = Action.DELEGATION_REGISTERED if begins else Action.DELEGATION_ENDED
        await self._note(fiscal_code, AccessEntry(timestamp(self._clock.now()), actor, action))
