"""How the API answers the errors of profiles, preferences and e-mail addresses."""

import math
from typing import Any, Final

from functions.http.contract.problem_row import Row, field_error
from lib.domain.profiles.errors import (
    ActivationNotFoundError,
    EmailAlreadyTakenError,
    FeedNotAvailableError,
    LeavingError,
    NothingToValidateError,
    ProfileNotFoundError,
    RecipientNotFoundError,
    SendNotAvailableError,
    SettingsConflictError,
    ValidationTooSoonError,
)

PROBLEMS: Final[tuple[Row[Any], ...]] = (
    Row(
        ProfileNotFoundError,
        404,
        "Profile not found",
        "You have no profile yet: the first update, with version 0, creates it.",
    ),
    Row(
        RecipientNotFoundError,
        404,
        "Profile not found",
        "The profile you requested was not found in the system.",
    ),
    Row(ActivationNotFoundError, 404, "Not Found", "Activation not found for the user"),
    Row(
        SendNotAvailableError,
        404,
        "SEND not available",
        "This installation delivers no notifications of SEND.",
    ),
    Row(
        FeedNotAvailableError,
        404,
        lambda error: error.title,
        lambda error: error.detail,
        samples=(
            FeedNotAvailableError(
                "Data not available yet",
                "Subscription data for 2026-11-29 will be available from Mon, 30 Nov 2026 "
                "00:00:00 GMT",
            ),
        ),
    ),
    Row(
        SettingsConflictError,
        409,
        "Conflict",
        lambda error: error.detail,
        samples=(SettingsConflictError("Version 1 is not the latest."),),
    ),
    Row(
        LeavingError,
        409,
        "Conflict",
        "Your data is being deleted, as you asked: write a new profile when that is done.",
    ),
    Row(
        NothingToValidateError,
        400,
        "Nothing to validate",
        "Your profile has no e-mail address, or one that is validated already.",
    ),
    Row(
        EmailAlreadyTakenError,
        412,
        "Precondition Failed",
        "Another citizen has validated this e-mail address: use another address.",
        field_error("/email", "is another citizen's validated address", "EMAIL_TAKEN"),
        members={"type": "https://ioapp.it/problems/email-already-taken"},
    ),
    Row(
        ValidationTooSoonError,
        429,
        "Too many requests",
        "At most one validation e-mail is sent in a minute, and five in 24 hours for each citizen "
        "and each address; ask again after the time in Retry-After.",
        headers=lambda error: {"Retry-After": str(math.ceil(error.seconds))},
        samples=(ValidationTooSoonError(60),),
    ),
)
