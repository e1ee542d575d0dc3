"""Whether the data folder can be served from: looked at before each worker is started."""

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
"""What the host alone keeps: on the azure stack nothing else of the folder is used."""


class DataCheck:
    """Looks at the database files in a thread."""

    def __init__(self, folder: Path, log: HostLog) -> None:
        self._folder, self._log = folder, log
        self._names = _HOST_ONLY if os.environ.get("STACK") == "azure" else DATABASES

    async def at_start(self) -> None:
        """Raise HostError where a file is damaged, missing, of another layout or out of reach."""
        try:
            await self._check(thorough=True)
        except OSError as error:
            raise HostError(f"{self._folder}: {error}") from None

    async def before_another(self, *, thorough: bool) -> None:
        """Raise HostError where another worker could not serve either; `thorough`: one failed."""
        try:
            await self._check(thorough=thorough)
        except OSError as error:  # it may pass
            self._log.warning(f"the data folder cannot be checked: {error}")

    async def when_ready(self) -> None:
        """Note which files there are, so that one that is missing is noticed from now on."""
        try:
            await asyncio.to_thread(name_databases, self._folder)
        except OSError as error:
            self._log.warning(f"the data folder's files are not noted: {error}")

    async def _check(self, *, thorough: bool) -> None:
        try:
            await asyncio.to_thread(check_folder, self._folder, self._names, thorough=thorough)
        except DataFolderError as error:
            raise HostError(str(error)) from None
