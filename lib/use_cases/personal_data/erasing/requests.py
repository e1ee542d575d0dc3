"""Delete an erased citizen's copies of data, and the request for them."""

from lib.repositories.personal_data.data_requests import DataRequests
from lib.repositories.personal_data.erasing.erasure_sweeps import ErasureSweeps
from lib.use_cases.personal_data.make_archive import MakeArchive


class EraseRequests:
    """Delete the archives that the schedule still knows, and the request for the last one.

    Cost: one search of all partitions, a delete, and a delete for each archive.
    """

    def __init__(
        self, requests: DataRequests, sweeps: ErasureSweeps, make_archive: MakeArchive
    ) -> None:
        self._requests = requests
        self._sweeps = sweeps
        self._make_archive = make_archive

    async def __call__(self, fiscal_code: str) -> None:
        """Return once they are gone. Raise UnavailableError."""
        await self._requests.forget(fiscal_code)
        for archive in await self._sweeps.archives(fiscal_code):
            await self._make_archive.expire(archive)
