"""How the API answers the errors of remote content."""

from collections.abc import Mapping
from typing import Any, Final, get_args

from functions.http.contract.problem_row import Row, field_error
from functions.http.contract.problems import field_fault
from lib.domain.remote_content.errors import (
    AttachmentPathError,
    ConfigurationGoneError,
    ConfigurationMissingError,
    ConfigurationNotFoundError,
    ConfigurationNotOwnedError,
    FieldFault,
    HostAwayError,
    HostFailedError,
    HostRefusal,
    HostRefusedError,
    HostSilentError,
    InvalidConfigurationError,
    InvalidContent,
    InvalidRemoteContentError,
    NoEnvironmentError,
    NoRemoteContentError,
    NotAPdfError,
    RemoteContentOffError,
    RemoteContentWithdrawnError,
    SecretLostError,
    TooManyConfigurationsError,
    TooManyTestsError,
    UnknownConfigurationError,
)

_REFUSALS: Final[Mapping[HostRefusal, tuple[int, str]]] = {
    "BAD_REQUEST": (400, "Bad request"),
    "FORBIDDEN": (403, "You are not allowed here"),
    "NOT_FOUND": (404, "Not found"),
    "BUSY": (429, "Too many requests"),
}
"""The status and the title, as in IO, of a refusal of a sender's host."""
_PATH: Final = "must be the url of an attachment of the message, without the segments . and .."
_CONFIGURATION: Final = "/content/third_party_data/configuration_id"


def _refused(error: HostRefusedError) -> str:
    match error.refusal:
        case "BAD_REQUEST":
            return "Third party service returned 400"
        case "FORBIDDEN":
            return "You do not have enough permission to complete the operation you requested"
        case "NOT_FOUND":
            return f"{error.part} from Third Party service not found"
        case _:
            return "The sender's host has too many requests; call again later."


PROBLEMS: Final[tuple[Row[Any], ...]] = (
    Row(
        ConfigurationMissingError,
        403,
        "No configuration id for remote content",
        "You did not send any configuration id for your remote content in third_party_data",
        field_error(_CONFIGURATION, "is needed beside third_party_data"),
    ),
    Row(
        ConfigurationNotFoundError,
        404,
        "Remote Content Configuration NOT FOUND",
        "There is no remote content configuration of this configuration_id.",
        field_error(_CONFIGURATION, "names no configuration"),
    ),
    Row(
        ConfigurationNotOwnedError,
        403,
        "Not your configuration",
        "You're not the owner of the configuration related to the given configuration_id",
        field_error(_CONFIGURATION, "names a configuration of another user"),
    ),
    Row(
        UnknownConfigurationError,
        404,
        "Configuration not found",
        lambda error: (
            f"Cannot find any configuration with configurationId: {error.configuration_id}"
        ),
        samples=(UnknownConfigurationError("01ARZ3NDEKTSV4RRFFQ69G5FAV"),),
    ),
    Row(
        InvalidConfigurationError,
        400,
        "Invalid NewRCConfigurationPublic",
        lambda error: "\n".join(f"{fault.pointer}: {fault.rule}" for fault in error.faults),
        lambda error: tuple(field_fault(fault.pointer, fault.rule) for fault in error.faults),
        samples=(InvalidConfigurationError((FieldFault("/name", "is wrong"),)),),
    ),
    Row(
        TooManyConfigurationsError,
        400,
        "Too many configurations",
        lambda error: (
            f"Your organisation has {error.most} configurations, and may not have more. Replace "
            "one that you no longer need."
        ),
        samples=(TooManyConfigurationsError(50),),
    ),
    Row(
        RemoteContentOffError,
        409,
        "Remote content is not set up",
        "This installation cannot keep the secrets of configurations: its operator must set "
        "REMOTE_CONTENT_SECRET.",
    ),
    Row(
        SecretLostError,
        409,
        "Secret not readable",
        "A secret of the configuration was encrypted under a key that is no longer used. Replace "
        "the configuration, and send its secrets again.",
    ),
    Row(
        NoEnvironmentError,
        400,
        "No environment for the citizen",
        "The citizen is none of the configuration's test users, and the configuration has no "
        "prod_environment.",
        field_error(
            "/fiscal_code", "is not in test_users, and there is no prod_environment", "NOT_ENOUGH"
        ),
    ),
    Row(
        TooManyTestsError,
        429,
        "Too many requests",
        "Your organisation tests its configurations too often; call again after the time in "
        "Retry-After.",
        headers=lambda error: {"Retry-After": str(error.seconds)},
        samples=(TooManyTestsError(60),),
    ),
    Row(
        NoRemoteContentError,
        400,
        "Bad request",
        "The message retrieved is not a valid message with third-party data",
    ),
    Row(
        RemoteContentWithdrawnError,
        404,
        "Message withdrawn",
        "The sender withdrew the message, so its content is not fetched any more.",
    ),
    Row(ConfigurationGoneError, 404, "Not found", "RC Configuration not found"),
    Row(
        AttachmentPathError,
        400,
        "Bad request",
        f"The path {_PATH}.",
        field_error("#/path/attachment_url", _PATH),
    ),
    Row(
        HostRefusedError,
        lambda error: _REFUSALS[error.refusal][0],
        lambda error: _REFUSALS[error.refusal][1],
        _refused,
        headers=lambda error: {"Retry-After": str(error.seconds)} if error.seconds else {},
        samples=tuple(
            HostRefusedError(refusal, "Message", 60) for refusal in get_args(HostRefusal.__value__)
        ),
    ),
    Row(
        HostFailedError,
        500,
        "Internal server error",
        lambda error: error.reason,
        samples=(HostFailedError("The sender's host answered 500."),),
    ),
    Row(
        HostAwayError,
        503,
        "Service temporarily unavailable",
        "Third Party Service unavailable with code 503, please retry later",
        headers=lambda error: {"Retry-After": str(error.seconds)},
        samples=(HostAwayError(10),),
    ),
    Row(HostSilentError, 504, "Gateway Timeout", "The sender's host did not answer."),
    Row(
        InvalidRemoteContentError,
        502,
        "Bad Gateway",
        lambda error: error.fault,
        samples=tuple(
            InvalidRemoteContentError(fault) for fault in get_args(InvalidContent.__value__)
        ),
    ),
    Row(
        NotAPdfError,
        415,
        "Unsupported Media Type",
        "The requested file is not a valid PDF",
    ),
)
