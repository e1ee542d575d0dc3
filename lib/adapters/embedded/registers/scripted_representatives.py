"""Registers of representatives for the sandbox: made-up persons and whom they represent."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from lib.domain.parties.delegation import DelegationKind
from lib.domain.shared.identifiers import FiscalCode
from lib.domain.shared.values import Masked
from lib.ports.errors import UnavailableError
from lib.ports.registers.representatives import Represented

MOTHER: Final = "MADREX80A41H501U"
FATHER: Final = "PADREX80A01H501U"
CHILD: Final = "FIGLIO20A01H501U"
GUARDIAN: Final = "TUTORE80A01H501U"
WARD: Final = "ANZIAN40A01H501U"
REPRESENTATIVE: Final = "LEGALE80A01H501U"
OTHER_REPRESENTATIVE: Final = "PROCUR80A01H501U"
COMPANY: Final = "01234567897"
SILENT: Final = "SLNTXX80A01H501U"
"""The person about whom the registers do not answer."""

_CHILD: Final = Represented(
    FiscalCode(CHILD), Masked("Figlio Sandbox"), DelegationKind.PARENT, date(2020, 1, 1)
)
_WARD: Final = Represented(FiscalCode(WARD), Masked("Anziana Sandbox"), DelegationKind.GUARDIAN)
_COMPANY: Final = Represented(
    FiscalCode(COMPANY), Masked("Sandbox S.r.l."), DelegationKind.REPRESENTATIVE
)
_REPRESENTED: Final[Mapping[str, tuple[Represented, ...]]] = {
    MOTHER: (_CHILD,),
    FATHER: (_CHILD,),
    GUARDIAN: (_WARD,),
    REPRESENTATIVE: (_COMPANY,),
    OTHER_REPRESENTATIVE: (_COMPANY,),
}


class ScriptedRepresentatives:
    """Registers in which each other person represents nobody."""

    async def represented_by(self, fiscal_code: str) -> Sequence[Represented]:
        """Return whom a person represents; see lib.ports.registers.representatives."""
        if fiscal_code == SILENT:
            raise UnavailableError("the registers of representatives did not answer in time")
        return _REPRESENTED.get(fiscal_code, ())

    async def close(self) -> None:
        """Do nothing, since there is no connection."""
