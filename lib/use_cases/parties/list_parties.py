"""List the parties for whom a person may act, and the delegations that a person gave."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import NamedTuple

from lib.domain.identity.access import Access
from lib.domain.identity.acting import DelegationId, Told
from lib.domain.parties.delegation import Delegation
from lib.domain.parties.held import Held, Lead
from lib.domain.shared.identifiers import FiscalCode, ServiceId
from lib.ports.clock import Clock
from lib.repositories.parties.parties import Parties
from lib.use_cases.parties.follow_register import FollowRegister


class Party(NamedTuple):
    """A party for whom a person may act, or might until lately, and the delegation."""

    owner: FiscalCode
    delegation: Delegation


type PartyOf = Callable[[FiscalCode, DelegationId], Awaitable[Party | None]]
"""Returns the party of a delegate's delegation that is in force; see ListParties."""


class ListParties:
    """Return the delegations of which a person is the delegate, each as it is now.

    The registers of representatives are asked first, as FollowRegister says.
    Cost: one point read, and one for each party.
    """

    def __init__(self, parties: Parties, follow: FollowRegister, clock: Clock) -> None:
        self._parties = parties
        self._follow = follow
        self._clock = clock

    async def __call__(self, access: Access) -> list[Party]:
        """Return the parties, the latest one first, with those that ended lately."""
        held = await self._follow(access.actor)
        found = await asyncio.gather(*(self._party(one, access.subject) for one in held.all))
        return [one for one in reversed(found) if one is not None]

    async def acting(self, access: Access, id_: DelegationId) -> Party | None:
        """Return the party of a person's delegation that is in force; None without one.

        Cost: two point reads; what FollowRegister costs.
        """
        return await self._found(access.subject, await self._follow(access.actor), id_)

    async def party_of(self, delegate: FiscalCode, id_: DelegationId) -> Party | None:
        """Return the party of a delegation that is in force; None without one.

        Cost: two point reads.
        """
        return await self._found(delegate, await self._parties.held(delegate), id_)

    async def told_of(self, owner: FiscalCode, service_id: ServiceId) -> tuple[Told, ...]:
        """Return the delegates whom the owner lets be told of messages of the service.

        Cost: one point read.
        """
        return (await self._parties.given(owner)).told_of(service_id, self._clock.now())

    async def given(self, access: Access) -> list[Delegation]:
        """Return the delegations that the person gave or offered, the latest first.

        Cost: one point read.
        """
        given = await self._parties.given(access.subject)
        now = self._clock.now()
        return [one for one in reversed(given.all) if not one.is_forgotten(now)]

    async def _found(self, delegate: FiscalCode, held: Held, id_: DelegationId) -> Party | None:
        lead = held.find(id_)
        if lead is None:
            return None
        given = await self._parties.given(lead.owner)
        found = given.in_force(delegate, id_, self._clock.now())
        return None if found is None else Party(lead.owner, found)

    async def _party(self, lead: Lead, delegate: FiscalCode) -> Party | None:
        found = (await self._parties.given(lead.owner)).find(lead.id)
        if found is None or not found.is_of(delegate) or found.is_forgotten(self._clock.now()):
            return None
        return Party(lead.owner, found)
