"""Port to the national register of residents (ANPR)."""

from typing import Literal, Protocol

type Standing = Literal["ALIVE", "DEAD", "UNKNOWN"]
"""UNKNOWN: the register does not have the citizen, or does not tell."""


class Residents(Protocol):
    """The register of residents, which is asked about one citizen at a time."""

    async def standing(self, fiscal_code: str) -> Standing:
        """Tell whether a citizen is alive, by the register.

        Raises: UnavailableError.
        """
        ...

    async def close(self) -> None:
        """Release connections."""
        ...
