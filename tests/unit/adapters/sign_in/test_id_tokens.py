"""Answers and ID tokens that are refused."""

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from lib.adapters.outbound.sign_in.openid_provider import OpenIDProvider
from lib.domain.identity.errors import AssuranceLevelTooLowError, InvalidTokenError
from lib.ports.errors import UnavailableError
from tests.doubles.identity_provider import (
    CLIENT,
    CODE,
    LEVELS,
    REQUEST,
    ScriptedProvider,
)
from tests.unit.adapters.sign_in.forgeries import FORGERIES, refusal

A_DAY = 24 * 60 * 60
"""Later than the end of a run of all tests, which begins with the times of their cases."""


@pytest.mark.parametrize("issuer", ["", "https://other.example", "HTTP://127.0.0.1"])
async def test_an_answer_names_its_issuer(
    provider: ScriptedProvider, party: OpenIDProvider, issuer: str
) -> None:
    """An answer of another provider, or of none, gets no further: the code is not sent."""
    with pytest.raises(InvalidTokenError, match="another issuer"):
        await party.finish(REQUEST, CODE, issuer)

    assert provider.asked == []


@pytest.mark.parametrize(
    ("claims", "reason"),
    [
        ({"iss": "https://other.example"}, "of another issuer"),
        ({"iss": None}, "of another issuer"),
        ({"aud": "https://other.example"}, "for another client"),
        ({"aud": [CLIENT, "https://other.example"]}, "for another client"),
        ({"aud": []}, "for another client"),
        ({"aud": None}, "for another client"),
        ({"nonce": "m" * 32}, "of another login"),
        ({"nonce": None}, "of another login"),
        ({"nonce": ["n" * 32]}, "of another login"),
        ({"at_hash": "A" * 22}, "of another access token"),
        ({"at_hash": None}, "of another access token"),
        ({"exp": 1}, "has expired"),
        ({"exp": None}, "the exp of the ID token is not a time"),
        ({"exp": "soon"}, "the exp of the ID token is not a time"),
        ({"exp": True}, "the exp of the ID token is not a time"),
        ({"iat": time.time() + A_DAY}, "is not valid yet"),
        ({"nbf": time.time() + A_DAY}, "is not valid yet"),
        ({"auth_time": -1}, "the auth_time of the ID token is not a time"),
        ({"sub": None}, "about another subject"),
        ({"sub": ""}, "about another subject"),
    ],
)
async def test_an_id_token_is_of_this_login(
    provider: ScriptedProvider, party: OpenIDProvider, claims: dict[str, Any], reason: str
) -> None:
    """The issuer, the client, the nonce, the access token and the times are checked."""
    provider.id_token = claims

    assert reason in await refusal(provider, party)


@pytest.mark.parametrize("acr", ["https://www.spid.gov.it/SpidL1", None, "", 2, [LEVELS[0]]])
async def test_a_level_that_is_too_low_is_refused(
    provider: ScriptedProvider, party: OpenIDProvider, acr: Any
) -> None:
    """UserInfo is not asked for."""
    provider.id_token = {"acr": acr}

    with pytest.raises(AssuranceLevelTooLowError) as refused:
        await party.finish(REQUEST, CODE, provider.issuer)

    assert refused.value.acr_values == LEVELS
    assert "/userinfo" not in provider.asked


async def test_a_login_of_the_second_level_is_not_one_of_the_third(
    provider: ScriptedProvider, party: OpenIDProvider
) -> None:
    """The levels of the request decide."""
    with pytest.raises(AssuranceLevelTooLowError):
        await party.finish(replace(REQUEST, acr_values=LEVELS[1:]), CODE, provider.issuer)


@pytest.mark.parametrize(
    ("forge", "reason"), FORGERIES, ids=lambda one: getattr(one, "__name__", "")
)
async def test_a_forged_id_token_is_refused(
    provider: ScriptedProvider,
    party: OpenIDProvider,
    forge: Callable[[ScriptedProvider], None],
    reason: str,
) -> None:
    """Only a published key for signatures counts, with an algorithm of the rules."""
    forge(provider)

    assert reason in await refusal(provider, party)
    assert "/userinfo" not in provider.asked


@pytest.mark.parametrize(
    "token", ["", "a.b", "a.b.c", "é.é.é", "..", f"{'e' * 20}.e30.e30", 7, None, ["a"], {"a": 1}]
)
async def test_an_id_token_that_is_none_is_refused(
    provider: ScriptedProvider, party: OpenIDProvider, token: Any
) -> None:
    """Garbage is an error of the provider, and no fault of ours."""
    provider.answers["/token"] = lambda: {"access_token": "the-access-token", "id_token": token}

    with pytest.raises((InvalidTokenError, UnavailableError)):
        await party.finish(REQUEST, CODE, provider.issuer)


@pytest.mark.parametrize("before", [61 + 3600, 62])
async def test_a_citizen_who_must_log_in_did_so_for_this_login(
    provider: ScriptedProvider, party: OpenIDProvider, before: int
) -> None:
    """A provider that ignores `prompt=login` proves an older login, perhaps of somebody else."""
    now = party.seconds()
    request = replace(REQUEST, must_log_in=True, begun_at=now)
    provider.id_token = {"auth_time": now - before}

    with pytest.raises(InvalidTokenError, match="did not log in anew"):
        await party.finish(request, CODE, provider.issuer)
    await party.finish(replace(request, must_log_in=False), CODE, provider.issuer)
    provider.id_token = {"auth_time": now}
    await party.finish(request, CODE, provider.issuer)
