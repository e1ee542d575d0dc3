"""The configuration of remote content, which the app fetches when a message is opened."""

from dataclasses import dataclass

from lib.domain.messages.new_message import NewMessage
from lib.domain.services.errors import (
    ConfigurationMissingError,
    ConfigurationNotFoundError,
    ConfigurationNotOwnedError,
)
from lib.domain.services.service import Sender


@dataclass(frozen=True, slots=True)
class RemoteContentConfiguration:
    """A remote content configuration that a sender registered.

    `user_id`: its owner, as in `Sender`.
    """

    id: str
    user_id: str


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


def check_configuration(sender: Sender, configuration: RemoteContentConfiguration | None) -> None:
    """Refuse a configuration that does not exist or belongs to another user.

    Raise ConfigurationNotFoundError, ConfigurationNotOwnedError.
    """
    if configuration is None:
        raise ConfigurationNotFoundError
    if configuration.user_id != sender.user_id:
        raise ConfigurationNotOwnedError
