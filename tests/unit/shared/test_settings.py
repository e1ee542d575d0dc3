"""Settings are read once, and a wrong one stops the start."""

import secrets
from itertools import permutations
from pathlib import Path

import pytest
from pydantic import SecretStr

from lib.composition.settings import Settings, SettingsError, read_settings
from lib.composition.settings.secrets import LEAST_BITS, OWN_SECRETS, guessing_bits
from tests.builders.settings import a_secret

GOOD = {
    "STACK": "embedded",
    "KEY_HASH_SECRET": a_secret("key hash"),
    "PSEUDONYM_SECRET": a_secret("pseudonym"),
    "CITIZEN_TOKEN_ISSUER": "https://issuer.example",
    "CITIZEN_TOKEN_AUDIENCE": "recapito",
    "CITIZEN_TOKEN_JWKS": "jwks.json",
}


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Give an environment with good settings."""
    for name, value in GOOD.items():
        monkeypatch.setenv(name, value)
    return monkeypatch


def test_good_settings_are_read(environment: pytest.MonkeyPatch) -> None:
    """What is not named has its default."""
    settings = read_settings()

    assert (settings.stack, settings.sandbox, settings.trusted_proxies) == ("embedded", False, 1)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("STACK", "elsewhere"),
        ("PSEUDONYM_SECRET", None),
        ("SENDER_CACHE_SECONDS", "61"),
        ("TRUSTED_PROXIES", "none"),
        ("MIN_APP_VERSION_WITH_READ_AUTH", "two"),
        ("CITIZEN_TOKEN_ISSUER", ""),
        ("CITIZEN_TOKEN_JWKS", "http://insecure.example/jwks"),
        ("TELEMETRY", "everywhere"),
    ],
)
def test_a_wrong_setting_is_named_and_not_shown(
    environment: pytest.MonkeyPatch, name: str, value: str | None
) -> None:
    """The error has the name as it is in the environment, and never the value."""
    if value is None:
        environment.delenv(name)
    else:
        environment.setenv(name, value)

    with pytest.raises(SettingsError) as caught:
        read_settings()

    assert f"{name}: " in str(caught.value)
    assert not value or value not in str(caught.value).replace("'embedded'", "")


AZURE = {
    "STACK": "azure",
    "COSMOS_ENDPOINT": "https://recapito.example:443/",
    "AzureWebJobsStorage__queueServiceUri": "https://recapito.queue.example",
    "AzureWebJobsStorage__blobServiceUri": "https://recapito.blob.example",
}
STORAGE_ADDRESSES = [name for name in AZURE if name.startswith("AzureWebJobsStorage__")]
STORAGE = "AccountName=sandbox;AccountKey=a-key;BlobEndpoint={0}/b;QueueEndpoint={0}/q"
EMULATORS = {
    "STACK": "azure",
    "SANDBOX": "true",
    "COSMOS_ENDPOINT": "http://127.0.0.1:8081",
    "COSMOS_KEY": "a-key",
    "AzureWebJobsStorage": STORAGE.format("http://127.0.0.1:10000"),
}


@pytest.mark.parametrize("values", [AZURE, EMULATORS, {**AZURE, "WEBSITE_SITE_NAME": "recapito"}])
def test_the_azure_stack_is_identities_in_azure_and_keys_on_emulators(
    environment: pytest.MonkeyPatch, values: dict[str, str]
) -> None:
    """Both are whole as they are."""
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
    """No sandbox in Azure, no lost disk, no queue nobody reads, no keys, no unmasked export."""
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
    """Beside the addresses it opens nothing, and does not stop the start."""
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
    """In Azure as it should be, and on emulators."""
    for values in (AZURE, {**EMULATORS, **dict.fromkeys(STORAGE_ADDRESSES, "")}):
        for name, value in values.items():
            environment.setenv(name, value)
        read_settings()

    assert caplog.records == []


def test_secrets_do_not_print(environment: pytest.MonkeyPatch) -> None:
    """Neither in a repr nor in a log of the settings."""
    assert "sandbox-key-hash-secret" not in repr(read_settings())


HUB = "Endpoint={0}/;SharedAccessKeyName=recapito;SharedAccessKey=a-hub-key"


@pytest.mark.parametrize("endpoint", ["sb://ns.servicebus.windows.net", "http://127.0.0.1:9000"])
def test_a_hub_goes_with_the_azure_stack(environment: pytest.MonkeyPatch, endpoint: str) -> None:
    """As Azure writes its connection string, or one of this machine."""
    values = {
        "NOTIFICATION_HUB_CONNECTION": HUB.format(endpoint),
        "NOTIFICATION_HUB_NAME": "citizens",
    }
    for name, value in {**AZURE, **values}.items():
        environment.setenv(name, value)

    assert read_settings().notification_hub_name == "citizens"


@pytest.mark.parametrize(
    "values",
    [
        {"NOTIFICATION_HUB_NAME": ""},
        {"NOTIFICATION_HUB_NAME": "a/b"},
        {"NOTIFICATION_HUB_CONNECTION": ""},
        {"NOTIFICATION_HUB_CONNECTION": "@Microsoft.KeyVault(SecretUri=https://a-hub-key)"},
        {"NOTIFICATION_HUB_CONNECTION": HUB.format("http://hub.example")},
        {"NOTIFICATION_HUB_CONNECTION": HUB.format("https://hub.example")},
        {"NOTIFICATION_HUB_CONNECTION": "Endpoint=sb://a-hub-key.example/"},
        {"STACK": "embedded"},
        EMULATORS,
    ],
)
def test_a_hub_that_cannot_be_is_named_and_not_shown(
    environment: pytest.MonkeyPatch, values: dict[str, str]
) -> None:
    """Half of it, a reference that was not resolved, the open internet, a stack that has none."""
    good = {
        "NOTIFICATION_HUB_CONNECTION": HUB.format("sb://ns.example"),
        "NOTIFICATION_HUB_NAME": "citizens",
    }
    kept = {} if values is EMULATORS else AZURE
    for name, value in {**kept, **good, **values}.items():
        environment.setenv(name, value)

    with pytest.raises(SettingsError, match="NOTIFICATION_HUB_") as caught:
        read_settings()

    assert "a-hub-key" not in str(caught.value)


@pytest.mark.parametrize(
    ("values", "named"),
    [
        ({"PAYMENT_NODE_URL": "http://node.example/v1", "PAYMENT_NODE_KEY": "k"}, "https"),
        ({"PAYMENT_NODE_URL": "https://node.example/v1"}, "PAYMENT_NODE_KEY"),
        ({"PAYMENT_NODE_URL": "node.example"}, "PAYMENT_NODE_URL"),
        ({"PAYMENT_NODE_URL": "https://node.example?a", "PAYMENT_NODE_KEY": "k"}, "PAYMENT_NODE"),
    ],
)
def test_a_payment_node_is_an_address_and_a_key(
    environment: pytest.MonkeyPatch, values: dict[str, str], named: str
) -> None:
    """In the open it may be at a loopback address alone."""
    for name, value in values.items():
        environment.setenv(name, value)

    with pytest.raises(SettingsError, match=named):
        read_settings()
    environment.setenv("PAYMENT_NODE_KEY", "k")
    for address in ("http://127.0.0.1:7072/v1", "https://node.example/v1"):
        environment.setenv("PAYMENT_NODE_URL", address)
        assert read_settings().payment_node_url == address


MAIL = {
    "SMTP_HOST": "smtp.example",
    "SMTP_USERNAME": "user",
    "SMTP_PASSWORD": "a-password",
    "MAIL_FROM": "Recapito <no-reply@ente.example>",
    "PUBLIC_URL": "https://recapito.example",
    "LINK_SECRET": a_secret("link"),
}
AT_HOME = {**MAIL, "SMTP_HOST": "127.0.0.1", "PUBLIC_URL": "http://127.0.0.1:7071"}


@pytest.mark.parametrize(
    "values",
    [
        MAIL,
        {**MAIL, "SMTP_SECURITY": "tls", "SMTP_PORT": "465"},
        {**MAIL, "SMTP_USERNAME": "", "SMTP_PASSWORD": ""},
        {**MAIL, "MAIL_FROM": "no-reply@ente.example"},
        {**MAIL, "MAIL_FROM": "Città di Forlì <no-reply@ente.example>"},
        {**AT_HOME, "SMTP_SECURITY": "none", "SANDBOX": "true"},
    ],
)
def test_a_mail_server_is_whole_as_it_is(
    environment: pytest.MonkeyPatch, values: dict[str, str]
) -> None:
    """By STARTTLS or TLS, or in the open to one of this machine."""
    for name, value in values.items():
        environment.setenv(name, value)

    settings = read_settings()

    assert settings.has_links
    assert settings.mailbox is not None
    assert settings.mailbox.addr_spec == "no-reply@ente.example"
    assert "a-password" not in repr(settings)
    assert a_secret("link") not in repr(settings)


@pytest.mark.parametrize(
    ("values", "named"),
    [
        ({**MAIL, "SMTP_SECURITY": "none"}, "SMTP_SECURITY"),
        ({**MAIL, "SMTP_SECURITY": "whatever"}, "SMTP_SECURITY"),
        ({**MAIL, "SMTP_PORT": "0"}, "SMTP_PORT"),
        ({**MAIL, "SMTP_HOST": "smtp://example"}, "SMTP_HOST"),
        ({**MAIL, "SANDBOX": "true"}, "SMTP_HOST"),
        ({**MAIL, "SMTP_PASSWORD": ""}, "SMTP_PASSWORD"),
        ({**MAIL, "SMTP_USERNAME": ""}, "SMTP_USERNAME"),
        ({**MAIL, "MAIL_FROM": ""}, "MAIL_FROM"),
        ({**MAIL, "MAIL_FROM": "Recapito"}, "MAIL_FROM"),
        ({**MAIL, "MAIL_FROM": "a@ente.example, b@ente.example"}, "MAIL_FROM"),
        ({**MAIL, "MAIL_FROM": "a@ente.example\nBcc: b@ente.example"}, "MAIL_FROM"),
        ({**MAIL, "PUBLIC_URL": ""}, "PUBLIC_URL"),
        ({**MAIL, "PUBLIC_URL": "http://recapito.example"}, "PUBLIC_URL"),
        ({**MAIL, "PUBLIC_URL": "recapito.example"}, "PUBLIC_URL"),
        ({**MAIL, "LINK_SECRET": ""}, "LINK_SECRET"),
        ({"LINK_SECRET": "a-link-secret"}, "LINK_SECRET"),
    ],
)
def test_a_mail_server_s_wrong_setting_is_named(
    environment: pytest.MonkeyPatch, values: dict[str, str], named: str
) -> None:
    """And no secret is shown."""
    for name, value in values.items():
        environment.setenv(name, value)

    with pytest.raises(SettingsError, match=named) as caught:
        read_settings()

    assert "a-password" not in str(caught.value)
    assert "a-link-secret" not in str(caught.value)
    assert a_secret("link") not in str(caught.value)


REFERENCE = "@Microsoft.KeyVault(SecretUri=https://kv.example/secrets/some-secret)"
NAMES = sorted(
    str(field.validation_alias or name.upper())
    for name, field in Settings.model_fields.items()
    if field.annotation in {str, SecretStr}
)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("reference", [REFERENCE, f" {REFERENCE.lower()}"])
def test_a_reference_that_was_not_resolved_is_refused(
    environment: pytest.MonkeyPatch, name: str, reference: str
) -> None:
    """In every setting that is a text: otherwise whoever reads the template knows the secret."""
    environment.setenv(name, reference)

    with pytest.raises(SettingsError, match=f"{name}: .*not resolved") as caught:
        read_settings()

    assert "some-secret" not in str(caught.value)


@pytest.mark.parametrize("name", [one.upper() for one in OWN_SECRETS])
@pytest.mark.parametrize(
    "secret",
    [
        "a-secret",
        a_secret("x")[:31],
        "password" * 5,
        "password1password2password3password4",
        "0123456789" * 4,
        "abcdefghijklmnopqrstuvwxyz0123456789",
        "0" * 64,
        "00000000-0000-0000-0000-000000000000",
        "changeme-changeme-changeme-changeme",
        f"sandbox-{a_secret('x')}",
        f"Sandbox-{a_secret('x')}",
    ],
)
def test_a_secret_that_can_be_guessed_is_refused(
    environment: pytest.MonkeyPatch, name: str, secret: str
) -> None:
    """By its name and not its value: too short, a repetition, a sequence, the sandbox's."""
    environment.setenv(name, secret)

    with pytest.raises(SettingsError, match=name) as caught:
        read_settings()

    assert secret not in str(caught.value)


