"""Settings are read once, and a wrong setting stops the start."""

import pytest

from lib.composition.settings import SettingsError, read_settings


def test_good_settings_are_read(environment: pytest.MonkeyPatch) -> None:
    """A setting that is not given has its default."""
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
        ("CITIZEN_TOKEN_JWKS", "http://insecure.example/jwks"),
        ("TELEMETRY", "everywhere"),
    ],
)
def test_a_wrong_setting_is_named_and_not_shown(
    environment: pytest.MonkeyPatch, name: str, value: str | None
) -> None:
    """The error has the setting's name as it is in the environment, and never its value."""
    if value is None:
        environment.delenv(name)
    else:
        environment.setenv(name, value)

    with pytest.raises(SettingsError) as caught:
        read_settings()

    assert f"{name}: " in str(caught.value)
    assert not value or value not in str(caught.value).replace("'embedded'", "")


def test_secrets_do_not_print(environment: pytest.MonkeyPatch) -> None:
    """The repr of the settings has no secret, and so no log has one."""
    assert "sandbox-key-hash-secret" not in repr(read_settings())


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
    """The error has the setting's name as it is in the environment."""
    environment.setenv(name, value)

    with pytest.raises(SettingsError, match=name):
        read_settings()
