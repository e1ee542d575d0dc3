"""The owners of remote content configurations, and the configuration that a message names."""

from dataclasses import dataclass

from lib.domain.messages.new_message import NewMessage
from lib.domain.remote_content.errors import (
    ConfigurationMissingError,
    ConfigurationNotFoundError,
    ConfigurationNotOwnedError,
)
from lib.domain.services.service import Sender
from lib.domain.services.subscription import Manager
from lib.domain.shared.identifiers import OrganizationFiscalCode


@dataclass(frozen=True, slots=True)
class Ownership:
    """The owner of a configuration: an organisation, and the account that made it.

    `organization_fiscal_code`: None for a configuration of version 2026.11, which an account alone
    owns. `on_behalf`: the account is that of an intermediary, so the organisation alone owns it.
    """

    configuration_id: str
    user_id: str
    organization_fiscal_code: OrganizationFiscalCode | None = None
    on_behalf: bool = False

    def serves(self, sender: Sender) -> bool:
        """Tell whether messages of the sender may use the configuration.

        As in IO, an account may use its configurations for all its services. Services of the
        organisation may use it under any account.
        """
        if self.organization_fiscal_code == sender.service.organization_fiscal_code:
            return True
        return self.user_id == sender.user_id and not self.on_behalf

    def is_of(self, manager: Manager) -> bool:
        """Tell whether the manager may read and replace the configuration."""
        if self.organization_fiscal_code is None:
            return self.user_id == manager.user_id
        return self.organization_fiscal_code == manager.organization_fiscal_code


def ownership_by(manager: Manager, configuration_id: str) -> Ownership:
    """Return the ownership of a configuration that the manager makes."""
    return Ownership(
        configuration_id,
        manager.user_id,
        manager.organization_fiscal_code,
        manager.subscription.on_behalf,
    )


def configuration_named(message: NewMessage) -> str | None:
    """Return the id of the configuration that the message needs, or None.

    Raise ConfigurationMissingError.
    """
    third_party = message.content.third_party_data
    if third_party is None:
        return None
    if third_party.configuration_id is None:
        raise ConfigurationMissingError
    return third_party.configuration_id


def check_configuration(sender: Sender, ownership: Ownership | None) -> None:
    """Refuse a configuration that does not exist or belongs to others. `ownership`: its owner.

    Raise ConfigurationNotFoundError, ConfigurationNotOwnedError.
    """
    if ownership is None:
        raise ConfigurationNotFoundError
    if not ownership.serves(sender):
        raise ConfigurationNotOwnedError
