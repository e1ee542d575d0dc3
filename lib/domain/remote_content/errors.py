"""Errors of remote content: configurations, their secrets, and messages that name them."""

from dataclasses import dataclass
from typing import Literal

from lib.domain.shared.errors import (
    ForbiddenError,
    InvalidRequestError,
    LimitExceededError,
    ResourceNotFoundError,
    StateConflictError,
    UpstreamRefusalError,
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


class NoRemoteContentError(InvalidRequestError):
    """The message has no content at its sender."""


class RemoteContentWithdrawnError(ResourceNotFoundError):
    """The sender withdrew the message, so nothing of it is fetched."""


class ConfigurationGoneError(ResourceNotFoundError):
    """Nothing says any more where the content of the message is, for this citizen."""


class AttachmentPathError(InvalidRequestError):
    """The path or the query names nothing below the message."""


type HostRefusal = Literal["BAD_REQUEST", "FORBIDDEN", "NOT_FOUND", "BUSY"]
"""The refusals of a sender's host that the citizen's app learns as they are."""


class HostRefusedError(UpstreamRefusalError):
    """The sender's host refused the request. `part`: what was asked for, in IO's words.

    `seconds`: the time to wait, if the host names one.
    """

    def __init__(self, refusal: HostRefusal, part: str, seconds: int | None = None) -> None:
        super().__init__("the sender's host refused")
        self.refusal: HostRefusal = refusal
        self.part = part
        self.seconds = seconds


class HostFailedError(UpstreamRefusalError):
    """The sender's host failed, or gave an answer that cannot be used.

    `reason`: in words, without any value of the answer.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class HostAwayError(UpstreamRefusalError):
    """The sender's host asks to come later, or is not asked for a while. `seconds`: to wait."""

    def __init__(self, seconds: int) -> None:
        super().__init__("the sender's host is away")
        self.seconds = seconds


class HostSilentError(UpstreamRefusalError):
    """The sender's host gave no answer in time, or none at all."""


type InvalidContent = Literal[
    "ATTACHMENTS_NOT_PRESENT",
    "REMOTE_CONTENT_NOT_PRESENT",
    "MARKDOWN_VALIDATION_ERROR",
    "SUBJECT_VALIDATION_ERROR",
]
"""IO's names for what is wrong with a message of a sender's host."""


class InvalidRemoteContentError(UpstreamRefusalError):
    """The message of the sender's host lacks what was announced."""

    def __init__(self, fault: InvalidContent) -> None:
        super().__init__(fault)
        self.fault: InvalidContent = fault


class NotAPdfError(UpstreamRefusalError):
    """The attachment is no PDF document."""
