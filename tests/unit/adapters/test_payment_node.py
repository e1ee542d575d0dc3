"""The payment node over HTTP: the request, and the meaning of each answer."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from lib.adapters.embedded.scripted_payment_node import (
    AMOUNT,
    CHANGED,
    FAULTS,
    RISE,
    ScriptedPaymentNode,
)
from lib.adapters.outbound import payment_node
from lib.adapters.outbound.payment_node import HTTPPaymentNode
from lib.domain.payments.errors import PaymentFaultError
from lib.domain.shared.identifiers import OrganizationFiscalCode, RptId
from lib.ports.errors import UnavailableError
from lib.ports.payment_node import NodeRefusedError, PaymentInfo

RPT_ID = RptId("01234567890301000000000000017")
INFO = {
    "rptId": RPT_ID,
    "amount": 8450,
    "paFiscalCode": "01234567890",
    "paName": "Comune di Esempio",
    "description": "Tassa sui rifiuti",
    "dueDate": "2027-06-30",
}


@dataclass
class Upstream:
    """A node on this machine, which answers with `status` and `body` after `seconds`."""

    url: str = ""
    status: int = 200
    body: Any = field(default_factory=lambda: dict(INFO))
    headers: dict[str, str] = field(default_factory=dict)
    asked: list[tuple[str, str | None]] = field(default_factory=list)

    async def answer(self, request: web.Request) -> web.Response:
        """Answer the request."""
        self.asked.append((request.path, request.headers.get("Ocp-Apim-Subscription-Key")))
        if isinstance(self.body, bytes):
            return web.Response(status=self.status, body=self.body, headers=self.headers)
        return web.json_response(self.body, status=self.status, headers=self.headers)


@pytest.fixture
async def upstream() -> AsyncIterator[Upstream]:
    """Serve a node while a test runs."""
    node = Upstream()
    app = web.Application()
    app.router.add_get("/{path:.*}", node.answer)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    node.url = f"http://127.0.0.1:{runner.addresses[0][1]}/ecommerce/v1/"
    yield node
    await runner.cleanup()


@pytest.fixture
async def client(upstream: Upstream) -> AsyncIterator[HTTPPaymentNode]:
    """Yield the adapter of that node."""
    client = HTTPPaymentNode(upstream.url, "a-key")
    yield client
    await client.close()


async def test_it_asks_by_rpt_id_and_key(upstream: Upstream, client: HTTPPaymentNode) -> None:
    """The adapter sends one GET, and reads the payment's members from the answer."""
    assert await client.info(RPT_ID) == PaymentInfo(
        RPT_ID,
        8450,
        OrganizationFiscalCode("01234567890"),
        "Comune di Esempio",
        "Tassa sui rifiuti",
        "2027-06-30",
    )
    assert upstream.asked == [(f"/ecommerce/v1/payment-requests/{RPT_ID}", "a-key")]


async def test_the_amount_alone_is_needed(upstream: Upstream, client: HTTPPaymentNode) -> None:
    """The other members are optional in IO's contract too."""
    upstream.body = {"amount": 0}

    assert await client.info(RPT_ID) == PaymentInfo(RPT_ID, 0)


@pytest.mark.parametrize(
    ("status", "category", "detail"),
    [
        (404, "PAYMENT_UNKNOWN", "PAA_PAGAMENTO_SCONOSCIUTO"),
        (404, "PAYMENT_DATA_ERROR", "PPT_SINTASSI_XSD"),
        (409, "PAYMENT_ONGOING", "PPT_PAGAMENTO_IN_CORSO"),
        (409, "PAYMENT_EXPIRED", "PAA_PAGAMENTO_SCADUTO"),
        (409, "PAYMENT_CANCELED", "PAA_PAGAMENTO_ANNULLATO"),
        (409, "PAYMENT_DUPLICATED", "PPT_PAGAMENTO_DUPLICATO"),
        (502, "GENERIC_ERROR", "whatever"),
        (502, "PAYMENT_UNAVAILABLE", "PPT_SEMANTICA"),
        (503, "DOMAIN_UNKNOWN", "PPT_IBAN_NON_CENSITO"),
    ],
)
async def test_a_fault_is_passed_on(
    upstream: Upstream, client: HTTPPaymentNode, status: int, category: str, detail: str
) -> None:
    """The fault has pagoPA's category and detail."""
    upstream.status = status
    upstream.body = {"title": "x", "faultCodeCategory": category, "faultCodeDetail": detail}

    with pytest.raises(PaymentFaultError) as caught:
        await client.info(RPT_ID)

    assert (caught.value.category, caught.value.detail) == (category, detail)


