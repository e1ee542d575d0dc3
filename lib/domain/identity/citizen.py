"""The identity of a citizen, as the identity provider states it."""

from dataclasses import dataclass
from typing import Final

from lib.domain.identity.acting import ActingClaim
from lib.domain.shared.identifiers import FiscalCode
from lib.domain.shared.values import Masked

_NONE: Final = Masked("")


@dataclass(frozen=True, slots=True)
class Citizen:
    """A citizen as the token names them. A text that the token lacks is empty. Repr: stars only.

    `birth_date`: a complete date as ISO 8601 writes it. `acting`: for whom the token says that the
    citizen acts; None for nobody else.
    """

    fiscal_code: FiscalCode
    name: Masked
    family_name: Masked
    email: Masked = _NONE
    birth_date: Masked = _NONE
    acting: ActingClaim | None = None
