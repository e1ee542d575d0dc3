"""Registers of representatives that tests steer."""

from collections.abc import Sequence
from datetime import date

from lib.domain.parties.delegation import DelegationKind
from lib.domain.shared.identifiers import FiscalCode
from lib.domain.shared.values import Masked
from lib.ports.errors import UnavailableError
from lib.ports.registers.representatives import Represented


class Registers:
    """Registers. `asked`: the persons that they were asked about; `is_away`: they do not answer."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.is_away = False
        self._listed: dict[str, tuple[Represented, ...]] = {}

    def list(
        self,
        person: str,
        party: str,
        kind: DelegationKind = DelegationKind.GUARDIAN,
        *,
        born: date | None = None,
        last_day: date | None = None,
    ) -> None:
        """Let a person represent a party, beside the ones before."""
        one = Represented(FiscalCode(party), Masked("La Parte"), kind, born, last_day)
        self._listed[person] = (*self._listed.get(person, ()), one)

    def strike(self, person: str) -> None:
        """Let a person represent nobody any more."""
        self._listed.pop(person, None)

    async def represented_by(self, fiscal_code: str) -> Sequence[Represented]:
        """Return whom a person represents."""
        self.asked.append(fiscal_code)
        if self.is_away:
            raise UnavailableError("away")
        return self._listed.get(fiscal_code, ())

    async def close(self) -> None:
        """Release nothing."""