@pytest.mark.parametrize("body", [{}, {"amount": "8450"}, {"amount": -1}, [], b"<html>"])
async def test_an_unreadable_success_is_a_fault(
    upstream: Upstream, client: HTTPPaymentNode, body: Any
) -> None:
    """No citizen sees an amount that the node did not name."""
    upstream.body = body

    with pytest.raises(PaymentFaultError, match="GENERIC_ERROR"):
        await client.info(RPT_ID)


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (429, {}),
        (500, b"down"),
        (503, b""),
        (504, {}),
        (404, {"title": "no such route"}),
        (409, {"faultCodeCategory": ["PAYMENT_DUPLICATED"]}),
        (409, b"x" * (payment_node.MAX_BYTES + 1)),
        (302, {}),
    ],
)
async def test_a_strange_answer_of_the_node_is_an_outage(
    upstream: Upstream, client: HTTPPaymentNode, status: int, body: Any
) -> None:
    """A missing route is no unknown payment, and a redirect is not followed."""
    upstream.status, upstream.body = status, body
    upstream.headers = {"Location": "/elsewhere"} if status == 302 else {}

    with pytest.raises(UnavailableError):
        await client.info(RPT_ID)

    assert len(upstream.asked) == 1


@pytest.mark.parametrize("status", [400, 401, 403])
async def test_a_refused_key_is_a_fault_of_ours(
    upstream: Upstream, client: HTTPPaymentNode, status: int
) -> None:
    """Another attempt does not help."""
    upstream.status = status

    with pytest.raises(NodeRefusedError, match=str(status)):
        await client.info(RPT_ID)


async def test_a_node_that_is_away_or_slow_is_an_outage(
    upstream: Upstream, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No caller waits longer than the limit."""
    away = HTTPPaymentNode("http://127.0.0.1:1", "a-key")
    with pytest.raises(UnavailableError, match="ClientConnectorError"):
        await away.info(RPT_ID)
    await away.close()

    monkeypatch.setattr(payment_node, "TIMEOUT", aiohttp.ClientTimeout(total=0.0001))
    slow = HTTPPaymentNode(upstream.url, "a-key")
    with pytest.raises(UnavailableError, match="Timeout"):
        await slow.info(RPT_ID)
    await slow.close()


async def test_the_sandbox_s_node_answers_as_the_notice_number_ends() -> None:
    """Endings have scripted faults, an outage or another sum; else the sum that was asked for."""
    sums: dict[str, int] = {}

    async def asked_for(rpt_id: RptId) -> int | None:
        return sums.get(rpt_id)

    node = ScriptedPaymentNode(asked_for)
    for ending, (category, detail) in FAULTS.items():
        with pytest.raises(PaymentFaultError, match=category) as caught:
            await node.info(RptId(f"{RPT_ID[:-2]}{ending}"))
        assert caught.value.detail == detail
    with pytest.raises(UnavailableError):
        await node.info(RptId(f"{RPT_ID[:-2]}99"))
    assert (await node.info(RPT_ID)).amount == AMOUNT
    changed = RptId(f"{RPT_ID[:-2]}{CHANGED}")
    sums |= {RPT_ID: 1200, changed: 1200}
    assert (await node.info(RPT_ID)).amount == 1200
    assert (await node.info(changed)).amount == 1200 + RISE
    await node.close()