def test_a_secret_that_was_made_at_random_is_taken() -> None:
    """As `openssl rand` and other makers write them; none is refused once in a lifetime."""
    for _ in range(2000):
        assert guessing_bits(a_secret(secrets.token_hex())) > LEAST_BITS
        assert guessing_bits(secrets.token_hex(32)) > LEAST_BITS
        assert guessing_bits(secrets.token_urlsafe(24)) > LEAST_BITS


@pytest.mark.parametrize("pair", list(permutations([name.upper() for name in OWN_SECRETS], 2)))
def test_one_secret_does_not_serve_two_purposes(
    environment: pytest.MonkeyPatch, pair: tuple[str, str]
) -> None:
    """Who learns one of them would know the other."""
    for name in pair:
        environment.setenv(name, a_secret("same"))

    with pytest.raises(SettingsError, match="must be two secrets"):
        read_settings()


@pytest.mark.parametrize("name", [one.upper() for one in OWN_SECRETS])
def test_a_previous_secret_may_be_weak_but_not_a_sandbox_s(
    environment: pytest.MonkeyPatch, name: str
) -> None:
    """A weak one must be accepted while it is replaced."""
    environment.setenv("LINK_SECRET", a_secret("link"))
    environment.setenv(f"{name}_PREVIOUS", "sixteen-letters!")
    read_settings()

    for wrong in ("short", "sandbox-secret-of-old"):
        environment.setenv(f"{name}_PREVIOUS", wrong)
        with pytest.raises(SettingsError, match=f"{name}_PREVIOUS"):
            read_settings()


