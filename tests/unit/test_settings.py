"""Settings are read once, and a wrong one stops the start."""

import pytest

from lib.settings import SettingsError, read_settings

GOOD = {
    "STACK": "embedded",
    "KEY_HASH_SECRET": "sandbox-key-hash-secret",
    "PSEUDONYM_SECRET": "sandbox-pseudonym-secret",
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
        ("KEY_HASH_SECRET", "short-and-secret"[:15]),
        ("PSEUDONYM_SECRET", None),
        ("SENDER_CACHE_SECONDS", "61"),
        ("TRUSTED_PROXIES", "none"),
        ("MIN_APP_VERSION_WITH_READ_AUTH", "two"),
        ("CITIZEN_TOKEN_ISSUER", ""),
        ("CITIZEN_TOKEN_JWKS", "http://insecure.example/jwks"),
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


def test_the_sandbox_does_not_start_in_azure(environment: pytest.MonkeyPatch) -> None:
    """Anybody could sign in as anybody."""
    environment.setenv("SANDBOX", "true")
    environment.setenv("WEBSITE_INSTANCE_ID", "0123")

    with pytest.raises(SettingsError, match="SANDBOX is for the local host alone"):
        read_settings()


def test_secrets_do_not_print(environment: pytest.MonkeyPatch) -> None:
    """Neither in a repr nor in a log of the settings."""
    assert "sandbox-key-hash-secret" not in repr(read_settings())
