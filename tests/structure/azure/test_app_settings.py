"""The app in Azure gets every setting of the code, with the defaults of the code."""

from functions.index import BODY_LIMITS
from infra.local.http.host import MAX_BODY_BYTES
from lib.composition.settings import SET_BY_THE_PLATFORM, Settings
from tests.bicep import (
    AZURE,
    app_settings,
    parsed,
)

NOT_IN_AZURE = {
    "DATA_FOLDER": "the embedded stack's",
    "SANDBOX": "refused in Azure",
    "COSMOS_KEY": "an emulator's",
    "AzureWebJobsStorage": "an emulator's",
}


FOR_OTHERS = {
    "FUNCTIONS_REQUEST_BODY_SIZE_LIMIT": "what the platform reads of a body",
    "AzureWebJobsDisableHomepage": "the app answers at / by its pages",
    "AzureWebJobsStorage__accountName": "the triggers' account, for the host",
    "AzureWebJobsStorage__credential": "how the triggers' connection authenticates",
    "AzureWebJobsStorage__clientId": "as whom",
    "APPLICATIONINSIGHTS_AUTHENTICATION_STRING": "as whom its telemetry goes out",
    "PYTHON_ENABLE_OPENTELEMETRY": "the host's span is handed to the app",
    "OTEL_TRACES_SAMPLER": "read by the host",
    "OTEL_TRACES_SAMPLER_ARG": "read by the host",
    "APPLICATIONINSIGHTS_STATSBEAT_DISABLED_ALL": "read by the exporter",
    "APPLICATIONINSIGHTS_SDKSTATS_DISABLED": "read by the exporter",
    "APPLICATIONINSIGHTS_CONTROLPLANE_DISABLED": "read by the exporter",
    "APPLICATIONINSIGHTS_OPENTELEMETRY_RESOURCE_METRIC_DISABLED": "read by the exporter",
}


def test_the_app_gets_every_setting_and_no_other() -> None:
    """Bicep gives each setting to the app, or a list above says why it does not."""
    ours = {
        str(field.validation_alias or name.upper())
        for name, field in Settings.model_fields.items()
        if name not in SET_BY_THE_PLATFORM
    }

    assert set(NOT_IN_AZURE) <= ours
    assert set(app_settings()) | set(NOT_IN_AZURE) == ours | set(FOR_OTHERS)
    assert not set(app_settings()) & set(NOT_IN_AZURE)


def test_an_operator_who_changes_nothing_gets_the_apps_own_defaults() -> None:
    """A default in Bicep has the same value as in the code."""
    parameters = parsed(AZURE / "main.bicep")["parameters"]
    defaults = {
        "senderCacheSeconds": "sender_cache_seconds",
        "rejectedRetentionDays": "rejected_retention_days",
        "batchRetentionDays": "batch_retention_days",
        "daysInBin": "days_in_bin",
        "minAppVersionWithReadAuth": "min_app_version_with_read_auth",
        "cosmosDatabase": "cosmos_database",
    }

    assert {name: parameters[name]["default"] for name in defaults} == {
        name: Settings.model_fields[field].default for name, field in defaults.items()
    }
    personal_data = {
        "erasureGraceDays": "erasure_grace_days",
        "accessLogDays": "access_log_days",
        "messageRetentionDays": "message_retention_days",
    }
    assert parameters["personalData"]["default"] == {
        name: Settings.model_fields[field].default for name, field in personal_data.items()
    }
    checks = {
        "acrValues": "citizen_token_acr_values",
        "scope": "citizen_token_scope",
        "maxSeconds": "citizen_token_max_seconds",
        "minimumAge": "citizen_minimum_age",
        "fiscalCodeClaims": "citizen_token_fiscal_code_claims",
        "nameClaims": "citizen_token_name_claims",
        "familyNameClaims": "citizen_token_family_name_claims",
        "birthDateClaims": "citizen_token_birth_date_claims",
    }
    assert parameters["citizenTokenChecks"]["default"] == {
        name: Settings.model_fields[field].default for name, field in checks.items()
    }


def test_the_platform_reads_little_more_than_the_app_takes() -> None:
    """The platform holds a body in memory before the app refuses it as too large."""
    limit, largest = (
        int(app_settings()["FUNCTIONS_REQUEST_BODY_SIZE_LIMIT"]),
        max(BODY_LIMITS.values()),
    )

    assert limit == MAX_BODY_BYTES
    # a list that is a little too large gets the app's own answer
    assert largest + 1_000_000 <= limit <= largest + 4_000_000
