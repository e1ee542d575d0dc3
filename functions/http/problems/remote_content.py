"""How the API answers the errors of remote content."""

from typing import Any, Final

from functions.http.contract.problem_row import Row, field_error
from lib.domain.remote_content.errors import (
    ConfigurationMissingError,
    ConfigurationNotFoundError,
    ConfigurationNotOwnedError,
    FieldFault,
    InvalidConfigurationError,
    NoEnvironmentError,
    RemoteContentOffError,
    SecretLostError,
    TooManyConfigurationsError,
    TooManyTestsError,
    UnknownConfigurationError,
)

_CONFIGURATION: Final = "/content/third_party_data/configuration_id"

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
        lambda error: tuple(
            {"pointer": fault.pointer, "detail": fault.rule} for fault in error.faults
        ),
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
        field_error("/fiscal_code", "is not in test_users, and there is no prod_environment"),
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
)
