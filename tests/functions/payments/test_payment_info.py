"""A citizen asks what a notice asks for, and is answered in IO's words."""

from pathlib import Path
from typing import Any

import pytest

from infra.local.sandbox.seed import CITIZEN
from lib.composition.stacks import build_ports
from lib.domain.shared.identifiers import RptId
from lib.ports.payment_node import NodeRefusedError
from tests.builders.payments import PAYEE, RPT_ID, an_update, payable, send_update
from tests.builders.profiles import OTHER_CITIZEN
from tests.builders.settings import NO_SANDBOX, settings_for
from tests.stack import Reply, Stack


async def ask(stack: Stack, rpt_id: RptId = RPT_ID, citizen: str = CITIZEN) -> Reply:
    """Ask for the payment info of the notice."""
    return await stack.call("read_payment_info", path={"rptId": rpt_id}, citizen=citizen)


async def asked(stack: Stack, ending: str) -> Reply:
    """Deliver a message with a notice number of that end, and ask for its payment info."""
    number = f"3010000000000000{ending}"
    await stack.deliver(content=payable(notice_number=number))
    return await ask(stack, RptId(PAYEE + number))


async def test_the_node_s_answer_has_io_s_body(stack: Stack) -> None:
    """The answer of the node has IO's body."""
    await stack.deliver(content=payable())

    reply = await ask(stack)

    assert (reply.status, reply.body) == (
        200,
        {
            "amount": 8450,
            "rptId": RPT_ID,
            "paFiscalCode": PAYEE,
            "paName": "Comune di Esempio",
            "description": "Avviso di prova",
        },
    )


@pytest.mark.parametrize(
    ("ending", "status", "category", "detail"),
    [
        ("91", 404, "PAYMENT_UNKNOWN", "PAA_PAGAMENTO_SCONOSCIUTO"),
        ("92", 409, "PAYMENT_ONGOING", "PAA_PAGAMENTO_IN_CORSO"),
        ("93", 409, "PAYMENT_EXPIRED", "PAA_PAGAMENTO_SCADUTO"),
        ("94", 409, "PAYMENT_CANCELED", "PAA_PAGAMENTO_ANNULLATO"),
        ("95", 409, "PAYMENT_DUPLICATED", "PPT_PAGAMENTO_DUPLICATO"),
        ("96", 502, "PAYMENT_UNAVAILABLE", "PPT_SYSTEM_ERROR"),
        ("97", 503, "DOMAIN_UNKNOWN", "PPT_STAZIONE_INT_PA_IRRAGGIUNGIBILE"),
    ],
)
async def test_a_fault_of_the_node_has_io_s_form(
    stack: Stack, ending: str, status: int, category: str, detail: str
) -> None:
    """The app reads the fault in faultCodeDetail."""
    reply = await asked(stack, ending)

    assert reply.status == status
    assert reply.headers["content-type"] == "application/problem+json"
    assert reply.body["title"]
    assert (reply.body["faultCodeCategory"], reply.body["faultCodeDetail"]) == (category, detail)


async def test_the_sandbox_s_node_knows_the_sum_that_was_asked_for(stack: Stack) -> None:
    """The newest message's; a notice number of one end costs more by now."""
    await stack.deliver(content=payable(amount=1200))
    assert (await ask(stack)).body["amount"] == 1200
    await stack.deliver(content=payable(amount=1350))
    assert (await ask(stack)).body["amount"] == 1350
    assert (await asked(stack, "98")).body["amount"] == 8450 + 500


async def test_a_node_that_does_not_answer_is_an_outage(stack: Stack) -> None:
    """A node that does not answer gets 503 with Retry-After and IO's fault."""
    reply = await asked(stack, "99")

    assert (reply.status, reply.headers["Retry-After"]) == (503, "5")
    fault = reply.body["faultCodeCategory"], reply.body["faultCodeDetail"]
    assert fault == ("DOMAIN_UNKNOWN", "PPT_STAZIONE_INT_PA_TIMEOUT")


@pytest.mark.parametrize(
    ("outcome", "category", "detail"),
    [
        ("PAID", "PAYMENT_DUPLICATED", "PAA_PAGAMENTO_DUPLICATO"),
        ("CANCELLED", "PAYMENT_CANCELED", "PAA_PAGAMENTO_ANNULLATO"),
    ],
)
async def test_a_known_payment_needs_no_node(
    stack: Stack, outcome: str, category: str, detail: str
) -> None:
    """A payment that pagoPA reported is shown without a question to the node."""
    await stack.deliver(content=payable())
    await send_update(stack, an_update(1, outcome=outcome))

    reply = await ask(stack)

    assert reply.status == 409
    assert (reply.body["faultCodeCategory"], reply.body["faultCodeDetail"]) == (category, detail)
    await send_update(stack, an_update(0, outcome="REVERSED"))
    assert (await ask(stack)).status == 200


async def test_to_others_a_notice_is_unknown(stack: Stack) -> None:
    """A citizen without a message of the notice learns nothing of it."""
    await stack.deliver(content=payable())
    await send_update(stack, an_update())
    unheard_of = await ask(stack, RptId(f"{PAYEE}301000000000000033"), OTHER_CITIZEN)
    foreign = await ask(stack, citizen=OTHER_CITIZEN)

    assert foreign.body == unheard_of.body
    assert (foreign.status, foreign.body["faultCodeDetail"]) == (404, "PAA_PAGAMENTO_SCONOSCIUTO")
    assert (await stack.call("read_payment_info", path={"rptId": RPT_ID}, key=None)).status == 401


class Refusing:
    """A node that refuses the app's key."""

    async def info(self, rpt_id: RptId) -> Any:
        """Raise the refusal."""
        raise NodeRefusedError("the payment node answered 401")

    async def close(self) -> None:
        """Do nothing."""


@pytest.mark.parametrize(("node", "status"), [(None, 503), (Refusing(), 500)])
async def test_without_a_node_the_answer_is_an_error(
    tmp_path: Path, node: Any, status: int
) -> None:
    """No node is an outage, and a node that refuses the app is a fault."""
    stack = await Stack(tmp_path, node=node).start()
    await stack.deliver(content=payable())

    assert (await ask(stack)).status == status
    await stack.app.close()


async def test_the_settings_choose_the_node(tmp_path: Path) -> None:
    """The settings choose an address, else the sandbox's node, else none."""
    for changes, kind in (
        ({}, "ScriptedPaymentNode"),
        (NO_SANDBOX, "NoneType"),
        ({"payment_node_url": "http://127.0.0.1:9/v1", "payment_node_key": "k"}, "HTTPPaymentNode"),
    ):
        (folder := tmp_path / kind).mkdir()
        ports = build_ports(settings_for(folder, **changes))
        # a method tells the node behind the stand-in of a late port
        asks = getattr(ports.node, "info", None)
        assert type(getattr(asks, "__self__", None)).__name__ == kind
        await ports.close()
