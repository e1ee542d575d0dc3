"""A register of residents for the sandbox: the fiscal codes of made-up citizens say who is dead."""

from typing import Final

from lib.ports.errors import UnavailableError
from lib.ports.registers.residents import Standing

DEAD: Final = "DECEDU00A00A000A"
UNKNOWN: Final = "IGNOTO00A00A000A"
SILENT: Final = "SLNTXX80A01H501U"
"""The fiscal code for which the register does not answer."""


class ScriptedResidents:
    """A register in which each other citizen is alive."""

    async def standing(self, fiscal_code: str) -> Standing:
        """Tell whether a citizen is alive; see lib.ports.registers.residents."""
        if fiscal_code == SILENT:
            raise UnavailableError("the register of residents did not answer in time")
        if fiscal_code == DEAD:
            return "DEAD"
        return "UNKNOWN" if fiscal_code == UNKNOWN else "ALIVE"

    async def close(self) -> None:
        """Do nothing, since there is no connection."""
