"""Errors of remote content: configurations, their secrets, and messages that name them."""

from dataclasses import dataclass

from lib.domain.shared.errors import (
    ForbiddenError,
    InvalidRequestError,
    LimitExceededError,
    ResourceNotFoundError,
    StateConflictError,
)


class ConfigurationMissingError(ForbiddenError):
    """The message announces remote content, but names no configuration to fetch the content."""


class ConfigurationNotFoundError(ResourceNotFoundError):
    """The message names a remote content configuration that does not exist."""


class ConfigurationNotOwnedError(ForbiddenError):
    """The message names a remote content configuration of another user and organisation."""


class UnknownConfigurationError(ResourceNotFoundError):
    """There is no remote content configuration of this id to read, to replace or to test."""

    def __init__(self, configuration_id: str) -> None:
        super().__init__("unknown configuration")
        self.configuration_id = configuration_id


@dataclass(frozen=True, slots=True)
class FieldFault:
    """A rule that a field of a configuration breaks. `pointer`: the JSON pointer of the field."""

    pointer: str
    rule: str


class InvalidConfigurationError(InvalidRequestError):
    """Fields of the configuration break a rule. No fault repeats a value, which may be secret."""

    def __init__(self, faults: tuple[FieldFault, ...]) -> None:
        super().__init__("invalid configuration")
        self.faults = faults


class TooManyConfigurationsError(LimitExceededError):
    """The organisation has as many configurations as the limit allows."""

    def __init__(self, most: int) -> None:
        super().__init__("too many configurations")
        self.most = most


class RemoteContentOffError(StateConflictError):
    """The installation has no secret to encrypt the secrets of configurations."""


class SecretLostError(StateConflictError):
    """A stored secret of the configuration was encrypted under a secret that is gone."""


class NoEnvironmentError(InvalidRequestError):
    """The configuration has no environment for a citizen."""


class TooManyTestsError(LimitExceededError):
    """The organisation tests its configurations too often. `seconds`: the time to wait."""

    def __init__(self, seconds: int) -> None:
        super().__init__("too many tests")
        self.seconds = seconds
