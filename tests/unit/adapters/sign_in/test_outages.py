"""A provider that answers an error, or does not answer."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from aiohttp import web

from lib.adapters.outbound.sign_in.openid_provider import OpenIDProvider
from lib.domain.identity.errors import InvalidTokenError
from lib.ports.errors import UnavailableError
from tests.doubles.identity_provider import (
    CODE,
    DISCOVERY,
    REQUEST,
    ScriptedProvider,
    relying_party,
)


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (400, {"error": "invalid_grant"}, InvalidTokenError),
        (400, {"error": "invalid_request"}, InvalidTokenError),
        (400, {"error": "access_denied", "error_description": "Mario"}, InvalidTokenError),
        (403, [], InvalidTokenError),
        (400, {"error": "invalid_client"}, UnavailableError),
        (400, {"error": "unauthorized_client"}, UnavailableError),
        (401, {"error": "invalid_client"}, UnavailableError),
        (404, {}, UnavailableError),
        (429, {}, UnavailableError),
        (500, {"error": "server_error"}, UnavailableError),
        (503, {"error": "temporarily_unavailable"}, UnavailableError),
        (302, {}, UnavailableError),
        (200, {}, UnavailableError),
        (200, {"access_token": "two\r\nlines", "id_token": "a.b.c"}, UnavailableError),
        (200, {"access_token": "", "id_token": "a.b.c"}, UnavailableError),
        (200, [1], UnavailableError),
    ],
)
async def test_an_error_of_the_provider_is_told_apart(
    provider: ScriptedProvider,
    party: OpenIDProvider,
    status: int,
    body: Any,
    error: type[Exception],
) -> None:
    """A code that is refused is the browser's; all else is the provider's or ours."""
    provider.answers["/token"] = lambda: web.json_response(body, status=status)

    with pytest.raises(error) as raised:
        await party.finish(REQUEST, CODE, provider.issuer)

    assert "Mario" not in str(raised.value)


@pytest.mark.parametrize("path", [DISCOVERY, "/token", "/userinfo", "/keys"])
@pytest.mark.parametrize("how", ["silent", "failing", "long"])
async def test_a_provider_that_does_not_answer_is_an_outage(
    provider: ScriptedProvider, path: str, how: str
) -> None:
    """No call waits for ever, and none reads without end."""

    class Silent(web.StreamResponse):
        async def prepare(self, request: Any) -> None:
            await asyncio.sleep(0.3)

    answers: dict[str, Callable[[], Any]] = {
        "silent": Silent,
        "failing": lambda: web.Response(status=502),
        "long": lambda: web.Response(body=b" " * 100_000),
    }
    provider.answers[path] = answers[how]
    async with relying_party(provider, seconds=0.2) as party:
        with pytest.raises(UnavailableError):
            await party.finish(REQUEST, CODE, provider.issuer)
