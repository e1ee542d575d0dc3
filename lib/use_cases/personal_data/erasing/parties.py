"""Delete the delegations that an erased citizen gave and holds, at both of their sides."""

from lib.domain.shared.identifiers import FiscalCode
from lib.repositories.parties.parties import Parties


class EraseParties:
    """Take the citizen out of the documents of the other sides, and then delete the citizen's own.

    Cost: two point reads and two deletes; for each delegation a read and a write.
    Concurrency: a run that died is repeated, and the citizen's own documents still lead it.
    """

    def __init__(self, parties: Parties) -> None:
        self._parties = parties

    async def __call__(self, fiscal_code: str) -> None:
        """Return once nobody's delegation names the citizen. Raise UnavailableError."""
        citizen = FiscalCode(fiscal_code)
        await self._parties.without_leads((await self._parties.given(citizen)).all)
        held = await self._parties.held(citizen)
        for owner in {lead.owner for lead in held.all}:
            await self._parties.change_given(owner, lambda found: found.without(citizen))
        await self._parties.forget(citizen)
