"""The metadata and the keys of a provider: read, kept, replaced, refused."""

import asyncio
import time
from functools import partial
from typing import Any

import orjson
import pytest
from aiohttp import web

from lib.adapters.outbound import key_sets
from lib.adapters.outbound.sign_in import metadata
from lib.adapters.outbound.sign_in.openid_provider import OpenIDProvider
from lib.domain.identity.errors import InvalidTokenError
from lib.ports.errors import UnavailableError
from tests.doubles.identity_provider import (
    CODE,
    DISCOVERY,
    LEVELS,
    REQUEST,
    ScriptedProvider,
    ec_key,
    relying_party,
    signed,
)

FEDERATION = "/.well-known/openid-federation"


async def test_a_new_key_is_found_at_once(
    provider: ScriptedProvider, party: OpenIDProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A token with an unknown key id leads to one fetch; then old and new keys count."""
    monkeypatch.setattr(key_sets, "RETRY_SECONDS", 0)
    await party.finish(REQUEST, CODE, provider.issuer)
    provider.key = ec_key("provider-2")
    provider.published = [ec_key("provider-1"), ec_key("provider-2")]
    del provider.asked[:]

    await party.finish(REQUEST, CODE, provider.issuer)
    provider.key = ec_key("provider-1")
    await party.finish(REQUEST, CODE, provider.issuer)

    assert provider.asked.count("/keys") == 1


async def test_a_withdrawn_key_ends_with_the_next_fetch(
    provider: ScriptedProvider, party: OpenIDProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ten minutes later at most, a key that is no longer published counts no more."""
    await party.finish(REQUEST, CODE, provider.issuer)
    provider.published = [ec_key("provider-2")]
    await party.finish(REQUEST, CODE, provider.issuer)

    monkeypatch.setattr(key_sets, "FRESH_SECONDS", 0)

    with pytest.raises(InvalidTokenError, match="does not publish"):
        await party.finish(REQUEST, CODE, provider.issuer)


async def test_made_up_key_ids_do_not_flood_a_provider(
    provider: ScriptedProvider, party: OpenIDProvider
) -> None:
    """Unknown ids lead to one fetch in ten seconds."""
    provider.key = ec_key("made-up")
    for _ in range(5):
        with pytest.raises(InvalidTokenError):
            await party.finish(REQUEST, CODE, provider.issuer)

    assert provider.asked.count("/keys") == 1


async def test_keys_of_other_kinds_are_left_out(
    provider: ScriptedProvider, party: OpenIDProvider
) -> None:
    """A provider may publish keys that we do not know, beside the one that counts."""
    known = ec_key("provider-1").as_dict(private=False)
    others: list[Any] = [
        {"kty": "AKP", "kid": "provider-1", "alg": "ML-DSA-44", "pub": "AA"},
        {"kty": "oct", "kid": "provider-1", "k": "c2VjcmV0"},
        {"kty": "EC", "kid": "provider-1", "crv": "P-256", "x": "AA", "y": "AA"},
        {**known, "use": "enc"},
        {"kty": "RSA", "kid": "provider-1", "n": "s" * 170, "e": "AQAB"},
        7,
    ]
    provider.answers["/keys"] = lambda: {"keys": [known, *others]}

    found = await party.finish(REQUEST, CODE, provider.issuer)

    assert found.acr == LEVELS[0]


@pytest.mark.parametrize("keys", [[], [{"kty": "oct", "kid": "a", "k": "c2VjcmV0"}], 7, None])
async def test_a_provider_without_keys_is_an_outage(
    provider: ScriptedProvider, party: OpenIDProvider, keys: Any
) -> None:
    """A secret that a provider publishes is no key."""
    provider.answers["/keys"] = lambda: {"keys": keys}

    with pytest.raises(UnavailableError):
        await party.finish(REQUEST, CODE, provider.issuer)


@pytest.mark.parametrize(
    "changes",
    [
        {"issuer": "https://other.example"},
        {"issuer": None},
        {"authorization_endpoint": None},
        {"authorization_endpoint": "http://provider.example/authorize"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"token_endpoint": ["https://provider.example"]},
        {"userinfo_endpoint": None},
        {"jwks_uri": None},
        {"code_challenge_methods_supported": ["plain"]},
    ],
)
async def test_metadata_that_cannot_be_used_are_an_outage(
    provider: ScriptedProvider, party: OpenIDProvider, changes: dict[str, Any]
) -> None:
    """The issuer must be the one of the settings, and browsers go to https addresses alone."""
    provider.metadata = changes

    with pytest.raises(UnavailableError):
        await party.begin_url(REQUEST)


async def test_metadata_outlive_an_outage(
    provider: ScriptedProvider, party: OpenIDProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Metadata that cannot be read anew go on serving, and are asked for again later."""
    await party.begin_url(REQUEST)
    monkeypatch.setattr(metadata, "FRESH_SECONDS", 0)
    monkeypatch.setattr(time, "monotonic", lambda now=time.monotonic: now() + 3601)
    provider.answers[DISCOVERY] = lambda: web.Response(status=503)

    assert await party.begin_url(REQUEST)
    assert await party.begin_url(REQUEST)
    assert provider.asked == [DISCOVERY, DISCOVERY]


async def test_a_failure_is_not_repeated_at_once(
    provider: ScriptedProvider, party: OpenIDProvider
) -> None:
    """Logins at a provider that is away do not queue up behind it.

    Each has an error of its own: one that is raised again keeps the frames of all who got it.
    """
    provider.answers[DISCOVERY] = lambda: web.Response(status=503)

    found = await asyncio.gather(
        *(party.begin_url(REQUEST) for _ in range(9)), return_exceptions=True
    )

    assert all(isinstance(one, UnavailableError) for one in found)
    assert len({id(one) for one in found}) == 9
    assert provider.asked == [DISCOVERY]


def _statement(provider: ScriptedProvider, key: Any, **changes: Any) -> bytes:
    keys = {"keys": [ec_key("federation").as_dict(private=False)]}
    own = {"keys": [one.as_dict(private=False) for one in provider.published]}
    metadata = {**provider.discovery(), "jwks_uri": None, "jwks": own}
    claims = {
        "iss": provider.issuer,
        "sub": provider.issuer,
        "jwks": keys,
        "metadata": {"openid_provider": metadata},
        **changes.pop("claims", {}),
    }
    header = {"typ": "entity-statement+jwt", **changes}
    return signed(claims, key, **header).encode()


async def test_a_provider_of_a_federation_has_its_keys_in_its_statement(
    provider: ScriptedProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A new key is found by reading the statement again."""
    monkeypatch.setattr(key_sets, "RETRY_SECONDS", 0)
    provider.answers[FEDERATION] = lambda: web.Response(
        body=_statement(provider, ec_key("federation"))
    )
    async with relying_party(provider, is_federated=True) as party:
        await party.finish(REQUEST, CODE, provider.issuer)
        provider.key = ec_key("provider-2")
        provider.published = [provider.key]

        found = await party.finish(REQUEST, CODE, provider.issuer)

    assert found.acr == LEVELS[0]
    assert DISCOVERY not in provider.asked


@pytest.mark.parametrize(
    "changes",
    [
        {"typ": "JWT"},
        {"kid": "other"},
        {"alg": "none"},
        {"claims": {"iss": "https://other.example"}},
        {"claims": {"sub": "https://other.example"}},
        {"claims": {"jwks": {"keys": []}}},
        {"claims": {"metadata": {}}},
        {"claims": {"metadata": 7}},
    ],
    ids=str,
)
async def test_a_statement_is_signed_by_its_own_key_and_about_itself(
    provider: ScriptedProvider, changes: dict[str, Any]
) -> None:
    """Anything else is an outage."""
    provider.answers[FEDERATION] = lambda: web.Response(
        body=_statement(provider, ec_key("federation"), **changes)
    )
    async with relying_party(provider, is_federated=True) as party:
        with pytest.raises(UnavailableError):
            await party.begin_url(REQUEST)


async def test_a_statement_of_another_key_is_refused(provider: ScriptedProvider) -> None:
    """The key must be in the statement, and the signature must be that key's."""
    forged = type(ec_key("forged")).import_key(
        {**ec_key("forged").as_dict(private=True), "kid": "federation"}
    )
    for body in (_statement(provider, forged), b"not a statement", orjson.dumps({})):
        provider.answers[FEDERATION] = partial(web.Response, body=body)
        async with relying_party(provider, is_federated=True) as party:
            with pytest.raises(UnavailableError):
                await party.begin_url(REQUEST)