@pytest.mark.parametrize("name", ["SMTP_PASSWORD", "PAYMENT_NODE_KEY", "COSMOS_KEY"])
def test_a_sandbox_s_value_is_refused_in_every_secret(
    environment: pytest.MonkeyPatch, name: str
) -> None:
    """Not in our own alone."""
    environment.setenv(name, "sandbox-secret")

    with pytest.raises(SettingsError, match=name):
        read_settings()


def test_the_sandbox_s_identity_provider_is_refused(
    environment: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Its issuer, its audience, and a key set with the signing key beside it."""
    for name, value in (
        ("CITIZEN_TOKEN_ISSUER", "https://sandbox.recapito.example/"),
        ("CITIZEN_TOKEN_AUDIENCE", "recapito-sandbox"),
        ("CITIZEN_TOKEN_JWKS", str(tmp_path / "jwks.json")),
    ):
        before = GOOD[name]
        environment.setenv(name, value)
        (tmp_path / "citizen-signing-key.pem").touch()

        with pytest.raises(SettingsError, match=name):
            read_settings()

        environment.setenv(name, before)
        read_settings()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CITIZEN_TOKEN_MAX_SECONDS", "0"),
        ("CITIZEN_TOKEN_MAX_SECONDS", "31536001"),
        ("CITIZEN_TOKEN_MAX_SECONDS", "inf"),
        ("CITIZEN_MINIMUM_AGE", "19"),
        ("CITIZEN_TOKEN_SCOPE", "one two"),
        ("CITIZEN_TOKEN_NAME_CLAIMS", "one two"),
        ("TRACES_RATIO", "nan"),
        ("TRACES_RATIO", "1.1"),
        ("SENDER_CACHE_SECONDS", "nan"),
    ],
)
def test_a_rule_for_tokens_that_cannot_be_is_named(
    environment: pytest.MonkeyPatch, name: str, value: str
) -> None:
    """By its name in the environment."""
    environment.setenv(name, value)

    with pytest.raises(SettingsError, match=name):
        read_settings()
