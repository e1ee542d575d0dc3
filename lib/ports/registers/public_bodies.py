"""Port to the register of public bodies (Indice dei domicili digitali, IPA)."""

from dataclasses import dataclass
from typing import Protocol

from lib.domain.shared.identifiers import OrganizationFiscalCode


@dataclass(frozen=True, slots=True)
class PublicBody:
    """A public body in the register.

    `ipa_code`: its code in the register. `domiciles`: its digital domiciles, e-mail addresses in
    lower case; the first one is that of the body itself.
    """

    fiscal_code: OrganizationFiscalCode
    name: str
    ipa_code: str
    domiciles: tuple[str, ...]


class PublicBodies(Protocol):
    """The register of public bodies."""

    async def find(self, fiscal_code: OrganizationFiscalCode) -> PublicBody | None:
        """Return the body of this fiscal code; None where the register has none.

        Raises: UnavailableError.
        """
        ...

    async def close(self) -> None:
        """Release connections."""
        ...
