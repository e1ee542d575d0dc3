"""A notice number is used once: for one debtor, one service and one message."""

import asyncio
from datetime import timedelta

import pytest

from infra.local.sandbox.seed import LIMITED_KEY
from tests.builders.payment_notices import (
    CLOSED,
    NUMBER,
    a_notice,
    inbox,
    send,
    tell,
)
from tests.builders.payments import a_payment
from tests.builders.profiles import OTHER_CITIZEN
from tests.stack import Stack, refusal
from tests.stored import (
    is_number_taken,
)

DUPLICATE = "Duplicate payment notice"


async def test_the_same_notice_again_sends_nothing(stack: Stack) -> None:
    """The same notice again gets 200 and the same message, also when it is due or paid."""
    first = await send(stack)
    await stack.drain()
    again = await send(stack)
    await tell(stack)
    await stack.drain()
    stack.clock.advance(timedelta(days=300))
    late = await send(stack)
    await stack.drain()

    assert (first.status, again.status, late.status) == (201, 200, 200)
    assert first.body["message_id"] == again.body["message_id"] == late.body["message_id"]
    assert (again.body["status"], again.body["payment_status"]) == ("PROCESSED", "NOT_PAID")
    assert late.body["payment_status"] == "PAID"
    assert "changed" not in again.body
    assert len(await inbox(stack)) == len(stack.push.sent) == 1


async def test_fifty_at_once_make_one_message(stack: Stack) -> None:
    """Of fifty requests at once one gets 201 and 49 get 200, and the citizen has one message."""
    replies = await asyncio.gather(*(send(stack) for _ in range(50)))
    await stack.drain()

    assert sorted(reply.status for reply in replies) == [200] * 49 + [201]
    assert len({reply.body["message_id"] for reply in replies}) == 1
    assert len(await inbox(stack)) == len(stack.push.sent) == 1


async def test_a_number_has_one_debtor_and_one_service(stack: Stack) -> None:
    """Another debtor or service gets 409 for the number, and no message is sent."""
    await send(stack)

    other_debtor = await send(stack, a_notice(fiscal_code=OTHER_CITIZEN))
    other_service = await send(stack, key=LIMITED_KEY)
    await stack.drain()

    assert refusal(other_debtor)[:2] == refusal(other_service)[:2] == (409, DUPLICATE)
    assert "another debtor" in other_debtor.body["detail"]
    assert "Another service" in other_service.body["detail"]
    assert not await inbox(stack, OTHER_CITIZEN)
    assert len(await inbox(stack)) == 1


async def test_a_notice_is_refused_where_a_message_asks_for_its_payment(stack: Stack) -> None:
    """A notice gets 409 where a message already asks the citizen for the payment."""
    await stack.deliver(content={"payment_data": a_payment(notice_number=NUMBER)})

    reply = await send(stack)
    await stack.drain()

    assert refusal(reply)[:2] == (409, DUPLICATE)
    assert not await is_number_taken(stack)
    assert len(await inbox(stack)) == 1


@pytest.mark.parametrize("outcome", ["PAID", "CANCELLED"])
async def test_a_closed_payment_is_not_asked_for(stack: Stack, outcome: str) -> None:
    """A notice gets 409 where pagoPA told before that the payment is paid or cancelled."""
    await tell(stack, outcome)

    reply = await send(stack)
    await stack.drain()

    assert refusal(reply)[:2] == (409, CLOSED)
    assert reply.body["payment_status"] == outcome
    assert not await inbox(stack)


async def test_a_reversed_payment_is_asked_for(stack: Stack) -> None:
    """A notice is sent where its payment was reversed, since it is to be paid again."""
    await tell(stack, "REVERSED")

    assert (await send(stack)).status == 201
