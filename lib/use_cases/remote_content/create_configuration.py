"""Create a configuration of remote content for an organisation."""

from typing import Final

from ulid import ULID

from lib.domain.remote_content.checking import check
from lib.domain.remote_content.configuration import Configuration
from lib.domain.remote_content.errors import TooManyConfigurationsError
from lib.domain.remote_content.ownership import ownership_by
from lib.domain.remote_content.secrets import Secrets, secrets_of
from lib.domain.services.subscription import Manager
from lib.ports.clock import Clock
from lib.repositories.remote_content.configurations import Configurations
from lib.repositories.remote_content.ownerships import Ownerships
from lib.repositories.shared.optimistic import until_written

MOST: Final = 50
"""The largest number of configurations of one organisation."""


class CreateConfiguration:
    """Create a configuration with its secrets sealed, or complete one of version 2026.11.

    The owner is stored before the configuration: a crash between the two leaves an owner of an id
    that nobody has learned. `on_this_machine`: URLs of this machine are accepted.
    """

    def __init__(
        self,
        ownerships: Ownerships,
        configurations: Configurations,
        clock: Clock,
        *,
        on_this_machine: bool,
    ) -> None:
        self._ownerships = ownerships
        self._configurations = configurations
        self._clock = clock
        self._on_this_machine = on_this_machine

    async def __call__(self, manager: Manager, content: Configuration) -> str:
        """Return the id of the new configuration.

        Raise InvalidConfigurationError, TooManyConfigurationsError, RemoteContentOffError.
        Cost: one point read, one upsert and one batch.
        """
        id_ = str(ULID.from_datetime(self._clock.now()))
        await self.under(id_, manager, content)
        return id_

    async def under(self, id_: str, manager: Manager, content: Configuration) -> None:
        """Create the configuration under an id that is new, or that has an owner and no content."""
        secrets: Secrets = secrets_of(content, None, {})
        check(content, secrets, on_this_machine=self._on_this_machine)
        owner, configurations = manager.organization_fiscal_code, self._configurations
        document = configurations.document(owner, id_, manager.user_id, content, secrets)
        has_owner = False

        async def attempt() -> None:
            nonlocal has_owner
            index = await configurations.index(owner)
            if id_ in index.ids:
                # an earlier attempt was written although the store did not say so
                return
            if len(index.ids) >= MOST:
                raise TooManyConfigurationsError(MOST)
            if not has_owner:
                await self._ownerships.put(ownership_by(manager, id_))
                has_owner = True
            await configurations.add(owner, index, document)

        await until_written("the list of configurations", attempt)
