"""Port to the register of citizens' digital domiciles (INAD)."""

from collections.abc import Mapping, Sequence
from typing import Final, Protocol

from lib.domain.shared.values import Masked

MOST_CODES: Final = 1000
"""The most fiscal codes of a list."""


class DigitalDomiciles(Protocol):
    """The register of digital domiciles, which is asked for lists of citizens.

    The register prepares a list within some minutes, and keeps it for a while. Raises:
    UnavailableError, from any method but `close`.
    """

    async def ask(self, fiscal_codes: Sequence[str], reference: str) -> str:
        """Ask for the domiciles of up to MOST_CODES citizens; return the id of the list.

        `reference`: the proceeding for which the register is asked.
        """
        ...

    async def answer(
        self, list_id: str, fiscal_codes: Sequence[str]
    ) -> Mapping[str, Masked] | None:
        """Return the domiciles, certified e-mail addresses by fiscal code; None while not ready.

        A citizen without a domicile is left out. `fiscal_codes`: those of the list.

        Raises: NotFoundError for a list that the register does not keep.
        """
        ...

    async def close(self) -> None:
        """Release connections."""
        ...
