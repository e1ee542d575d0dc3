"""Errors of parties and their delegates."""

from lib.domain.shared.errors import (
    ForbiddenError,
    InvalidRequestError,
    LimitExceededError,
    ResourceNotFoundError,
    StateConflictError,
)


class NotDelegateError(ForbiddenError):
    """The token names a party for whom its person may not act, or may not any more."""


class OwnerAloneError(ForbiddenError):
    """The call is for the owner of the inbox alone, and a delegate makes it."""


class MissingRightError(ForbiddenError):
    """The delegation does not give the right `right`."""

    def __init__(self, right: str) -> None:
        super().__init__("missing right")
        self.right = right


class NoSuchDelegationError(ResourceNotFoundError):
    """The citizen has no such delegation, neither given nor held."""


class OfferNotFoundError(ResourceNotFoundError):
    """No offer is open under this code."""


class OwnOfferError(StateConflictError):
    """The person who made an offer tries to take it."""


class RegisteredDelegationError(StateConflictError):
    """The delegation comes from a register, and neither side can end it here."""


class DelegationTermsError(InvalidRequestError):
    """The terms of an offer break a rule. `pointer`: the member, `reason` says why."""

    def __init__(self, pointer: str, reason: str) -> None:
        super().__init__(reason)
        self.pointer = pointer
        self.reason = reason


class TooManyDelegationsError(LimitExceededError):
    """The owner has as many delegations as an owner may have: `limit`."""

    def __init__(self, limit: int) -> None:
        super().__init__("too many delegations")
        self.limit = limit


class TooManyPartiesError(LimitExceededError):
    """The person acts for as many parties as a person may: `limit`."""

    def __init__(self, limit: int) -> None:
        super().__init__("too many parties")
        self.limit = limit
