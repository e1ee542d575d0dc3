"""Who a citizen is, by their identity provider."""

from dataclasses import dataclass

from lib.domain.shared.values import FiscalCode, Masked


@dataclass(frozen=True, slots=True)
class Citizen:
    """A citizen as the token tells; a name is empty where it does not. Prints as stars."""

    fiscal_code: FiscalCode
    name: Masked
    family_name: Masked
