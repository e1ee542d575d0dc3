"""Errors of profiles, preferences and e-mail addresses."""

from lib.domain.shared.errors import (
    InvalidRequestError,
    LimitExceededError,
    ResourceNotFoundError,
    StateConflictError,
)


class ProfileNotFoundError(ResourceNotFoundError):
    """The citizen has no profile."""


class RecipientNotFoundError(ResourceNotFoundError):
    """The citizen has no profile, or the inbox is off; the sender does not learn the reason."""


class ActivationNotFoundError(ResourceNotFoundError):
    """The citizen has no activation of the service."""


class SendNotAvailableError(ResourceNotFoundError):
    """The installation does not deliver notifications of SEND."""


class FeedNotAvailableError(ResourceNotFoundError):
    """The feed of the day cannot be read. `detail` says from when, or why not any more."""

    def __init__(self, title: str, detail: str) -> None:
        super().__init__(title)
        self.title = title
        self.detail = detail


class SettingsConflictError(StateConflictError):
    """The change conflicts with the citizen's current settings. `detail` says why."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


class NothingToValidateError(InvalidRequestError):
    """The citizen has no e-mail address, or the address is already validated."""


class EmailAlreadyTakenError(StateConflictError):
    """Another citizen has validated the e-mail address."""

    def __init__(self) -> None:
        super().__init__("e-mail address already taken")


class ValidationTooSoonError(LimitExceededError):
    """The citizen asked for too many validation e-mails. `seconds`: how long to wait."""

    def __init__(self, seconds: float) -> None:
        super().__init__("too soon")
        self.seconds = seconds


class LeavingError(StateConflictError):
    """The citizen's data is being deleted, so that no profile can be written until it is done."""
