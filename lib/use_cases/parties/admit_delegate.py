"""Admit a person to the inbox of another party, by the delegation that is in force now."""

from dataclasses import replace

from lib.domain.identity.access import Access
from lib.domain.identity.acting import ActingClaim
from lib.domain.parties.admission import Admission
from lib.domain.parties.errors import MissingRightError, NotDelegateError, OwnerAloneError
from lib.ports.clock import Clock
from lib.repositories.parties.parties import Parties


class AdmitDelegate:
    """Turn the access of a person to their own inbox into that of a delegate.

    A token says for whom its person acts; the delegation itself says whether they may. It is read
    at each call, so that one that was ended is refused at once. Cost: one point read.
    """

    def __init__(self, parties: Parties, clock: Clock) -> None:
        self._parties = parties
        self._clock = clock

    async def __call__(self, access: Access, claim: ActingClaim, admission: Admission) -> Access:
        """Return the access of the delegate, with its bounds.

        Raise OwnerAloneError, NotDelegateError, MissingRightError.
        """
        if admission.right is None:
            raise OwnerAloneError
        given = await self._parties.given(claim.party)
        delegate, now = access.actor.fiscal_code, self._clock.now()
        delegation = given.in_force(delegate, claim.delegation_id, now)
        if delegation is None:
            raise NotDelegateError
        if admission.right not in delegation.terms.rights:
            raise MissingRightError(admission.right)
        return replace(access, subject=claim.party, bounds=delegation.bounds())
