"""Secrets in settings: an unresolved reference, a weak secret or a sandbox's is refused."""

import secrets
from itertools import permutations
from pathlib import Path

import pytest
from pydantic import SecretStr

from lib.composition.settings import Settings, SettingsError, read_settings
from lib.composition.settings.secrets import LEAST_BITS, OWN_SECRETS, guessing_bits
from tests.builders.settings import a_secret
from tests.unit.settings.support import GOOD

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
    """Every setting with a text is checked: the template, which is public, has the reference."""
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
    """The error names the setting of a short, repeated, sequential or sandbox's secret."""
    environment.setenv(name, secret)

    with pytest.raises(SettingsError, match=name) as caught:
        read_settings()

    assert secret not in str(caught.value)


def test_a_secret_that_was_made_at_random_is_taken() -> None:
    """Secrets as `openssl rand` and other programs make them pass the check."""
    for _ in range(2000):
        assert guessing_bits(a_secret(secrets.token_hex())) > LEAST_BITS
        assert guessing_bits(secrets.token_hex(32)) > LEAST_BITS
        assert guessing_bits(secrets.token_urlsafe(24)) > LEAST_BITS


@pytest.mark.parametrize("pair", list(permutations([name.upper() for name in OWN_SECRETS], 2)))
def test_one_secret_does_not_serve_two_purposes(
    environment: pytest.MonkeyPatch, pair: tuple[str, str]
) -> None:
    """A person who learns one secret must not know another."""
    for name in pair:
        environment.setenv(name, a_secret("same"))

    with pytest.raises(SettingsError, match="must be two secrets"):
        read_settings()


@pytest.mark.parametrize("name", [one.upper() for one in OWN_SECRETS])
def test_a_previous_secret_may_be_weak_but_not_a_sandbox_s(
    environment: pytest.MonkeyPatch, name: str
) -> None:
    """The app must accept a weak secret while an operator replaces it."""
    for needed in ("link", "gateway", "remote_content", "evidence", "sign_in"):
        environment.setenv(f"{needed.upper()}_SECRET", a_secret(needed))
    environment.setenv("PUBLIC_URL", "https://recapito.example")
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
    """Secrets of other services are checked too."""
    environment.setenv(name, "sandbox-secret")

    with pytest.raises(SettingsError, match=name):
        read_settings()


def test_the_sandbox_s_identity_provider_is_refused(
    environment: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Its issuer, its audience, and a key set beside its signing key are refused."""
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
