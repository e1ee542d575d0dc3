"""Read an organisation's configurations of remote content."""

from lib.domain.identity.errors import NotAllowedError
from lib.domain.remote_content.errors import UnknownConfigurationError
from lib.domain.services.subscription import Manager
from lib.repositories.remote_content.configurations import Configurations, StoredConfiguration
from lib.repositories.remote_content.ownerships import Ownerships


class ReadConfigurations:
    """Read one configuration, or all configurations of an organisation."""

    def __init__(self, ownerships: Ownerships, configurations: Configurations) -> None:
        self._ownerships = ownerships
        self._configurations = configurations

    async def __call__(self, manager: Manager, id_: str) -> StoredConfiguration:
        """Return the configuration.

        Raise UnknownConfigurationError, and NotAllowedError for one of another organisation.
        Cost: one point read; one more if the organisation has no such configuration.
        """
        stored = await self.find(manager, id_)
        if stored is None:
            raise UnknownConfigurationError(id_)
        return stored

    async def find(self, manager: Manager, id_: str) -> StoredConfiguration | None:
        """Return the configuration; None for one of version 2026.11, which has no content yet.

        Raise UnknownConfigurationError, NotAllowedError.
        """
        stored = await self._configurations.get(manager.organization_fiscal_code, id_)
        if stored is not None:
            return stored
        ownership = await self._ownerships.get(id_)
        if ownership is None:
            raise UnknownConfigurationError(id_)
        if not ownership.is_of(manager):
            raise NotAllowedError
        return None

    async def all_of(self, manager: Manager) -> list[StoredConfiguration]:
        """Return the organisation's configurations, the oldest first.

        Cost: one point read, and one for each configuration.
        """
        return await self._configurations.all_of(manager.organization_fiscal_code)
