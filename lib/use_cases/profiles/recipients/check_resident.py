"""Tell whether a citizen is dead, by the register of residents."""

from lib import telemetry
from lib.domain.profiles.choices import Rejection
from lib.domain.shared.identifiers import is_company
from lib.domain.shared.values import timestamp
from lib.ports.clock import Clock
from lib.ports.errors import UnavailableError
from lib.ports.registers.residents import Residents
from lib.repositories.profiles.residents import ResidentStandings


class CheckResident:
    """Ask the register about a citizen at most once in some days.

    Only a death stops a message. A register that does not answer, or does not have the citizen,
    stops none: a citizen with a profile has logged in, and some live abroad.
    Cost: none where the check is off; else one point read, and one call of the register and one
    upsert in `days`.
    Concurrency: two checks at the same time ask twice and store the same.
    """

    def __init__(
        self,
        register: Residents | None,
        standings: ResidentStandings,
        clock: Clock,
        *,
        days: int,
    ) -> None:
        self._register = register if days else None
        self._standings = standings
        self._clock = clock
        self._days = days

    async def __call__(self, fiscal_code: str) -> Rejection | None:
        """Return the rejection of messages to a dead citizen; else None. Raise UnavailableError."""
        if self._register is None or is_company(fiscal_code):
            return None
        standing = await self._standings.get(fiscal_code)
        if standing is None:
            try:
                standing = await self._register.standing(fiscal_code)
            except UnavailableError as error:
                telemetry.resident_unasked(error)
                return None
            at = timestamp(self._clock.now())
            await self._standings.put(fiscal_code, standing, at, self._days)
        return Rejection.DECEASED if standing == "DEAD" else None
