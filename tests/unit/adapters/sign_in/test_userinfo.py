"""UserInfo that is refused."""

from collections.abc import Callable
from typing import Any

import pytest
from aiohttp import web

from lib.adapters.outbound.sign_in.openid_provider import OpenIDProvider
from tests.doubles.identity_provider import (
    FISCAL_NUMBER,
    PERSON,
    ScriptedProvider,
    ec_key,
    rsa_key,
)
from tests.unit.adapters.sign_in.forgeries import FORGERIES, refusal


@pytest.mark.parametrize(
    ("forge", "reason"), FORGERIES, ids=lambda one: getattr(one, "__name__", "")
)
async def test_forged_userinfo_is_refused(
    provider: ScriptedProvider,
    party: OpenIDProvider,
    forge: Callable[[ScriptedProvider], None],
    reason: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Encryption alone proves nothing: everybody has our public key."""
    token, published = provider.token(), provider.published
    forge(provider)
    provider.published = [*published, rsa_key("provider-rsa")]
    provider.answers["/token"] = lambda: {"access_token": "the-access-token", "id_token": token}

    found = await refusal(provider, party)

    assert reason in found
    assert "UserInfo" in found
    assert f"was refused: {found}" in caplog.text


def _plain(provider: ScriptedProvider) -> Any:
    return {"sub": "pairwise-subject", **PERSON}


def _signed_alone(provider: ScriptedProvider) -> Any:
    return provider.about()


def _unsigned_inside(provider: ScriptedProvider) -> Any:
    return provider.encrypted('{"sub": "pairwise-subject"}')


def _for_another_key(provider: ScriptedProvider) -> Any:
    provider.encryption = {"alg": "ECDH-ES", "kid": "other"}
    return provider.encrypted(provider.about(), ec_key("other"))


def _by_an_algorithm_of_the_past(provider: ScriptedProvider) -> Any:
    provider.encryption = {"alg": "ECDH-ES+A192KW", "kid": "own-enc"}
    return provider.encrypted(provider.about())


def _compressed(provider: ScriptedProvider) -> Any:
    provider.encryption = {"alg": "ECDH-ES", "kid": "own-enc", "zip": "DEF"}
    return provider.encrypted(provider.about())


def _altered(provider: ScriptedProvider) -> Any:
    text = provider.encrypted(provider.about())
    return f"{text[:-4]}{'AAAA' if text[-4:] != 'AAAA' else 'BBBB'}"


def _of_a_wrong_media_type(provider: ScriptedProvider) -> Any:
    return web.Response(text=provider.encrypted(provider.about()), content_type="text/html")


@pytest.mark.parametrize(
    "answer",
    [
        _plain,
        _signed_alone,
        _unsigned_inside,
        _for_another_key,
        _by_an_algorithm_of_the_past,
        _compressed,
        _altered,
        _of_a_wrong_media_type,
    ],
)
async def test_userinfo_is_signed_and_encrypted(
    provider: ScriptedProvider, party: OpenIDProvider, answer: Callable[[ScriptedProvider], Any]
) -> None:
    """Anything less is refused."""
    provider.answers["/userinfo"] = lambda: answer(provider)

    assert "UserInfo" in await refusal(provider, party)


@pytest.mark.parametrize(
    ("claims", "reason"),
    [
        ({"sub": "somebody-else"}, "another subject"),
        ({"sub": None}, "another subject"),
        ({"iss": "https://other.example"}, "another issuer"),
        ({"aud": "https://other.example"}, "another client"),
        ({"exp": 1}, "expired"),
        ({"exp": 10**400}, "has no claims"),
        ({"exp": None}, "not a time"),
        ({FISCAL_NUMBER: None}, "has no fiscal_number"),
        ({FISCAL_NUMBER: "RSSMRA80A01H501U"}, "is not TINIT-"),
        ({FISCAL_NUMBER: "TINIT-12345678901"}, "is not TINIT-"),
        ({FISCAL_NUMBER: ["TINIT-RSSMRA80A01H501U"]}, "is not TINIT-"),
        ({"fiscal_number": "TINIT-VRDLGI80A01H501X"}, "is not TINIT-"),
    ],
)
async def test_userinfo_is_about_the_citizen_of_the_id_token(
    provider: ScriptedProvider, party: OpenIDProvider, claims: dict[str, Any], reason: str
) -> None:
    """The subject, the issuer, the client and the time are checked, and the fiscal code."""
    provider.userinfo = claims

    assert reason in await refusal(provider, party)
