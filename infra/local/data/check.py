"""Check the data folder before each start of a worker."""

import asyncio
import os
from pathlib import Path
from typing import Final

from infra.local.errors import HostError
from infra.local.invocations.log import HostLog
from lib.adapters.embedded.data_folder import (
    DATABASES,
    TIMERS_FILE,
    DataFolderError,
    check_folder,
    name_databases,
)

_HOST_ONLY: Final = (TIMERS_FILE,)
"""The host's own files: the azure stack uses nothing else of the folder."""


class DataCheck:
    """The check of the database files, in a thread."""

    def __init__(self, folder: Path, log: HostLog) -> None:
        self._folder, self._log = folder, log
        self._names = _HOST_ONLY if os.environ.get("STACK") == "azure" else DATABASES

    async def at_start(self) -> None:
        """Raise HostError for a file that is damaged, missing, unreadable or of another layout."""
        try:
            await self._check(thorough=True)
        except OSError as error:
            raise HostError(f"{self._folder}: {error}") from None

    async def before_another(self, *, thorough: bool) -> None:
        """Raise HostError if another worker could not serve; `thorough`: after a failure."""
        try:
            await self._check(thorough=thorough)
        except OSError as error:  # The error may be temporary.
            self._log.warning(f"the data folder cannot be checked: {error}")

    async def when_ready(self) -> None:
        """Write the names of the files, so that a missing file is noticed later."""
        try:
            await asyncio.to_thread(name_databases, self._folder)
        except OSError as error:
            self._log.warning(f"the data folder's files are not noted: {error}")

    async def _check(self, *, thorough: bool) -> None:
        try:
            await asyncio.to_thread(check_folder, self._folder, self._names, thorough=thorough)
        except DataFolderError as error:
            raise HostError(str(error)) from None
