"""A call with a voucher costs what a call with a key costs."""

from tests.builders.messages import a_message
from tests.builders.vouchers import OTHER_PURPOSE, VoucherSender
from tests.doubles.counted_stack import CountedStack


async def warm(counted: CountedStack) -> VoucherSender:
    """Return a sender whose link and subscription are remembered."""
    sender = VoucherSender(counted)
    assert (await sender.call("submit_message", a_message(), sender.with_evidence())).status == 201
    counted.reset()
    return sender


async def test_a_warm_submission(counted: CountedStack) -> None:
    """Another voucher of the same client costs no read; evidence costs one create."""
    sender = await warm(counted)
    assert (await sender.call("submit_message", a_message())).status == 201
    assert (counted.documents, counted.queues) == ({"create": 1}, {"put": 1})
    counted.reset()

    assert (await sender.call("submit_message", a_message(), sender.with_evidence())).status == 201
    assert (counted.documents, counted.queues) == ({"create": 2}, {"put": 1})


async def test_a_refused_voucher(counted: CountedStack) -> None:
    """A wrong voucher costs nothing, one without a link a read in five seconds."""
    sender = await warm(counted)
    for voucher, reads in (
        (sender.voucher(iss="https://other.example"), {}),
        (sender.voucher(purpose_id=OTHER_PURPOSE), {"read": 1}),
        (sender.voucher(purpose_id=OTHER_PURPOSE), {}),
    ):
        reply = await sender.call("submit_message", a_message(), sender.headers(voucher))
        assert reply.status == 401
        assert counted.documents == reads
        counted.reset()


async def test_an_address_without_valid_vouchers_is_stopped(counted: CountedStack) -> None:
    """After a hundred failures new vouchers are not verified; a known one still serves."""
    sender = await warm(counted)
    good = sender.headers()
    assert (await sender.call("submit_message", a_message(), good)).status == 201
    wrong = {"authorization": "Bearer a.b.c"}
    for _ in range(100):
        assert (await sender.call("submit_message", a_message(), wrong)).status == 401

    assert (await sender.call("submit_message", a_message())).status == 429
    assert (await sender.call("submit_message", a_message(), good)).status == 201
