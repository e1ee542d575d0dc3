"""End a delegation, by its owner or by its delegate."""

from lib.domain.identity.access import Access
from lib.domain.identity.acting import DelegationId
from lib.domain.parties.delegation import Side
from lib.domain.parties.errors import NoSuchDelegationError
from lib.domain.shared.identifiers import FiscalCode
from lib.ports.clock import Clock
from lib.repositories.parties.parties import Parties


class EndDelegation:
    """End a delegation at once: the next call of the delegate is refused.

    Cost: two point reads and one write; by the delegate one point read more.
    Concurrency: an ended delegation stays as it is, so a repeated call changes nothing. An offer
    that is taken at the same time is ended all the same, unless the end comes first: then nobody
    takes it.
    """

    def __init__(self, parties: Parties, clock: Clock) -> None:
        self._parties = parties
        self._clock = clock

    async def by_owner(self, access: Access, id_: DelegationId) -> None:
        """End a delegation that this person gave.

        Raise NoSuchDelegationError; RegisteredDelegationError for one from a register.
        """
        now = self._clock.now()
        (await self._parties.given(access.subject)).ended(id_, Side.OWNER, now)
        await self._parties.change_given(
            access.subject, lambda given: given.ended(id_, Side.OWNER, now)
        )

    async def by_delegate(self, access: Access, id_: DelegationId) -> FiscalCode:
        """End a delegation of which this person is the delegate; return its owner.

        Raise NoSuchDelegationError.
        """
        lead = (await self._parties.held(access.subject)).find(id_)
        if lead is None:
            raise NoSuchDelegationError
        found = (await self._parties.given(lead.owner)).find(id_)
        if found is None or not found.is_of(access.subject):
            raise NoSuchDelegationError
        now = self._clock.now()
        await self._parties.change_given(
            lead.owner, lambda given: given.ended(id_, Side.DELEGATE, now)
        )
        return lead.owner
