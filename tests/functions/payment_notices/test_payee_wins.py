"""Where another service has the payee's notice number, the payee's own service wins."""

import asyncio

import pytest

from infra.local.sandbox.seed import CITIZEN
from lib.domain.services.service import Group
from tests.builders.payment_notices import (
    INSTALMENTS,
    RPT_ID,
    a_notice,
    amend,
    an_amendment,
    an_instalment,
    cancel,
    inbox,
    number,
    read,
    send,
    tell,
)
from tests.builders.payments import PAYEE
from tests.builders.profiles import OTHER_CITIZEN
from tests.builders.services import with_groups
from tests.functions.payment_notices.strangers import squat, stranger
from tests.stack import Stack
from tests.stored import stored_instalment, stored_message, stored_payment


@pytest.mark.parametrize("delivered", [False, True])
@pytest.mark.parametrize("amended", [False, True])
async def test_the_payee_takes_its_number_back(
    stack: Stack, *, delivered: bool, amended: bool
) -> None:
    """The payee's notice is sent, and the stranger's asks for nothing and cannot be changed."""
    key, lost = await squat(stack, amount_cents=1)
    if delivered:
        await stack.drain()
    if amended:
        change = an_amendment(amount_cents=2)
        assert (await amend(stack, change, key=key)).status == 200

    reply = await send(stack)
    await stack.drain()

    assert (reply.status, reply.body["contested"]) == (201, True)
    assert (await read(stack)).body["contested"]
    payment = await stored_payment(stack, RPT_ID)
    assert payment.amount == 8450
    assert [one.message_id for one in payment.carriers] == [reply.body["message_id"]]
    assert [one["amount"] for one in await inbox(stack)] == [8450]
    if delivered:
        (shown,) = await inbox(stack, OTHER_CITIZEN)
        assert shown["payment_status"] == "CANCELLED"
    else:
        assert (await stored_message(stack, lost, OTHER_CITIZEN)).status == "REJECTED"
    assert (await read(stack, key=key)).status == 404
    assert (await cancel(stack, key=key)).status == 404
    assert (await amend(stack, an_amendment(amount_cents=3), key=key)).status == 404
    again = await send(stack, a_notice(payee=PAYEE, fiscal_code=OTHER_CITIZEN), key=key)
    assert again.status == 409


async def test_a_stranger_s_cancellation_does_not_close_the_number(stack: Stack) -> None:
    """The payee can send its notice after a stranger cancelled the number."""
    key, _ = await squat(stack)
    await stack.drain()
    assert (await cancel(stack, key=key)).status == 200

    reply = await send(stack)
    await stack.drain()

    assert reply.status == 201
    assert (await read(stack)).body["payment_status"] == "NOT_PAID"


async def test_a_paid_number_is_not_taken_back(stack: Stack) -> None:
    """A number that a citizen paid gets 409, so that nobody is asked to pay again."""
    await squat(stack)
    await stack.drain()
    await tell(stack)
    await stack.drain()

    assert (await send(stack)).status == 409
    (shown,) = await inbox(stack, OTHER_CITIZEN)
    assert shown["payment_status"] == "PAID"


@pytest.mark.parametrize("refused", ["past", "instalment"])
async def test_a_notice_that_is_refused_takes_nothing(stack: Stack, refused: str) -> None:
    """A notice of the payee that is refused leaves the stranger's notice as it is."""
    key, _ = await squat(stack)
    if refused == "past":
        notice, status = a_notice(due_date="2020-01-31"), 400
    else:
        assert (await send(stack, a_notice(notice_number=number(12)))).status == 201
        notice, status = a_notice(instalments=list(INSTALMENTS)), 409
    await stack.drain()
    before = await stored_payment(stack, RPT_ID)

    assert (await send(stack, notice)).status == status
    await stack.drain()

    assert await stored_payment(stack, RPT_ID) == before
    assert (await inbox(stack, OTHER_CITIZEN))[0]["payment_status"] == "NOT_PAID"
    assert (await read(stack, key=key)).status == 200


async def test_an_instalment_s_number_is_taken_back_too(stack: Stack) -> None:
    """The payee takes the numbers of instalments from a stranger's notice and instalments."""
    parts = [an_instalment(12, "2027-02-28"), an_instalment(91, "2027-06-30", 8450)]
    key, _ = await squat(stack, notice_number=number(90), instalments=parts)
    other = a_notice(payee=PAYEE, fiscal_code=OTHER_CITIZEN, notice_number=number(13))
    assert (await send(stack, other, key=key)).status == 201
    await stack.drain()

    reply = await send(stack, a_notice(instalments=list(INSTALMENTS)))
    await stack.drain()

    assert reply.status == 201, reply
    for of in (12, 13):
        assert (await stored_instalment(stack, PAYEE + number(of))).of == RPT_ID
    # what the stranger amends does not reach the number that it lost
    parts[0]["amount_cents"] = 1
    change = an_amendment(subject="Un altro oggetto", instalments=parts)
    path = {"rpt_id": PAYEE + number(90)}
    amended = await stack.call("amend_payment_notice", change, path=path, key=key)
    assert amended.status == 200, amended
    assert (await stored_payment(stack, PAYEE + number(12))).amount == 4225


async def test_many_at_once_take_it_once(stack: Stack) -> None:
    """Requests of the payee at once make one notice and one message."""
    await squat(stack)
    await stack.drain()

    replies = await asyncio.gather(*(send(stack) for _ in range(8)))
    await stack.drain()

    assert {one.status for one in replies} <= {200, 201, 503}
    assert len(await inbox(stack)) == 1


async def test_the_payee_s_number_is_not_taken(stack: Stack) -> None:
    """Neither a stranger nor another service of the payee takes the payee's number."""
    await send(stack)
    key = await stranger(stack)
    own = await with_groups(
        stack, *Group, key="own", service_id="own", authorized_recipients=[CITIZEN]
    )

    assert (await send(stack, a_notice(payee=PAYEE), key=key)).status == 409
    assert (await send(stack, key=own)).status == 409
    assert "contested" not in (await read(stack)).body
