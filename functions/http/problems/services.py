"""How the API answers the errors of services."""

from typing import Any, Final

from functions.http.contract.problem_row import Row, field_error
from lib.domain.services.errors import (
    AmountTooHighError,
    ProductionForbiddenError,
    RecipientForbiddenError,
    ServiceNotFoundError,
    SubscriptionNotFoundError,
)

PROBLEMS: Final[tuple[Row[Any], ...]] = (
    Row(ServiceNotFoundError, 404, "Service not found", "There is no service of this id."),
    Row(
        SubscriptionNotFoundError,
        404,
        "Subscription not found",
        "There is no subscription of this id.",
    ),
    Row(
        RecipientForbiddenError,
        403,
        "Recipient forbidden",
        "You are not allowed to issue requests for the recipient.",
    ),
    Row(
        ProductionForbiddenError,
        403,
        "Production call forbidden",
        "You are not allowed to issue production calls at this time.",
    ),
    Row(
        AmountTooHighError,
        400,
        "Error while sending payment metadata",
        lambda error: (
            f"The requested amount ({error.amount} cents) exceeds the maximum allowed "
            f"for this service ({error.maximum} cents)"
        ),
        lambda error: field_error(error.pointer, f"must be at most {error.maximum} cents"),
        samples=(AmountTooHighError(amount=200, maximum=100, pointer="/amount_cents"),),
    ),
)
