"""Errors of organisations: applications, trials and delegations."""

from lib.domain.shared.errors import (
    ForbiddenError,
    InvalidRequestError,
    LimitExceededError,
    ResourceNotFoundError,
    StateConflictError,
)


class OrganizationNotFoundError(ResourceNotFoundError):
    """The organisation does not exist, or the caller has no right to know that it exists."""


class CodeNotFoundError(ResourceNotFoundError):
    """No application waits for this code: the code is wrong or too old."""


class TooManyApplicationsError(LimitExceededError):
    """The address applied too often. `seconds`: the time until it may apply again."""

    def __init__(self, seconds: int) -> None:
        super().__init__("too many applications")
        self.seconds = seconds


class TrialCapError(LimitExceededError):
    """An organisation on trial has sent its messages of the day.

    `cap`: the messages of a day in Italy. `seconds`: the time until the next day.
    """

    def __init__(self, cap: int, seconds: int) -> None:
        super().__init__("the trial's messages of the day are used up")
        self.cap = cap
        self.seconds = seconds


class OrganizationExistsError(StateConflictError):
    """There is an organisation of this fiscal code."""


class KeyInUseError(StateConflictError):
    """The manage key to replace is the one with which the caller calls."""


class DelegationNotFoundError(ResourceNotFoundError):
    """The organisation has no delegation to this intermediary."""


class DelegationInactiveError(StateConflictError):
    """The delegation is not accepted yet, has ended, or was revoked."""


class SelfDelegationError(InvalidRequestError):
    """An organisation cannot be its own intermediary."""


class DelegationEndError(InvalidRequestError):
    """The end of a delegation is past: a delegation is ended by its revocation."""


class NotDelegatedError(ForbiddenError):
    """The delegation does not include the service."""
