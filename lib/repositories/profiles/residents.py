"""Store what the register of residents said of citizens, until it is asked again."""

from typing import Final

from lib.ports.documents import DAY_SECONDS, DocumentStore
from lib.ports.errors import NotFoundError
from lib.ports.registers.residents import Standing
from lib.ports.schema.citizens import STANDINGS

STANDING_ID: Final = "resident"


class ResidentStandings:
    """Read and write answers of the register. Cost: one point read or one write for each call."""

    def __init__(self, store: DocumentStore) -> None:
        self._store = store

    async def get(self, fiscal_code: str) -> Standing | None:
        """Return the answer that still counts; None without one."""
        try:
            stored = await self._store.read(STANDINGS, fiscal_code, STANDING_ID)
        except NotFoundError:
            return None
        standing: Standing = stored.document["standing"]
        return standing

    async def put(self, fiscal_code: str, standing: Standing, at: str, days: int) -> None:
        """Store an answer that counts for some days. `at`: as `values.timestamp` writes it."""
        await self._store.upsert(
            STANDINGS,
            {
                "id": STANDING_ID,
                "fiscal_code": fiscal_code,
                "standing": standing,
                "asked_at": at,
                "ttl": days * DAY_SECONDS,
            },
        )
