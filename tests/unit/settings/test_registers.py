"""Settings of the register of digital domiciles and of the client at PDND."""

from pathlib import Path

import pytest

from lib.adapters.embedded.registers.scripted_digital_domiciles import ScriptedDigitalDomiciles
from lib.adapters.embedded.registers.scripted_residents import ScriptedResidents
from lib.adapters.outbound.registers.digital_domiciles import HTTPDigitalDomiciles
from lib.adapters.outbound.registers.residents import HTTPResidents
from lib.composition import outside
from lib.composition.settings import Settings, SettingsError, read_settings
from tests.builders.settings import settings_for
from tests.doubles.clock import StillClock
from tests.doubles.digital_domiciles import CLIENT_ID, PURPOSE_ID

KEY = "-----BEGIN PRIVATE KEY-----\nMIIa-private-key\n-----END PRIVATE KEY-----\n"
REGISTER = {
    "DIGITAL_DOMICILES_URL": "https://api.inad.example/rest/inad/v1/domiciliodigitale",
    "DIGITAL_DOMICILES_PURPOSE_ID": PURPOSE_ID,
    "PDND_TOKEN_URL": "https://auth.interop.example/token.oauth2",
    "PDND_AUDIENCE": "auth.interop.example/client-assertion",
    "PDND_CLIENT_ID": CLIENT_ID,
    "PDND_KEY_ID": "a-key-id",
    "PDND_PRIVATE_KEY": KEY,
}


def given(environment: pytest.MonkeyPatch, **changes: str) -> Settings:
    """Read the settings with those of the register and the changes."""
    for name, value in {**REGISTER, **changes}.items():
        environment.setenv(name, value)
    return read_settings()


def test_a_register_has_a_client_with_a_key(environment: pytest.MonkeyPatch) -> None:
    """The key may be written in one line, as some tools keep it; it is never shown."""
    settings = given(environment)
    assert settings.pdnd_key == KEY
    assert given(environment, PDND_PRIVATE_KEY=KEY.replace("\n", "\\n")).pdnd_key == KEY
    assert "MIIa" not in repr(settings)
    register = outside.digital_domiciles(settings, StillClock())

    assert register is not None
    assert isinstance(register.ask.__self__, HTTPDigitalDomiciles)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        *(({name: ""}, name) for name in REGISTER if name != "DIGITAL_DOMICILES_URL"),
        ({"DIGITAL_DOMICILES_URL": "http://api.inad.example"}, "DIGITAL_DOMICILES_URL"),
        ({"DIGITAL_DOMICILES_URL": "https://api.inad.example?x=1"}, "DIGITAL_DOMICILES_URL"),
        ({"DIGITAL_DOMICILES_PURPOSE_ID": "mine"}, "DIGITAL_DOMICILES_PURPOSE_ID"),
        ({"PDND_TOKEN_URL": "http://auth.interop.example"}, "PDND_TOKEN_URL"),
        ({"PDND_CLIENT_ID": "me"}, "PDND_CLIENT_ID"),
        ({"PDND_KEY_ID": "two words"}, "PDND_KEY_ID"),
        ({"PDND_PRIVATE_KEY": "MIIa-private-key"}, "PDND_PRIVATE_KEY"),
        ({"PDND_PRIVATE_KEY": "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIIa"}, "PDND_PRIVATE_KEY"),
        ({"PDND_PRIVATE_KEY": "@Microsoft.KeyVault(SecretUri=MIIa)"}, "PDND_PRIVATE_KEY"),
    ],
)
def test_half_a_register_is_named_and_not_shown(
    environment: pytest.MonkeyPatch, changes: dict[str, str], named: str
) -> None:
    """The app does not start, and the error has no key."""
    with pytest.raises(SettingsError, match=named) as caught:
        given(environment, **changes)

    assert "MIIa" not in str(caught.value)


RESIDENTS = {
    "RESIDENTS_URL": "https://modipa.example/C019/v1",
    "RESIDENTS_AUDIENCE": "https://modipa.example/C019/v1",
    "RESIDENTS_PURPOSE_ID": PURPOSE_ID,
    "RESIDENTS_PLACE": "recapito",
}


def test_a_register_of_residents_needs_the_same_client(
    environment: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Each missing part is named; the sandbox has a script."""
    without = dict.fromkeys(REGISTER, "")
    for name in RESIDENTS.keys() - {"RESIDENTS_URL"}:
        with pytest.raises(SettingsError, match=name):
            given(environment, **{**RESIDENTS, name: ""})
    with pytest.raises(SettingsError, match="PDND_TOKEN_URL is needed with RESIDENTS_URL"):
        given(environment, **without, **RESIDENTS)
    clock = StillClock()
    real = outside.residents(given(environment, **RESIDENTS), clock)
    script = outside.residents(settings_for(tmp_path), clock)

    assert isinstance(real.standing.__self__, HTTPResidents)  # type: ignore[union-attr]
    assert isinstance(script.standing.__self__, ScriptedResidents)  # type: ignore[union-attr]


def test_a_register_of_public_bodies_needs_its_key(environment: pytest.MonkeyPatch) -> None:
    """Without it, the register would refuse each question."""
    environment.setenv("PUBLIC_BODIES_URL", "https://register.example/ws")
    with pytest.raises(SettingsError, match="PUBLIC_BODIES_KEY"):
        read_settings()


def test_the_sandbox_has_a_script_and_others_have_nothing(
    environment: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Off is the default: nobody is asked about a citizen unless the operator says so."""
    clock = StillClock()
    script = outside.digital_domiciles(settings_for(tmp_path), clock)

    assert script is not None
    assert isinstance(script.ask.__self__, ScriptedDigitalDomiciles)  # type: ignore[attr-defined]
    assert outside.digital_domiciles(read_settings(), clock) is None
