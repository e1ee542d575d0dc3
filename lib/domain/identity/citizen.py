"""The identity of a citizen, as the identity provider states it."""

from dataclasses import dataclass

from lib.domain.shared.identifiers import FiscalCode
from lib.domain.shared.values import Masked


@dataclass(frozen=True, slots=True)
class Citizen:
    """A citizen as the token names them. A name that the token lacks is empty. Repr: stars only."""

    fiscal_code: FiscalCode
    name: Masked
    family_name: Masked
