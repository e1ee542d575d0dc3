"""Replace a configuration of remote content as a whole."""

from lib.domain.remote_content.checking import check
from lib.domain.remote_content.configuration import Configuration
from lib.domain.remote_content.secrets import masked_fields, secrets_of
from lib.domain.services.subscription import Manager
from lib.repositories.remote_content.configurations import Configurations, StoredConfiguration
from lib.repositories.shared.optimistic import until_written
from lib.use_cases.remote_content.create_configuration import CreateConfiguration
from lib.use_cases.remote_content.read_configurations import ReadConfigurations


class ReplaceConfiguration:
    """Replace the content of a configuration; a mask keeps the secret that is stored."""

    def __init__(
        self,
        read: ReadConfigurations,
        create: CreateConfiguration,
        configurations: Configurations,
        *,
        on_this_machine: bool,
    ) -> None:
        self._read = read
        self._create = create
        self._configurations = configurations
        self._on_this_machine = on_this_machine

    async def __call__(self, manager: Manager, id_: str, content: Configuration) -> None:
        """Replace the configuration; of several calls, the last one counts.

        The first replacement gives a configuration of version 2026.11 its content.
        Raise UnknownConfigurationError, NotAllowedError, InvalidConfigurationError,
        SecretLostError, RemoteContentOffError.
        Cost: one point read and one replace.
        """
        stored = await self._read.find(manager, id_)
        if stored is None:
            await self._create.under(id_, manager, content)
            return
        before: StoredConfiguration | None = stored

        async def attempt() -> None:
            nonlocal before
            present = before or await self._read(manager, id_)
            # an attempt after a failed one reads again
            before = None
            await self._replace(manager, present, content)

        await until_written("the configuration", attempt)

    async def _replace(
        self, manager: Manager, stored: StoredConfiguration, content: Configuration
    ) -> None:
        configurations = self._configurations
        kept = configurations.opened(stored, masked_fields(content))
        secrets = secrets_of(content, stored.content, kept)
        check(content, secrets, on_this_machine=self._on_this_machine)
        owner = manager.organization_fiscal_code
        document = configurations.document(owner, stored.id, stored.user_id, content, secrets)
        await configurations.replace(document, stored.etag)
