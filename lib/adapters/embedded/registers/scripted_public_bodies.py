"""A register of public bodies for the sandbox: a list of made-up bodies."""

from typing import Final

from lib.domain.shared.identifiers import OrganizationFiscalCode
from lib.ports.errors import UnavailableError
from lib.ports.registers.public_bodies import PublicBody


def _body(fiscal_code: str, name: str, ipa_code: str, *domiciles: str) -> PublicBody:
    return PublicBody(OrganizationFiscalCode(fiscal_code), name, ipa_code, domiciles)


BODIES: Final = (
    _body("00000000018", "Comune di Prova", "c_prova", "protocollo@comune.prova.example.org"),
    _body(
        "00000000026",
        "Unione dei Comuni di Prova",
        "u_prova",
        "protocollo@unione.prova.example.org",
        "tributi@unione.prova.example.org",
    ),
)
SILENT: Final = "00000000034"
"""The fiscal code for which the register does not answer."""


class ScriptedPublicBodies:
    """A register with BODIES alone; it is away for SILENT."""

    async def find(self, fiscal_code: OrganizationFiscalCode) -> PublicBody | None:
        """Return the body of this fiscal code; see lib.ports.registers.public_bodies."""
        if fiscal_code == SILENT:
            raise UnavailableError("the register of public bodies did not answer in time")
        return next((one for one in BODIES if one.fiscal_code == fiscal_code), None)

    async def close(self) -> None:
        """Do nothing, since there is no connection."""
