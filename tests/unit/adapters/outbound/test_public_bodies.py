"""The question to the register of public bodies, and its answers."""

from collections.abc import Callable
from typing import Any

import pytest

from lib.adapters.outbound.guarded_http import GuardedHTTP
from lib.adapters.outbound.registers.public_bodies import HTTPPublicBodies
from lib.domain.shared.identifiers import OrganizationFiscalCode
from lib.ports.errors import UnavailableError
from lib.ports.registers.public_bodies import PublicBody
from tests.doubles.tls import Upstream
from tests.unit.adapters.outbound.support import saying, url_of

CODE = OrganizationFiscalCode("00000000018")


def record(address: str | None, **changes: Any) -> dict[str, Any]:
    """Return a record of the service WS23."""
    return {
        "cod_amm": "c_prova",
        "des_amm": "Comune di Prova",
        "domicilio_digitale": address,
        "tipo": "Pec",
        **changes,
    }


def answer(*records: Any, error: Any = 0) -> dict[str, Any]:
    """Return an answer of the service WS23."""
    result = {"cod_err": error, "desc_err": "", "num_items": len(records)}
    return {"result": result, "data": list(records)}


async def test_the_register_is_asked_by_fiscal_code(
    upstream: Upstream, guard: Callable[..., GuardedHTTP]
) -> None:
    """Addresses come once each, in lower case; what is no address is left out."""
    asked: list[dict[str, Any]] = []

    async def respond(request: Any) -> Any:
        asked.append(dict(await request.post()))
        return await saying(
            answer(
                record("Protocollo@Pec.Example.org "),
                record("no address"),
                record(None),
                record("protocollo@pec.example.org"),
                record("tributi@pec.example.org", des_amm="Ufficio"),
            )
        )(request)

    upstream.answer = respond
    register = HTTPPublicBodies(url_of(upstream, "/ws"), "an-auth-id", guard())

    assert await register.find(CODE) == PublicBody(
        CODE,
        "Comune di Prova",
        "c_prova",
        ("protocollo@pec.example.org", "tributi@pec.example.org"),
    )
    assert asked == [{"AUTH_ID": "an-auth-id", "CF": CODE}]
    assert upstream.asked[0].method == "POST"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (answer(), 200),
        ({"result": {"cod_err": 0}, "data": None}, 200),
        (answer(record("no address")), 200),
        (answer(record("a@example.org", cod_amm="")), 200),
        (answer("text"), 200),
        ({}, 404),
    ],
)
async def test_a_body_without_a_domicile_is_not_found(
    upstream: Upstream, guard: Callable[..., GuardedHTTP], body: Any, status: int
) -> None:
    """Without an address nobody can prove to act for the body."""
    upstream.answer = saying(body, status)

    assert await HTTPPublicBodies(url_of(upstream), "k", guard()).find(CODE) is None


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (answer(error=900), 200),
        (b"<html>", 200),
        ([], 200),
        ({"data": []}, 200),
        ({"result": None}, 200),
        ({}, 500),
        ({}, 302),
    ],
)
async def test_a_fault_of_the_register_is_an_outage(
    upstream: Upstream, guard: Callable[..., GuardedHTTP], body: Any, status: int
) -> None:
    """The application waits, and is not refused."""
    upstream.answer = saying(body, status)

    with pytest.raises(UnavailableError):
        await HTTPPublicBodies(url_of(upstream), "k", guard()).find(CODE)
