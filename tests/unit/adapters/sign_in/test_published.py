"""The relying party's own keys and its entity configuration."""

import time
from dataclasses import replace
from typing import Any

import orjson
import pytest
from joserfc import jws

from lib.adapters.outbound.sign_in.own_keys import OwnKeys
from lib.adapters.outbound.sign_in.published import PublishedRelyingParty
from lib.domain.identity.errors import InvalidTokenError
from lib.ports.errors import UnavailableError
from tests.doubles.identity_provider import (
    CLIENT,
    ENTITY,
    ScriptedProvider,
    ec_key,
    federation_keys,
    own_keys,
    rsa_key,
)


def _set(*keys: tuple[Any, str]) -> str:
    """Return a private key set of keys with their uses."""
    return orjson.dumps(
        {"keys": [{**key.as_dict(private=True), "use": use} for key, use in keys]}
    ).decode()


def test_no_private_part_is_published() -> None:
    """The key set and the configuration have public parts alone."""
    federation = OwnKeys(federation_keys())
    party = PublishedRelyingParty(ENTITY, OwnKeys(own_keys()), federation)
    found = party.entity_configuration()
    assert found is not None
    opened = jws.deserialize_compact(found, ec_key("federation"), ["ES256"])
    shown = (orjson.dumps(party.key_set()), opened.payload)

    for key in ("own-sig", "own-enc", "federation"):
        secret = str(ec_key(key).as_dict(private=True)["d"]).encode()
        assert all(secret not in text for text in shown)
    assert {key["kid"] for key in party.key_set()["keys"]} == {"own-sig", "own-enc"}


def test_the_entity_configuration_is_as_the_rules_say() -> None:
    """It is signed with the federation's key, and about the entity itself."""
    federation = OwnKeys(federation_keys())
    found = PublishedRelyingParty(ENTITY, OwnKeys(own_keys()), federation).entity_configuration()
    assert found is not None

    opened = jws.deserialize_compact(found, ec_key("federation"), ["ES256"])
    claims = orjson.loads(opened.payload)

    assert opened.headers() == {"alg": "ES256", "kid": "federation", "typ": "entity-statement+jwt"}
    assert claims["iss"] == claims["sub"] == CLIENT
    assert claims["exp"] > time.time() + 3600
    assert [key["kid"] for key in claims["jwks"]["keys"]] == ["federation"]
    assert claims["authority_hints"] == ["https://registry.example"]
    assert claims["trust_marks"] == list(ENTITY.trust_marks)
    assert claims["metadata"]["federation_entity"] == {
        "organization_name": "Comune di Esempio",
        "homepage_uri": CLIENT,
        "logo_uri": f"{CLIENT}/logo.svg",
        "contacts": ["comune@pec.example"],
    }
    party = claims["metadata"]["openid_relying_party"]
    assert party["client_id"] == CLIENT
    assert party["client_registration_types"] == ["automatic"]
    assert party["redirect_uris"] == [ENTITY.redirect_uri]
    assert party["response_types"] == ["code"]
    assert party["token_endpoint_auth_method"] == "private_key_jwt"
    assert party["userinfo_encrypted_response_alg"] == "ECDH-ES"
    assert party["userinfo_encrypted_response_enc"] == "A256CBC-HS512"
    assert party["id_token_signed_response_alg"] == "ES256"


def test_outside_a_federation_there_is_no_configuration() -> None:
    """The keys are published all the same."""
    party = PublishedRelyingParty(replace(ENTITY, authorities=()), OwnKeys(own_keys()), None)

    assert party.entity_configuration() is None
    assert party.key_set()["keys"]


def test_keys_are_replaced_in_steps(provider: ScriptedProvider) -> None:
    """The first key signs; a key behind it is published, and opens what comes for it."""
    old, new = (ec_key("own-sig"), "sig"), (rsa_key("own-rsa"), "sig")
    old_enc, new_enc = (ec_key("own-enc"), "enc"), (rsa_key("own-rsa-enc"), "enc")
    begun, moved = (
        OwnKeys(_set(old, new, old_enc, new_enc)),
        OwnKeys(_set(new, old, new_enc, old_enc)),
    )
    ended = OwnKeys(_set(new, new_enc))

    def signer(keys: OwnKeys) -> Any:
        return jws.extract_compact(keys.sign({}).encode()).headers()["kid"]

    assert [signer(keys) for keys in (begun, moved, ended)] == ["own-sig", "own-rsa", "own-rsa"]
    assert [len(keys.public["keys"]) for keys in (begun, moved, ended)] == [4, 4, 2]
    assert [keys.encryption for keys in (begun, moved)] == ["ECDH-ES", "RSA-OAEP-256"]
    assert [keys.signature for keys in (begun, moved)] == ["ES256", "RS256"]
    for_old = provider.encrypted("text")
    assert [keys.open(for_old) for keys in (begun, moved)] == ["text", "text"]
    provider.encryption = {"alg": "RSA-OAEP-256", "kid": "own-rsa-enc"}
    for_new = provider.encrypted("text", rsa_key("own-rsa-enc"))
    assert [keys.open(for_new) for keys in (begun, moved, ended)] == ["text"] * 3
    with pytest.raises(InvalidTokenError, match="not ours"):
        ended.open(for_old)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"keys": [{"kty": "RSA", "d": "secret"}]}'])
def test_keys_that_cannot_be_read_are_an_outage(text: str) -> None:
    """The error shows no part of them."""
    with pytest.raises(UnavailableError) as refused:
        OwnKeys(text)

    assert "secret" not in str(refused.value)
    assert refused.value.__cause__ is None
