"""How the API answers the errors of services."""

from typing import Any, Final

from functions.http.contract.problem_row import Row, field_error
from lib.domain.services.errors import (
    AmountTooHighError,
    ForeignOrganizationError,
    LogoInvalidError,
    LogoNotFoundError,
    ManagedServiceNotFoundError,
    ProductionForbiddenError,
    PublicationNotFoundError,
    RecipientForbiddenError,
    ServiceEditedError,
    ServiceNotApprovedError,
    ServiceNotFoundError,
    ServiceTransitionError,
    ServiceVersionError,
    SubscriptionNotFoundError,
    TopicNotFoundError,
)
from lib.domain.shared.identifiers import ServiceId

MAX_SHOWN: Final = 200
"""Characters of an id that a refusal repeats."""
_SAMPLE_ID: Final = ServiceId("01HQRZ6T6G2P1NB3QF0J9S2K4V")

PROBLEMS: Final[tuple[Row[Any], ...]] = (
    Row(ServiceNotFoundError, 404, "Service not found", "There is no service of this id."),
    Row(
        SubscriptionNotFoundError,
        404,
        "Subscription not found",
        "There is no subscription of this id.",
    ),
    Row(
        ManagedServiceNotFoundError,
        404,
        "Not found",
        lambda error: f"{error.service_id[:MAX_SHOWN]} not found",
        samples=(ManagedServiceNotFoundError(_SAMPLE_ID),),
    ),
    Row(
        PublicationNotFoundError,
        404,
        "Not found",
        lambda error: f"no item with id {error.service_id} found: it was never approved",
        samples=(PublicationNotFoundError(_SAMPLE_ID),),
    ),
    Row(
        ServiceNotApprovedError,
        409,
        "Conflict",
        "The service was never approved: send it to review first.",
        samples=(ServiceNotApprovedError(_SAMPLE_ID),),
    ),
    Row(
        ServiceTransitionError,
        409,
        "Conflict",
        lambda error: f"No transition matched: {error.action} of a service that is {error.status}.",
        samples=(ServiceTransitionError("edit", "submitted"),),
    ),
    Row(
        ServiceVersionError,
        409,
        "Conflict",
        "The service has changed since you read it: read it again, then decide.",
        field_error("/version", "is not the present version of the service", "CHANGED"),
    ),
    Row(
        ServiceEditedError,
        412,
        "Precondition Failed",
        "The service is not the version that If-Match names: read it again, then change it.",
        field_error("#/headers/If-Match", "is not the ETag of the present service", "CHANGED"),
    ),
    Row(
        ForeignOrganizationError,
        403,
        "You are not allowed here",
        "Your key does not act for the organisation that the service names.",
        field_error(
            "/organization/fiscal_code", "must be the organisation of your manage key", "NOT_YOURS"
        ),
    ),
    Row(
        TopicNotFoundError,
        400,
        "Bad Request",
        "Provided topic_id does not exists",
        field_error(
            "/metadata/topic_id",
            "must be the id of a topic of /api/v1/manage/services/topics",
            "NOT_A_CHOICE",
        ),
    ),
    Row(
        LogoInvalidError,
        400,
        "Image not valid",
        lambda error: f"Fail decoding provided image, the reason is: {error.reason}",
        lambda error: field_error(
            "/logo", f"must be a PNG image in base64: {error.reason}", "NOT_A_LOGO"
        ),
        samples=(LogoInvalidError("it is no PNG image, or a broken one"),),
    ),
    Row(LogoNotFoundError, 404, "Logo not found", "There is no such logo."),
    Row(
        RecipientForbiddenError,
        403,
        "Recipient forbidden",
        "You are not allowed to issue requests for the recipient.",
        field_error(
            "#/headers/Ocp-Apim-Subscription-Key",
            "is the key of a service that may write to its `authorized_recipients` alone, until "
            "the service and its organisation are approved",
        ),
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
        lambda error: field_error(
            error.pointer, f"must be at most {error.maximum} cents", "TOO_LARGE"
        ),
        samples=(AmountTooHighError(amount=200, maximum=100, pointer="/amount_cents"),),
    ),
)
