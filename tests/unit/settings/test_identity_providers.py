"""Settings of the identity providers and of the relying party."""

from pathlib import Path
from typing import Any

import orjson
import pytest

from lib.adapters.outbound.sign_in.openid_provider import OpenIDProvider
from lib.adapters.outbound.sign_in.published import PublishedRelyingParty
from lib.composition.providers import identity_providers, relying_party
from lib.composition.settings import Settings, SettingsError, read_settings
from tests.builders.settings import settings_for
from tests.doubles.identity_provider import ec_key, federation_keys, own_keys

CIE = {"id": "cie", "name": "Carta d'identità", "issuer": "https://cie.example"}
SPID = {
    "id": "spid",
    "name": "SPID",
    "issuer": "https://spid.example",
    "metadata": "openid-federation",
}
PARTY = {
    "IDENTITY_PROVIDERS": orjson.dumps([CIE, SPID]).decode(),
    "PUBLIC_URL": "https://recapito.example",
    "RELYING_PARTY_ID": "https://recapito.example",
    "RELYING_PARTY_KEYS": own_keys(),
}
FEDERATED = {
    "RELYING_PARTY_FEDERATION_KEYS": federation_keys(),
    "RELYING_PARTY_AUTHORITIES": "https://registry.example, https://other.example",
    "RELYING_PARTY_NAME": "Comune di Esempio",
    "RELYING_PARTY_CONTACT": "comune@pec.example",
    "RELYING_PARTY_TRUST_MARKS": '[{"id": "https://registry.example/m", "trust_mark": "a.b.c"}]',
}


def given(environment: pytest.MonkeyPatch, **changes: str) -> Settings:
    """Read the settings of a federated relying party, with changes."""
    for name, value in {**PARTY, **FEDERATED, **changes}.items():
        environment.setenv(name, value)
    return read_settings()


def test_providers_are_offered_in_their_order(environment: pytest.MonkeyPatch) -> None:
    """Each is built at its first use; no private key is shown."""
    settings = given(environment)

    offered = identity_providers(settings)

    assert [(id_, one.name) for id_, one in offered.items()] == [
        ("cie", "Carta d'identità"),
        ("spid", "SPID"),
    ]
    for one in offered.values():
        assert isinstance(one.provider.finish.__self__, OpenIDProvider)  # type: ignore[attr-defined]
    assert str(ec_key("own-sig").as_dict(private=True)["d"]) not in repr(settings)


def test_the_relying_party_publishes_its_documents(environment: pytest.MonkeyPatch) -> None:
    """The address to return to follows from that of the app."""
    party = relying_party(given(environment))

    assert party is not None
    assert isinstance(party.key_set.__self__, PublishedRelyingParty)  # type: ignore[attr-defined]
    configuration = party.entity_configuration()
    assert configuration is not None
    assert "." in configuration
    plain = relying_party(given(environment, RELYING_PARTY_FEDERATION_KEYS=""))
    assert plain is not None
    assert plain.entity_configuration() is None


def test_without_providers_nothing_is_offered(
    environment: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Citizens get their tokens elsewhere."""
    for settings in (read_settings(), settings_for(tmp_path)):
        assert identity_providers(settings) == {}
        assert relying_party(settings) is None


def _providers(*changes: dict[str, Any]) -> dict[str, str]:
    return {"IDENTITY_PROVIDERS": orjson.dumps([{**CIE, **one} for one in changes]).decode()}


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"IDENTITY_PROVIDERS": "cie"}, "IDENTITY_PROVIDERS"),
        ({"IDENTITY_PROVIDERS": "{}"}, "IDENTITY_PROVIDERS"),
        (_providers({"id": "C I E"}), "IDENTITY_PROVIDERS"),
        (_providers({"name": ""}), "IDENTITY_PROVIDERS"),
        (_providers({"secret": "a"}), "IDENTITY_PROVIDERS"),
        (_providers({"metadata": "saml"}), "IDENTITY_PROVIDERS"),
        (_providers({"issuer": "http://cie.example"}), "https address"),
        (_providers({"issuer": "http://127.0.0.1:7072"}), "https address"),
        (_providers({"issuer": "https://cie.example?a"}), "IDENTITY_PROVIDERS"),
        (_providers({}, {"issuer": "https://other.example"}), "the same id"),
        (_providers({}, {"id": "other"}), "the same issuer"),
        ({"PUBLIC_URL": ""}, "PUBLIC_URL"),
        ({"RELYING_PARTY_ID": ""}, "RELYING_PARTY_ID"),
        ({"RELYING_PARTY_ID": "recapito"}, "RELYING_PARTY_ID"),
        ({"RELYING_PARTY_KEYS": ""}, "RELYING_PARTY_KEYS"),
        ({"RELYING_PARTY_KEYS": "[]"}, "RELYING_PARTY_KEYS"),
        ({"RELYING_PARTY_KEYS": '{"keys": [{"kty": "RSA"}]}'}, "RELYING_PARTY_KEYS"),
        ({"RELYING_PARTY_KEYS": FEDERATED["RELYING_PARTY_FEDERATION_KEYS"]}, "RELYING_PARTY_KEYS"),
        ({"RELYING_PARTY_FEDERATION_KEYS": own_keys()}, "RELYING_PARTY_FEDERATION_KEYS"),
        ({"RELYING_PARTY_AUTHORITIES": ""}, "RELYING_PARTY_AUTHORITIES"),
        ({"RELYING_PARTY_AUTHORITIES": "registry.example"}, "RELYING_PARTY_AUTHORITIES"),
        ({"RELYING_PARTY_NAME": ""}, "RELYING_PARTY_NAME"),
        ({"RELYING_PARTY_CONTACT": ""}, "RELYING_PARTY_CONTACT"),
        ({"RELYING_PARTY_CONTACT": "a mailbox"}, "RELYING_PARTY_CONTACT"),
        ({"RELYING_PARTY_TRUST_MARKS": '[{"id": "a"}]'}, "RELYING_PARTY_TRUST_MARKS"),
        ({"RELYING_PARTY_TRUST_MARKS": '[{"id": "a", "trust_mark": "b"}]'}, "TRUST_MARKS"),
    ],
)
def test_half_a_relying_party_is_named_and_not_shown(
    environment: pytest.MonkeyPatch, changes: dict[str, str], named: str
) -> None:
    """The app does not start, and the error has no key."""
    with pytest.raises(SettingsError, match=named) as caught:
        given(environment, **changes)

    assert str(ec_key("own-sig").as_dict(private=True)["d"]) not in str(caught.value)


def test_the_sandbox_has_a_provider_on_this_machine(tmp_path: Path) -> None:
    """Elsewhere an issuer has TLS."""
    entry = {**CIE, "issuer": "http://127.0.0.1:7072"}
    settings = settings_for(
        tmp_path,
        identity_providers=orjson.dumps([entry]).decode(),
        relying_party_id="recapito-sandbox",
        relying_party_keys=own_keys(),
    )

    assert list(identity_providers(settings)) == ["cie"]
