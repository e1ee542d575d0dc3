"""Admit a person to the inbox of another party, by the delegation that is in force now."""

from dataclasses import replace
from typing import Final

from cachetools import TTLCache

from lib.domain.identity.access import Access
from lib.domain.identity.acting import ActingClaim, DelegationId
from lib.domain.parties.admission import Admission
from lib.domain.parties.delegation import Delegation
from lib.domain.parties.errors import MissingRightError, NotDelegateError, OwnerAloneError
from lib.domain.shared.identifiers import FiscalCode
from lib.ports.clock import Clock
from lib.repositories.parties.parties import Parties
from lib.use_cases.parties.follow_register import FollowRegister

_MOST_KNOWN: Final = 10_000
_KNOWN_SECONDS: Final = 600


class AdmitDelegate:
    """Turn the access of a person to their own inbox into that of a delegate.

    A token, or the header of a page, says for whom its person acts; the delegation itself says
    whether they may. It is read at each call, so that one that was ended is refused at once. Where
    none is in force, or the answer of a register is old, the registers are asked as FollowRegister
    says.
    Cost: one point read; with registers two more for a person without a delegation, and then. For a
    claim without the party one more, unless this process knows the party of the delegation.
    """

    def __init__(self, parties: Parties, follow: FollowRegister, clock: Clock) -> None:
        self._parties = parties
        self._follow = follow
        self._clock = clock
        # the owner of a delegation never changes, and the delegation itself is read in any case
        self._owners = TTLCache[tuple[FiscalCode, DelegationId | None], FiscalCode](
            _MOST_KNOWN, _KNOWN_SECONDS
        )

    async def __call__(self, access: Access, claim: ActingClaim, admission: Admission) -> Access:
        """Return the access of the delegate, with its bounds and its whole claim.

        Raise OwnerAloneError, NotDelegateError, MissingRightError.
        """
        if admission.right is None:
            raise OwnerAloneError
        party = claim.party if claim.party is not None else await self._party(access, claim)
        delegation = await self._in_force(access, party, claim)
        if self._is_to_ask(delegation):
            await self._follow(access.actor)
            delegation = await self._in_force(access, party, claim)
        if delegation is None:
            raise NotDelegateError
        if admission.right not in delegation.terms.rights:
            raise MissingRightError(admission.right)
        actor = replace(access.actor, acting=replace(claim, party=party))
        return replace(access, actor=actor, subject=party, bounds=delegation.bounds())

    async def _party(self, access: Access, claim: ActingClaim) -> FiscalCode:
        """Return the owner of the delegation; raise NotDelegateError where the person has none."""
        place = access.actor.fiscal_code, claim.delegation_id
        owner = self._owners.get(place)
        if owner is None:
            held = await self._follow(access.actor)
            lead = None if claim.delegation_id is None else held.find(claim.delegation_id)
            if lead is None:
                raise NotDelegateError
            owner = self._owners[place] = lead.owner
        return owner

    def _is_to_ask(self, delegation: Delegation | None) -> bool:
        if delegation is None:
            return self._follow.is_due("")
        return delegation.is_registered and self._follow.is_due(delegation.changed_at)

    async def _in_force(
        self, access: Access, party: FiscalCode, claim: ActingClaim
    ) -> Delegation | None:
        given = await self._parties.given(party)
        delegate, id_ = access.actor.fiscal_code, claim.delegation_id
        return given.in_force(delegate, id_, self._clock.now())
