"""The paths of payments cost a limited number of operations (design, section 5)."""

from functions.queues.messages import update_payment_status
from infra.local.sandbox.seed import CITIZEN
from lib.ports.queueing.names import PAYMENT_UPDATED
from tests.builders.payments import RPT_ID, a_payment
from tests.doubles.counted_stack import CountedStack, update_payment
from tests.stack import take


async def test_a_payment_update_and_its_mark(counted: CountedStack) -> None:
    """An update costs 1 read, 1 replace, 1 put; its mark 1 read, 1 patch and 1 create."""
    await counted.deliver(content={"payment_data": a_payment()})
    counted.reset()

    await update_payment(counted, RPT_ID)
    assert counted.documents == {"read": 1, "replace": 1}
    assert counted.queues == {"put": 1}
    (item,) = await take(counted.queue, PAYMENT_UPDATED)
    counted.reset()

    await update_payment_status.consume(counted.app, item.text, last=False)

    assert counted.documents == {"read": 1, "patch": 1, "create": 1}
    assert counted.queues == {}


async def test_payment_status_for_the_sender_and_info_for_the_citizen(
    counted: CountedStack,
) -> None:
    """Each costs 1 point read; the sender's read status costs its own.

    The sender's first look of a day writes an entry of the citizen's access log.
    """
    content = {"payment_data": a_payment()}
    id_ = await counted.deliver(content=content, feature_level_type="ADVANCED")
    counted.reset()

    sent = await counted.call("read_sent_message", path={"fiscal_code": CITIZEN, "id": id_})
    assert sent.body["payment_status"] == "NOT_PAID"
    assert counted.documents == {"read": 4, "create": 1}
    counted.reset()

    info = await counted.call("read_payment_info", path={"rptId": RPT_ID}, citizen=CITIZEN)
    assert info.status == 200
    assert counted.documents == {"read": 1}
