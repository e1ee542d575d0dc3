"""A scanner for the sandbox, which finds the test file of the makers of scanners (EICAR)."""

from collections.abc import AsyncIterable
from typing import Final

EICAR: Final = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
"""The test file. It is harmless; it stands here in two parts, so that no scanner finds it here."""
NAME: Final = "Eicar-Test-Signature"


class ScriptedScanner:
    """A scanner that knows EICAR alone, also where it lies across two blocks."""

    async def scan(self, blocks: AsyncIterable[bytes]) -> str | None:
        """Return the name of the test file; see lib.ports.files.scanner."""
        rest = b""
        async for block in blocks:
            if EICAR in rest + block:
                return NAME
            rest = (rest + block)[-len(EICAR) :]
        return None

    async def close(self) -> None:
        """Do nothing, since there is no connection."""
