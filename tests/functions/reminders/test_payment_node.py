"""The payment node is asked right before a reminder."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from infra.local.sandbox.seed import CITIZEN, PAYMENTS_KEY
from lib.domain.payments.errors import PaymentFaultError
from lib.domain.shared.identifiers import MessageId, RptId
from lib.ports.errors import UnavailableError
from lib.ports.payment_node import PaymentInfo
from lib.use_cases.shared.breaker import FAILURES
from tests.builders.payments import RPT_ID, tell
from tests.functions.reminders.support import jump, log, notice
from tests.stack import Stack
from tests.stored import stored_message, stored_payment

pytestmark = pytest.mark.slow


class Node:
    """A payment node that raises `answer`, or says that there is something to pay."""

    def __init__(self, answer: Exception | None = None) -> None:
        self.answer = answer
        self.asked: list[str] = []

    async def info(self, rpt_id: str) -> PaymentInfo:
        """Return the payment info, or raise `answer`."""
        self.asked.append(rpt_id)
        if self.answer is not None:
            raise self.answer
        return PaymentInfo(rpt_id=RptId(rpt_id), amount=8450)

    async def close(self) -> None:
        """Do nothing."""


@pytest.fixture
async def node() -> Node:
    """Give a node that says that there is something to pay."""
    return Node()


@pytest.fixture
async def asking(tmp_path: Any, node: Node) -> Any:
    """Give a stack that asks the node."""
    stack = await Stack(tmp_path, node=node).start()
    yield stack
    await stack.app.close()


async def test_the_node_is_asked_before_each_reminder(asking: Stack, node: Node) -> None:
    """A payment that the node knows is recorded, shown to the citizen, and not reminded of."""
    id_ = await notice(asking)
    assert not node.asked
    await jump(asking, 26, 10)
    node.answer = PaymentFaultError("PAYMENT_DUPLICATED", "PPT_PAGAMENTO_DUPLICATO")
    await jump(asking, 30, 10)
    await asking.drain()

    assert await log(asking, id_) == [("20261203-7", "SENT"), ("20261203-3", "PAID")]
    assert (await stored_message(asking, id_)).payment_status == "PAID"
    assert node.asked == [RPT_ID] * 2
    assert len(asking.push.sent) == 1


async def test_a_payment_in_progress_postpones_the_reminder(asking: Stack, node: Node) -> None:
    """The reminder comes an hour later, when the node is asked again."""
    id_ = await notice(asking)
    node.answer = PaymentFaultError("PAYMENT_ONGOING", "PPT_PAGAMENTO_IN_CORSO")
    await jump(asking, 26, 10)
    assert not asking.push.sent
    node.answer = None
    await jump(asking, 26, 12)

    assert await log(asking, id_) == [("20261203-7", "SENT")]


async def test_a_postponed_reminder_survives_a_new_plan(asking: Stack, node: Node) -> None:
    """A new plan does not lose the postponed reminder of the last day."""
    id_ = await notice(asking)
    await asking.live_until(datetime(2026, 12, 3, 6, tzinfo=UTC))
    node.answer = PaymentFaultError("PAYMENT_ONGOING", "PPT_PAGAMENTO_IN_CORSO")
    await jump(asking, 33, 10)
    await asking.app.reminders.schedule(CITIZEN, MessageId(id_))
    node.answer = None
    await jump(asking, 33, 12)

    assert (await log(asking, id_))[-1] == ("20261203-0", "SENT")


async def test_a_reported_payment_replaces_the_node_s_answer(asking: Stack, node: Node) -> None:
    """The reported time and amount of a payment count, however late they come."""
    await notice(asking)
    node.answer = PaymentFaultError("PAYMENT_DUPLICATED", "PPT_PAGAMENTO_DUPLICATO")
    paid_at = asking.clock.moment
    await jump(asking, 26, 10)
    payment = await stored_payment(asking)
    assert payment.event is not None
    assert (payment.status, payment.event.source) == ("PAID", "payment-node")
    at = paid_at.isoformat().replace("+00:00", "Z")
    update = {"event_id": "e", "occurred_at": at, "outcome": "PAID", "amount_cents": 8450}
    await asking.call("update_payment", update, path={"rpt_id": RPT_ID}, key=PAYMENTS_KEY)

    event = (await stored_payment(asking)).event
    assert event is not None
    assert (event.id, event.amount) == ("e", 8450)


async def test_a_node_that_contradicts_a_reversal_is_asked_again(asking: Stack, node: Node) -> None:
    """A reminder waits where the node says paid and a reversal was reported."""
    id_ = await notice(asking)
    await tell(asking, "REVERSED")
    await asking.drain()
    node.answer = PaymentFaultError("PAYMENT_DUPLICATED", "PPT_PAGAMENTO_DUPLICATO")
    await jump(asking, 26, 10)
    assert not asking.push.sent
    node.answer = None
    await jump(asking, 26, 12)

    assert await log(asking, id_) == [("20261203-7", "SENT")]


async def test_a_node_that_is_away_costs_no_reminder(asking: Stack, node: Node) -> None:
    """A reminder waits half an hour for the node, which is asked a few times only."""
    id_ = await notice(asking)
    node.answer = UnavailableError("away")
    await jump(asking, 26, 10)
    assert not asking.push.sent
    for _ in range(12):
        asking.clock.advance(timedelta(minutes=5))
        await asking.tick()

    assert await log(asking, id_) == [("20261203-7", "SENT")]
    assert len(node.asked) == FAILURES
