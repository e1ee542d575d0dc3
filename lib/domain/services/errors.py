"""Errors of services: rights, recipients and amounts."""

from lib.domain.shared.errors import ForbiddenError, LimitExceededError, ResourceNotFoundError


class ServiceNotFoundError(ResourceNotFoundError):
    """The service does not exist."""


class SubscriptionNotFoundError(ResourceNotFoundError):
    """The subscription does not exist."""


class RecipientForbiddenError(ForbiddenError):
    """The service may write to a list of citizens only, and the list lacks the recipient."""


class ProductionForbiddenError(ForbiddenError):
    """The service has no right to write to citizens."""


class AmountTooHighError(LimitExceededError):
    """The amount exceeds the service's maximum. Both are in euro cents.

    `pointer`: the JSON pointer of the field that holds the amount.
    """

    def __init__(self, *, amount: int, maximum: int, pointer: str) -> None:
        super().__init__("amount too high")
        self.amount = amount
        self.maximum = maximum
        self.pointer = pointer
