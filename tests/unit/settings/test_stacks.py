"""The settings of a stack fit the place where the app runs."""

import pytest

from lib.composition.settings import SettingsError, read_settings
from tests.unit.settings.support import AZURE, EMULATORS, STORAGE, STORAGE_ADDRESSES


@pytest.mark.parametrize("values", [AZURE, EMULATORS, {**AZURE, "WEBSITE_SITE_NAME": "recapito"}])
def test_the_azure_stack_is_identities_in_azure_and_keys_on_emulators(
    environment: pytest.MonkeyPatch, values: dict[str, str]
) -> None:
    """Both forms of the azure stack are complete."""
    for name, value in values.items():
        environment.setenv(name, value)

    assert read_settings().stack == "azure"
    assert read_settings().on_emulators == (values is EMULATORS)


@pytest.mark.parametrize(
    ("values", "named"),
    [
        ({"SANDBOX": "true", "WEBSITE_SITE_NAME": "recapito", **EMULATORS}, "SANDBOX"),
        ({**AZURE, "SANDBOX": "true"}, "SANDBOX"),
        ({"WEBSITE_SITE_NAME": "recapito"}, "STACK"),
        ({"FUNCTIONS_CORETOOLS_ENVIRONMENT": "true"}, "STACK"),
        ({**AZURE, "COSMOS_ENDPOINT": ""}, "COSMOS_ENDPOINT"),
        ({**AZURE, "COSMOS_ENDPOINT": "http://recapito.example"}, "COSMOS_ENDPOINT"),
        ({**AZURE, "AzureWebJobsStorage__blobServiceUri": ""}, "AzureWebJobsStorage"),
        ({**AZURE, "COSMOS_KEY": "a-key-of-an-account"}, "COSMOS_KEY"),
        (
            {
                "STACK": "azure",
                "COSMOS_ENDPOINT": "https://recapito.example:443/",
                "AzureWebJobsStorage": STORAGE.format("https://a.example"),
            },
            "no keys",
        ),
        ({**EMULATORS, "SANDBOX": "false", "WEBSITE_SITE_NAME": "recapito"}, "no keys"),
        ({**EMULATORS, "COSMOS_KEY": ""}, "COSMOS_KEY"),
        (
            {
                **EMULATORS,
                "SANDBOX": "false",
                "AzureWebJobsStorage": STORAGE.format("https://a.example"),
            },
            "emulators go",
        ),
        (
            {**EMULATORS, "SANDBOX": "false", "COSMOS_ENDPOINT": "https://recapito.example"},
            "emulators go",
        ),
        ({**EMULATORS, "SANDBOX": "false", "AzureWebJobsStorage": "a-key"}, "must name"),
        ({**EMULATORS, "SANDBOX": "false", "AzureWebJobsStorage": "AccountKey=a-key"}, "must name"),
        ({"TELEMETRY": "azure"}, "APPLICATIONINSIGHTS_CONNECTION_STRING"),
        (
            {"TELEMETRY": "azure", "APPLICATIONINSIGHTS_CONNECTION_STRING": "a-key"},
            "APPLICATIONINSIGHTS_CONNECTION_STRING",
        ),
        ({"PYTHON_APPLICATIONINSIGHTS_ENABLE_TELEMETRY": "true"}, "PYTHON_APPLICATIONINSIGHTS"),
    ],
)
def test_settings_that_do_not_fit_where_the_app_runs_are_refused(
    environment: pytest.MonkeyPatch, values: dict[str, str], named: str
) -> None:
    """Azure takes no sandbox, no embedded stack, no keys and no unmasked telemetry."""
    for name, value in values.items():
        environment.setenv(name, value)

    with pytest.raises(SettingsError, match=named) as caught:
        read_settings()

    assert "a-key" not in str(caught.value)


@pytest.mark.parametrize(
    "connection",
    [
        STORAGE.format("https://a.example"),
        "DefaultEndpointsProtocol=https;AccountKey=a-key",
        "a-key",
    ],
)
def test_a_connection_string_that_the_platform_added_is_ignored_and_told(
    environment: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, connection: str
) -> None:
    """The app uses the addresses, starts, and logs a warning about the connection string."""
    for name, value in {**AZURE, "WEBSITE_SITE_NAME": "recapito"}.items():
        environment.setenv(name, value)
    environment.setenv("AzureWebJobsStorage", connection)

    settings = read_settings()

    assert settings.emulator_connection == ""
    assert settings.storage_addresses == (
        "https://recapito.blob.example",
        "https://recapito.queue.example",
    )
    (told,) = caplog.records
    assert told.levelname == "WARNING"
    assert "AzureWebJobsStorage is ignored" in told.getMessage()
    assert "a-key" not in caplog.text


def test_nothing_is_told_of_a_connection_string_that_is_not_there(
    environment: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The app logs no warning in Azure without a connection string, nor on emulators."""
    for values in (AZURE, {**EMULATORS, **dict.fromkeys(STORAGE_ADDRESSES, "")}):
        for name, value in values.items():
            environment.setenv(name, value)
        read_settings()

    assert caplog.records == []
