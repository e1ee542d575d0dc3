"""Port to the registers of who represents a company, a minor or a person under guardianship."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from lib.domain.parties.delegation import DelegationKind
from lib.domain.shared.identifiers import FiscalCode
from lib.domain.shared.values import Masked


@dataclass(frozen=True, slots=True)
class Represented:
    """A party whom a person represents, by a register.

    `kind`: each but GRANTED. `birth_date`: of a minor; None where the register does not tell it.
    `last_day`: of the office or of the guardianship, in Italy; None where it has no end.
    """

    party: FiscalCode
    name: Masked
    kind: DelegationKind
    birth_date: date | None = None
    last_day: date | None = None


class Representatives(Protocol):
    """The registers of representatives, which are asked about one person at a time."""

    async def represented_by(self, fiscal_code: str) -> Sequence[Represented]:
        """Return whom a person represents today.

        Raises: UnavailableError.
        """
        ...

    async def close(self) -> None:
        """Release connections."""
        ...
