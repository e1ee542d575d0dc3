"""How the API answers the errors of organisations."""

from collections.abc import Mapping
from typing import Any, Final

from functions.http.contract.problem_row import Row, field_error
from lib.domain.organizations.application import CODE_LIFE
from lib.domain.organizations.errors import (
    CodeNotFoundError,
    DelegationEndError,
    DelegationInactiveError,
    DelegationNotFoundError,
    KeyInUseError,
    NotDelegatedError,
    OrganizationExistsError,
    OrganizationNotFoundError,
    SelfDelegationError,
    TooManyApplicationsError,
    TrialCapError,
)


def _wait(error: TooManyApplicationsError | TrialCapError) -> Mapping[str, str]:
    return {"Retry-After": str(error.seconds)}


PROBLEMS: Final[tuple[Row[Any], ...]] = (
    Row(
        OrganizationNotFoundError,
        404,
        "Organization not found",
        "There is no organisation of this fiscal code, or it is not yours.",
    ),
    Row(
        OrganizationExistsError,
        409,
        "Conflict",
        "There is an organisation of this fiscal code.",
    ),
    Row(
        KeyInUseError,
        409,
        "Conflict",
        "You call with the key that you want to replace. If this answer were lost, you could have "
        "no key left: call with the other key.",
    ),
    Row(
        CodeNotFoundError,
        404,
        "Code not found",
        f"No application waits for this code. A code is valid for {CODE_LIFE.days} days; apply "
        "again.",
        field_error("/code", "is not the code of the latest e-mail", "WRONG_CODE"),
    ),
    Row(
        TooManyApplicationsError,
        429,
        "Too many requests",
        "Too many applications came from your address; apply again after Retry-After.",
        headers=_wait,
        samples=(TooManyApplicationsError(60),),
    ),
    Row(
        TrialCapError,
        429,
        "Too many requests",
        lambda error: (
            f"Your organisation is on trial and may send {error.cap} messages a day, by the "
            "calendar of Italy; those of today are used up. An operator of this installation "
            "ends the trial by approving the organisation."
        ),
        headers=_wait,
        samples=(TrialCapError(50, 3600),),
    ),
    Row(
        DelegationNotFoundError,
        404,
        "Delegation not found",
        "There is no delegation between these two organisations.",
    ),
    Row(
        DelegationInactiveError,
        409,
        "Conflict",
        "The delegation is not accepted yet, has ended, or was revoked.",
    ),
    Row(
        SelfDelegationError,
        400,
        "Invalid delegation",
        "An organisation cannot be its own intermediary.",
    ),
    Row(
        DelegationEndError,
        400,
        "Invalid delegation",
        "The end of the delegation is past. To end a delegation, revoke it.",
        field_error("/ends_at", "must be later than now", "NOT_LATER"),
    ),
    Row(
        NotDelegatedError,
        403,
        "You are not allowed here",
        "The delegation does not include this service.",
    ),
)
