"""A payment notice that is cancelled asks for nothing any more."""

from datetime import timedelta

import pytest

from infra.local.sandbox.seed import SERVICE_ID
from lib.domain.shared.values import timestamp
from tests.builders.payment_notices import (
    CLOSED,
    RPT_ID,
    a_notice,
    amend,
    an_amendment,
    cancel,
    read,
    send,
    tell,
)
from tests.doubles.clock import START
from tests.stack import Stack, refusal
from tests.stored import (
    is_payment_known,
    stored_message,
    stored_payment,
)


@pytest.mark.parametrize("fanned_out", [False, True])
async def test_a_cancelled_notice_stays_cancelled(stack: Stack, fanned_out: bool) -> None:
    """The message shows the cancellation, and no later request changes the notice."""
    id_ = (await send(stack)).body["message_id"]
    if fanned_out:
        await stack.drain()

    first = await cancel(stack)
    await stack.drain()
    stack.clock.advance(timedelta(minutes=5))
    again = await cancel(stack)
    await stack.drain()

    assert (first.status, again.status) == (200, 200)
    assert first.body["payment_status"] == again.body["payment_status"] == "CANCELLED"
    assert first.body["cancelled_at"] == again.body["cancelled_at"] == timestamp(START)
    assert (await stored_message(stack, id_)).payment_status == "CANCELLED"
    event = (await stored_payment(stack, RPT_ID)).event
    assert event is not None
    assert (event.outcome, event.source) == ("CANCELLED", SERVICE_ID)
    for reply in (await send(stack), await amend(stack, an_amendment(amount_cents=1))):
        assert refusal(reply)[:2] == (409, CLOSED)
        assert reply.body["payment_status"] == "CANCELLED"


async def test_a_paid_notice_is_neither_amended_nor_cancelled(stack: Stack) -> None:
    """A notice that is paid gets 409 for an amendment and for a cancellation."""
    await send(stack)
    await stack.drain()
    await tell(stack)

    replies = [
        await amend(stack, an_amendment(amount_cents=9000)),
        await send(stack, a_notice(amount_cents=9000)),
        await cancel(stack),
    ]

    assert {refusal(reply)[:2] for reply in replies} == {(409, CLOSED)}
    assert {reply.body["payment_status"] for reply in replies} == {"PAID"}
    assert (await read(stack)).body["amount_cents"] == 8450


async def test_a_cancelled_notice_stays_cancelled_when_its_payment_is_forgotten(
    stack: Stack,
) -> None:
    """The notice stays cancelled when its payment, which no message carries, expires."""
    await send(stack, a_notice(fiscal_code="INBOFF00A00A000A"))
    await stack.drain()
    await cancel(stack)
    stack.clock.advance(timedelta(days=91))

    assert not await is_payment_known(stack, RPT_ID)
    assert (await read(stack)).body["payment_status"] == "CANCELLED"
