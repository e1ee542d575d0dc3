"""The paths of documents cost a limited number of operations (design, section 5)."""

import pytest

from infra.local.sandbox.seed import CITIZEN
from tests.builders.payment_notices import INSTALMENTS, a_notice
from tests.builders.payments import RPT_ID, a_payment
from tests.doubles.counted_stack import CountedStack, update_payment


@pytest.mark.parametrize(
    ("paper", "language", "reads"),
    [
        ("read_payment_qr_svg", {}, 2),
        ("read_payment_qr_png", {}, 2),
        ("read_payment_notice", {}, 3),
        ("read_payment_notice", {"language": "de_DE"}, 2),
        ("read_calendar_entry", {}, 3),
    ],
)
async def test_read_a_document(
    counted: CountedStack, paper: str, language: dict[str, str], reads: int
) -> None:
    """A document costs 2 point reads, since the message may lag its payment.

    A paper costs one more for the citizen's language, unless the call names one.
    """
    content = {"due_date": "2027-06-30T21:59:59Z", "payment_data": a_payment()}
    id_ = await counted.deliver(content=content)
    counted.reset()

    reply = await counted.call(paper, path={"id": id_}, query=language, citizen=CITIZEN)

    assert reply.status == 200
    assert counted.documents == {"read": reads}
    assert counted.queues == {}


async def test_read_a_receipt(counted: CountedStack) -> None:
    """A receipt costs 3 point reads, since it shows the stored payment in the right language."""
    id_ = await counted.deliver(content={"payment_data": a_payment()})
    await update_payment(counted, RPT_ID)
    counted.reset()

    reply = await counted.call("read_payment_receipt", path={"id": id_}, citizen=CITIZEN)

    assert reply.status == 200
    assert counted.documents == {"read": 3}
    assert counted.queues == {}


async def test_read_a_notice_with_instalments(counted: CountedStack) -> None:
    """A notice of four sums costs one read for each, beside message, notice and profile."""
    reply = await counted.call("submit_payment_notice", a_notice(instalments=list(INSTALMENTS)))
    await counted.drain()
    counted.reset()

    path = {"id": reply.body["message_id"]}
    reply = await counted.call("read_payment_notice", path=path, citizen=CITIZEN)

    assert reply.status == 200
    assert counted.documents == {"read": 7}
    assert counted.queues == {}
