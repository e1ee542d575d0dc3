"""The paths of payment notices cost a limited number of operations (design, section 5)."""

from datetime import timedelta
from typing import Any

from functions.queues.messages import fan_out_message
from lib.domain.shared.identifiers import RptId
from lib.ports.queueing.names import MESSAGE_SUBMITTED
from tests.builders.payment_notices import INSTALMENTS, a_notice, an_amendment
from tests.builders.payment_notices import RPT_ID as NOTICE_RPT_ID
from tests.builders.payments import PAYEE
from tests.doubles.counted_stack import CountedStack
from tests.doubles.slow_push import queue_pushes
from tests.stack import Reply, take


async def send_notice(counted: CountedStack, notice: dict[str, Any] | None = None) -> Reply:
    """Send a payment notice."""
    return await counted.call("submit_payment_notice", notice or a_notice())


async def test_a_payment_notice(counted: CountedStack) -> None:
    """A notice costs 2 point reads, 2 creates and 1 put; its repetition queues nothing."""
    first = await send_notice(counted)
    assert first.status == 201
    assert counted.documents == {"read": 2, "create": 2}
    assert counted.queues == {"put": 1}
    (item,) = await take(counted.queue, MESSAGE_SUBMITTED)
    queue_pushes(counted.app)
    counted.reset()

    await fan_out_message.consume(counted.app, item.text, last=False)
    assert counted.documents == {"read": 3, "create": 2, "upsert": 1, "patch": 1, "batch": 1}
    counted.reset()

    again = await send_notice(counted)
    assert again.status == 200
    assert counted.documents == {"read": 4, "create": 1}
    assert counted.queues == {}


async def test_an_amended_and_a_cancelled_notice(counted: CountedStack) -> None:
    """4 reads, 2 replaces, 1 patch, and 2 reads, 1 upsert and 1 patch to plan its reminders anew.

    Read back, 3 reads; cancelled, 6 reads, 2 replaces, 1 put;
    reopened, 10 reads, 3 replaces, 1 upsert, 2 patches, 1 put.
    """
    await send_notice(counted)
    await counted.drain()
    path = {"rpt_id": NOTICE_RPT_ID}
    counted.reset()

    await counted.call("amend_payment_notice", an_amendment(amount_cents=9000), path=path)
    assert counted.documents == {"read": 6, "replace": 2, "upsert": 1, "patch": 2}
    assert counted.queues == {}
    counted.reset()

    await counted.call("read_sent_notice", path=path)
    assert counted.documents == {"read": 3}
    counted.reset()

    reply = await counted.call("cancel_payment_notice", path=path)
    assert reply.status == 200
    assert counted.documents == {"read": 6, "replace": 2}
    assert counted.queues == {"put": 1}
    await counted.drain()
    counted.reset()

    reply = await counted.call("reopen_payment_notice", path=path)
    assert reply.status == 200
    assert counted.documents == {"read": 10, "replace": 3, "upsert": 1, "patch": 2}
    assert counted.queues == {"put": 1}


async def test_a_notice_in_instalments(counted: CountedStack) -> None:
    """A later instalment costs 1 read, 2 creates, 1 upsert; to send it 5 reads, 2 writes, 1 put."""
    await send_notice(counted, a_notice(instalments=list(INSTALMENTS)))
    assert counted.documents == {"read": 5, "create": 8, "upsert": 3}
    assert counted.queues == {"put": 1}
    late, near, _ = (f"{PAYEE}{one['notice_number']}" for one in INSTALMENTS)
    counted.clock.advance(timedelta(days=190))
    assert not await counted.app.payment_notices.submit_instalment(RptId(late))
    counted.reset()

    assert await counted.app.payment_notices.submit_instalment(RptId(near))
    assert counted.documents == {"read": 5, "replace": 1, "create": 1}
    assert counted.queues == {"put": 1}
