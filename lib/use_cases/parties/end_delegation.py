"""End a delegation, by its owner or by its delegate."""

import contextlib

from lib.domain.identity.access import Access
from lib.domain.identity.acting import DelegationId
from lib.domain.parties.delegation import Side
from lib.domain.parties.errors import NoSuchDelegationError
from lib.domain.shared.identifiers import FiscalCode
from lib.ports.clock import Clock
from lib.ports.errors import UnavailableError
from lib.repositories.parties.parties import Parties
from lib.repositories.profiles.delegate_flags import DelegateFlags


class EndDelegation:
    """End a delegation at once: the next call of the delegate is refused.

    Cost: two point reads and one write; by the delegate one point read more; for one whose delegate
    was told of messages two point reads and one patch more.
    Concurrency: an ended delegation stays as it is, so a repeated call changes nothing. An offer
    that is taken at the same time is ended all the same, unless the end comes first: then nobody
    takes it. The flag in the owner's profile is cleared last; if it stays, a fan-out reads in vain.
    """

    def __init__(self, parties: Parties, flags: DelegateFlags, clock: Clock) -> None:
        self._parties = parties
        self._flags = flags
        self._clock = clock

    async def by_owner(self, access: Access, id_: DelegationId) -> None:
        """End a delegation that this person gave.

        Raise NoSuchDelegationError; RegisteredDelegationError for one from a register.
        """
        (await self._parties.given(access.subject)).ended(id_, Side.OWNER, self._clock.now())
        await self._end(access.subject, id_, Side.OWNER)

    async def by_delegate(self, access: Access, id_: DelegationId) -> FiscalCode:
        """End a delegation of which this person is the delegate; return its owner.

        Raise NoSuchDelegationError; RegisteredDelegationError for one from a register.
        """
        lead = (await self._parties.held(access.subject)).find(id_)
        if lead is None:
            raise NoSuchDelegationError
        given = await self._parties.given(lead.owner)
        found = given.find(id_)
        if found is None or not found.is_of(access.subject):
            raise NoSuchDelegationError
        given.ended(id_, Side.DELEGATE, self._clock.now())
        await self._end(lead.owner, id_, Side.DELEGATE)
        return lead.owner

    async def _end(self, owner: FiscalCode, id_: DelegationId, side: Side) -> None:
        now = self._clock.now()
        given = await self._parties.change_given(owner, lambda one: one.ended(id_, side, now))
        ended = given.find(id_)
        if ended is None or not ended.terms.is_notified:
            return

        async def is_needed() -> bool:
            return (await self._parties.given(owner)).may_tell

        # the delegation has ended in any case
        with contextlib.suppress(UnavailableError):
            await self._flags.clear(owner, is_needed)
