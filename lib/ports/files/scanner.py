"""Port to the scanner for malware."""

from collections.abc import AsyncIterable
from typing import Protocol


class Scanner(Protocol):
    """A scanner that reads a file from its start to its end."""

    async def scan(self, blocks: AsyncIterable[bytes]) -> str | None:
        """Return the name of the malware in a file; None where the file is clean.

        Raises: UnavailableError where the scanner gives no verdict.
        """
        ...

    async def close(self) -> None:
        """Release connections."""
        ...
