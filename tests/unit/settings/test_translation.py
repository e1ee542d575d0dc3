"""Settings of the service that translates."""

import pytest

from lib.composition.settings import SettingsError, read_settings


def test_half_an_account_is_named(environment: pytest.MonkeyPatch) -> None:
    """The app does not start without the password, or without an address for the answers."""
    environment.setenv("TRANSLATION_URL", "https://webgate.example/translate")
    with pytest.raises(SettingsError, match="TRANSLATION_PASSWORD"):
        read_settings()
    environment.setenv("TRANSLATION_APPLICATION", "Recapito_2027")
    environment.setenv("TRANSLATION_PASSWORD", "a-password")
    with pytest.raises(SettingsError, match="PUBLIC_URL and LINK_SECRET are needed"):
        read_settings()
