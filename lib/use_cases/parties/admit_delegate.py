"""Admit a person to the inbox of another party, by the delegation that is in force now."""

from dataclasses import replace

from lib.domain.identity.access import Access
from lib.domain.identity.acting import ActingClaim
from lib.domain.parties.admission import Admission
from lib.domain.parties.delegation import Delegation
from lib.domain.parties.errors import MissingRightError, NotDelegateError, OwnerAloneError
from lib.ports.clock import Clock
from lib.repositories.parties.parties import Parties
from lib.use_cases.parties.follow_register import FollowRegister


class AdmitDelegate:
    """Turn the access of a person to their own inbox into that of a delegate.

    A token says for whom its person acts; the delegation itself says whether they may. It is read
    at each call, so that one that was ended is refused at once. Where none is in force, or the
    answer of a register is old, the registers are asked as FollowRegister says.
    Cost: one point read; with registers two more for a person without a delegation, and then.
    """

    def __init__(self, parties: Parties, follow: FollowRegister, clock: Clock) -> None:
        self._parties = parties
        self._follow = follow
        self._clock = clock

    async def __call__(self, access: Access, claim: ActingClaim, admission: Admission) -> Access:
        """Return the access of the delegate, with its bounds.

        Raise OwnerAloneError, NotDelegateError, MissingRightError.
        """
        if admission.right is None:
            raise OwnerAloneError
        delegation = await self._in_force(access, claim)
        if self._is_to_ask(delegation):
            await self._follow(access.actor)
            delegation = await self._in_force(access, claim)
        if delegation is None:
            raise NotDelegateError
        if admission.right not in delegation.terms.rights:
            raise MissingRightError(admission.right)
        return replace(access, subject=claim.party, bounds=delegation.bounds())

    def _is_to_ask(self, delegation: Delegation | None) -> bool:
        if delegation is None:
            return self._follow.is_due("")
        return delegation.is_registered and self._follow.is_due(delegation.changed_at)

    async def _in_force(self, access: Access, claim: ActingClaim) -> Delegation | None:
        given = await self._parties.given(claim.party)
        delegate, id_ = access.actor.fiscal_code, claim.delegation_id
        return given.in_force(delegate, id_, self._clock.now())
