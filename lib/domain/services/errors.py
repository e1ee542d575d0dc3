"""Errors of services: rights, recipients and amounts."""

from lib.domain.shared.errors import (
    ForbiddenError,
    InvalidRequestError,
    LimitExceededError,
    ResourceNotFoundError,
    StateConflictError,
)
from lib.domain.shared.identifiers import ServiceId


class ServiceNotFoundError(ResourceNotFoundError):
    """The service does not exist."""


class SubscriptionNotFoundError(ResourceNotFoundError):
    """The subscription does not exist."""


class ManagedServiceNotFoundError(ResourceNotFoundError):
    """No service of this id can be managed."""

    def __init__(self, service_id: ServiceId) -> None:
        super().__init__("no such service")
        self.service_id = service_id


class PublicationNotFoundError(ResourceNotFoundError):
    """The service was never approved, so it has no form that could be public."""

    def __init__(self, service_id: ServiceId) -> None:
        super().__init__("never approved")
        self.service_id = service_id


class ServiceNotApprovedError(StateConflictError):
    """The service was never approved, so it cannot be published."""

    def __init__(self, service_id: ServiceId) -> None:
        super().__init__("never approved")
        self.service_id = service_id


class ServiceTransitionError(StateConflictError):
    """The state of the service does not allow the action."""

    def __init__(self, action: str, status: str) -> None:
        super().__init__(f"{action} of a service that is {status}")
        self.action = action
        self.status = status


class ServiceVersionError(StateConflictError):
    """The service has changed since the operator read it."""


class ServiceEditedError(StateConflictError):
    """The service has changed since its organisation read it."""


class ForeignOrganizationError(ForbiddenError):
    """The service names an organisation other than the one that the manage key acts for."""


class TopicNotFoundError(InvalidRequestError):
    """The topic of the service does not exist."""


class LogoInvalidError(InvalidRequestError):
    """The logo is no PNG image that can be shown. `reason`: why not."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class LogoNotFoundError(ResourceNotFoundError):
    """There is no such logo."""


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
