"""Tokens that somebody signed who is not the provider, and the reason why each is refused."""

import pytest

from lib.adapters.outbound.sign_in.openid_provider import OpenIDProvider
from lib.domain.identity.errors import InvalidTokenError
from tests.doubles.identity_provider import (
    CODE,
    PERSON,
    REQUEST,
    ScriptedProvider,
    ec_key,
    rsa_key,
)


async def refusal(provider: ScriptedProvider, party: OpenIDProvider) -> str:
    """Return the reason for which a login is refused."""
    with pytest.raises(InvalidTokenError) as refused:
        await party.finish(REQUEST, CODE, provider.issuer)
    text = str(refused.value)
    assert not [value for value in PERSON.values() if value in text]
    return text


def _unsigned(provider: ScriptedProvider) -> None:
    provider.alg = "none"


def _by_a_public_key(provider: ScriptedProvider) -> None:
    """Sign by HMAC, with the published key as the secret (HS/RS confusion)."""
    provider.key = rsa_key("provider-rsa")
    provider.published = [provider.key]
    provider.alg = "HS256"


def _by_an_unknown_key(provider: ScriptedProvider) -> None:
    provider.key = ec_key("provider-2")


def _by_another_key_of_the_same_id(provider: ScriptedProvider) -> None:
    forged = ec_key("forged").as_dict(private=True)
    provider.key = type(ec_key("forged")).import_key({**forged, "kid": "provider-1"})


def _by_a_key_in_the_header(provider: ScriptedProvider) -> None:
    provider.key = ec_key("forged")
    provider.header = {"jwk": ec_key("forged").as_dict(private=False)}


def _without_a_key_id(provider: ScriptedProvider) -> None:
    provider.header = {"kid": ""}


def _of_another_type(provider: ScriptedProvider) -> None:
    provider.header = {"typ": "at+jwt"}


def _with_an_extension(provider: ScriptedProvider) -> None:
    provider.header = {"crit": ["b64"], "b64": True}


FORGERIES = [
    (_unsigned, "algorithm that is not allowed"),
    (_by_a_public_key, "algorithm that is not allowed"),
    (_by_an_unknown_key, "a key that the provider does not publish"),
    (_by_another_key_of_the_same_id, "the signature of"),
    (_by_a_key_in_the_header, "a key that the provider does not publish"),
    (_without_a_key_id, "a key that the provider does not publish"),
    (_of_another_type, "of another type"),
    (_with_an_extension, "of another type"),
]
