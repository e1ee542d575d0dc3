"""A login at a provider that keeps to the rules: what is sent, and what comes out."""

import base64
import hashlib
import time
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import orjson
import pytest
from aiohttp import web
from joserfc import jws

from lib.adapters.outbound.sign_in.openid_provider import OpenIDProvider
from lib.domain.shared.values import Masked
from lib.ports.errors import UnavailableError
from tests.doubles.identity_provider import (
    ACCESS_TOKEN,
    CLIENT,
    CODE,
    DISCOVERY,
    FISCAL_CODE,
    FISCAL_NUMBER,
    LEVELS,
    REQUEST,
    ScriptedProvider,
    ec_key,
)


def _opened(token: str) -> dict[str, Any]:
    """Return the claims of a token of ours, whose signature holds."""
    found = jws.deserialize_compact(token, ec_key("own-sig"), ["ES256"])
    assert found.headers() == {"alg": "ES256", "kid": "own-sig", "typ": "JWT"}
    claims: dict[str, Any] = orjson.loads(found.payload)
    now = time.time()
    assert now - 5 < claims["iat"] <= now < claims["exp"] <= now + 120
    return claims


async def test_a_request_is_signed_as_the_rules_say(
    provider: ScriptedProvider, party: OpenIDProvider
) -> None:
    """The request object has every parameter; some of them stand beside it too."""
    url = await party.begin_url(REQUEST)

    assert url.startswith(f"{provider.issuer}/authorize?")
    shown = dict(parse_qsl(urlsplit(url).query))
    claims = _opened(shown.pop("request"))
    digest = hashlib.sha256(REQUEST.code_verifier.encode()).digest()
    assert shown == {
        "client_id": CLIENT,
        "response_type": "code",
        "scope": "openid",
        "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
        "code_challenge_method": "S256",
    }
    assert {name: claims[name] for name in shown} == shown
    assert claims["iss"] == CLIENT
    assert claims["aud"] == provider.issuer
    assert claims["nonce"] == REQUEST.nonce
    assert claims["state"] == REQUEST.state
    assert claims["redirect_uri"] == REQUEST.redirect_uri
    assert claims["prompt"] == "consent"
    assert claims["acr_values"] == " ".join(LEVELS)
    assert claims["claims"]["userinfo"][FISCAL_NUMBER] == {"essential": True}
    assert "id_token" not in claims["claims"]


async def test_a_request_may_want_a_new_login_and_names_known_levels(
    provider: ScriptedProvider, party: OpenIDProvider
) -> None:
    """A provider refuses levels that it does not know, such as those of another system."""
    provider.metadata = {"acr_values_supported": [LEVELS[1], 7]}
    url = await party.begin_url(replace(REQUEST, must_log_in=True, acr_values=("CIE_L3", *LEVELS)))

    claims = _opened(dict(parse_qsl(urlsplit(url).query))["request"])

    assert claims["prompt"] == "consent login"
    assert claims["acr_values"] == LEVELS[1]


async def test_a_login_gives_an_identity(provider: ScriptedProvider, party: OpenIDProvider) -> None:
    """Two calls: the code for tokens, proved by an assertion; the access token for UserInfo."""
    logged_in = int(time.time()) - 30
    provider.id_token = {"auth_time": logged_in, "acr": LEVELS[1]}

    found = await party.finish(REQUEST, CODE, provider.issuer)

    assert found.fiscal_code == FISCAL_CODE
    assert (found.name, found.family_name) == ("Mario", "Rossi")
    assert (found.email, found.birth_date) == ("mario@example.org", "1980-01-01")
    assert found.acr == LEVELS[1]
    assert found.authenticated_at.timestamp() == logged_in
    assert "Mario" not in repr(found)
    assert FISCAL_CODE not in repr(found)
    (form,) = provider.forms
    assertion = _opened(form.pop("client_assertion"))
    assert assertion["iss"] == assertion["sub"] == CLIENT
    assert assertion["aud"] == f"{provider.issuer}/token"
    assert assertion["jti"]
    assert form == {
        "grant_type": "authorization_code",
        "code": CODE,
        "redirect_uri": REQUEST.redirect_uri,
        "code_verifier": REQUEST.code_verifier,
        "client_id": CLIENT,
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    }


async def test_what_a_provider_publishes_is_read_once(
    provider: ScriptedProvider, party: OpenIDProvider
) -> None:
    """A second login makes two calls."""
    await party.begin_url(REQUEST)
    await party.finish(REQUEST, CODE, provider.issuer)
    del provider.asked[:]

    await party.begin_url(REQUEST)
    await party.finish(REQUEST, CODE, provider.issuer)

    assert provider.asked == ["/token", "/userinfo"]


async def test_the_access_token_is_revoked_where_the_provider_can(
    provider: ScriptedProvider, party: OpenIDProvider
) -> None:
    """A revocation that fails does not refuse the citizen."""
    provider.metadata = {"revocation_endpoint": f"{provider.issuer}/revoke"}
    provider.answers["/revoke"] = lambda: web.Response(status=503)

    await party.finish(REQUEST, CODE, provider.issuer)

    revoked = provider.forms[-1]
    assert revoked["token"] == ACCESS_TOKEN
    assert _opened(revoked["client_assertion"])["aud"] == f"{provider.issuer}/revoke"


@pytest.mark.parametrize("ends", [True, False])
async def test_the_address_that_ends_a_session(
    provider: ScriptedProvider, party: OpenIDProvider, *, ends: bool
) -> None:
    """It has the hint, and where to return; a provider without the endpoint has no address."""
    if ends:
        provider.metadata = {"end_session_endpoint": f"{provider.issuer}/end?x=1"}

    url = await party.end_url(Masked("hint"), f"{CLIENT}/out")

    if not ends:
        assert url is None
        return
    assert url is not None
    assert url.startswith(f"{provider.issuer}/end?x=1&")
    assert dict(parse_qsl(urlsplit(url).query)) == {
        "x": "1",
        "id_token_hint": "hint",
        "client_id": CLIENT,
        "post_logout_redirect_uri": f"{CLIENT}/out",
    }


async def test_a_provider_that_is_away_stops_no_logout(
    provider: ScriptedProvider, party: OpenIDProvider
) -> None:
    """The citizen's session here ends all the same."""
    provider.answers[DISCOVERY] = dict

    assert await party.end_url(Masked("hint"), CLIENT) is None
    with pytest.raises(UnavailableError):
        await party.begin_url(REQUEST)
