"""The client of eTranslation."""

from collections.abc import Callable
from typing import Any

import pytest
from aiohttp import web

from lib.adapters.outbound.guarded_http import GuardedHTTP
from lib.adapters.outbound.translation.etranslation import ETranslation
from lib.ports.errors import UnavailableError
from tests.doubles.tls import Upstream
from tests.unit.adapters.outbound.support import saying, url_of

ADDRESS = "https://recapito.example/api/translations/v1/a-ticket"
CHALLENGE = {"WWW-Authenticate": 'Digest realm="eTranslation", nonce="abc", qop="auth"'}

type Guard = Callable[..., GuardedHTTP]


async def test_a_request_logs_in_and_has_nothing_but_the_text(
    upstream: Upstream, guard: Guard
) -> None:
    """The service asks for a Digest login first; its answer is the id of the request."""
    asked: list[tuple[str, Any]] = []

    async def answer(request: web.Request) -> web.Response:
        login = request.headers.get("Authorization", "")
        if not login.startswith("Digest "):
            return web.Response(status=401, headers=CHALLENGE)
        asked.append((login, await request.json()))
        return web.json_response(4711)

    upstream.answer = answer
    service = ETranslation(
        url_of(upstream, "/etranslation/si/translate"),
        "Recapito_2027",
        guard(login=("Recapito_2027", "a-password")),
    )

    await service.ask("La tassa sui rifiuti", "it_IT", "sl_SI", ADDRESS)

    await service.close()
    ((login, body),) = asked
    assert 'username="Recapito_2027"' in login
    assert "a-password" not in login
    assert body == {
        "priority": 0,
        "callerInformation": {"application": "Recapito_2027", "username": "Recapito_2027"},
        "textToTranslate": "La tassa sui rifiuti",
        "sourceLanguage": "IT",
        "targetLanguages": ["SL"],
        "domain": "GEN",
        "requesterCallback": ADDRESS,
        "errorCallback": ADDRESS,
    }


@pytest.mark.parametrize(("body", "status"), [(-20003, 200), ("x", 200), (4711, 500)])
async def test_a_refusal_is_an_outage(
    upstream: Upstream, guard: Guard, body: Any, status: int
) -> None:
    """A negative number is the code of an error."""
    upstream.answer = saying(body, status)
    service = ETranslation(url_of(upstream), "Recapito_2027", guard())

    with pytest.raises(UnavailableError):
        await service.ask("La tassa", "it_IT", "en_GB", ADDRESS)
    await service.close()
