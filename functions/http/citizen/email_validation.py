"""Endpoint that sends the citizen the e-mail that validates the address, as in IO."""

from functions.http.callers.access_log import LogsNothing
from functions.http.citizen.older_paths import at_older_paths
from functions.http.contract.endpoint import Answer, AnyEndpoint, Call, Endpoint
from functions.http.contract.policies import Citizens
from lib.domain.identity.access import Access
from lib.domain.parties.admission import MANAGES
from lib.domain.profiles.errors import (
    EmailAlreadyTakenError,
    NothingToValidateError,
    ProfileNotFoundError,
    ValidationTooSoonError,
)


async def _request(call: Call[Access, None, None]) -> Answer:
    await call.app.profiles.request_email_validation(call.caller)
    return Answer(202)


request_email_validation = Endpoint(
    name="request_email_validation",
    method="POST",
    path="/api/identity/v1/email-validation-process",
    summary="Send the citizen an e-mail that validates the address",
    description=(
        "The link in the e-mail is valid for 24 hours, for the address that the e-mail was sent "
        "to. At most one e-mail is sent in a minute, and at most five in 24 hours for each citizen "
        "and each address. The answer 412, with the `type` "
        "`https://ioapp.it/problems/email-already-taken`, means that another citizen validated the "
        "address."
    ),
    tag="citizen",
    policy=Citizens(MANAGES),
    handler=_request,
    logs=LogsNothing("it changes nothing, and the e-mail tells of it"),
    answers={202: None},
    refusals=(
        ProfileNotFoundError,
        NothingToValidateError,
        EmailAlreadyTakenError,
        ValidationTooSoonError,
    ),
)

ENDPOINTS: tuple[AnyEndpoint, ...] = (request_email_validation,)
AT_OLDER_PATHS = at_older_paths(ENDPOINTS)
