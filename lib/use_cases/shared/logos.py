"""Read the logos of organisations for papers and e-mails."""

import asyncio
from typing import Final

from lib.domain.shared.identifiers import OrganizationFiscalCode
from lib.ports.blobs import Blobs
from lib.ports.errors import NotFoundError, UnavailableError
from lib.rendering.logo import prepared_logo
from lib.repositories.shared.loading_cache import LoadingCache

LOGOS: Final = "logos"
SECONDS: Final = 3600
"""The seconds for which a logo, or its absence, is kept: as everybody may keep a logo."""
MOST: Final = 256


def logo_of_organization(fiscal_code: str) -> str:
    """Return the name of the blob; IO's app asks without zeros at the beginning."""
    return f"organizations/{fiscal_code.lstrip('0')}.png"


class PreparedLogos:
    """Return the logos of organisations, prepared for papers and e-mails.

    Cost: one blob for a logo that was not read within the hour.
    """

    def __init__(self, blobs: Blobs) -> None:
        self._blobs = blobs
        self._cache = LoadingCache(self._load, seconds=SECONDS, absent_seconds=SECONDS, most=MOST)

    async def of(self, fiscal_code: OrganizationFiscalCode) -> bytes | None:
        """Return the logo as PNG; None without one, or while the blobs are unavailable.

        A logo is decoration: no paper and no e-mail waits for it.
        """
        try:
            return await self._cache.get(fiscal_code)
        except UnavailableError:
            return None

    async def _load(self, fiscal_code: OrganizationFiscalCode) -> bytes | None:
        try:
            blob = await self._blobs.get(LOGOS, logo_of_organization(fiscal_code))
        except NotFoundError:
            return None
        return await asyncio.to_thread(prepared_logo, blob.content)
