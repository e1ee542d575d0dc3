"""A reopening holds, whatever happens at the same time."""

from datetime import timedelta
from typing import Any

import pytest

from lib.ports.errors import UnavailableError
from lib.repositories.payments.payments import PaymentChange
from tests.builders.payment_notices import (
    amend,
    an_amendment,
    cancel,
    inbox,
    read,
    reopen,
    tell,
)
from tests.functions.payment_notices.reopened import cancelled
from tests.functions.payment_notices.shown import (
    plan,
    sent,
)
from tests.stack import Stack
from tests.stored import stored_message


@pytest.mark.parametrize("times", [1, 3])
async def test_the_last_request_counts_within_one_millisecond(stack: Stack, times: int) -> None:
    """Cancelling and reopening take turns, although the clock stands still."""
    id_ = await sent(stack, instalments=None)
    for _ in range(times):
        assert (await cancel(stack)).body["payment_status"] == "CANCELLED"
        await stack.drain()
        assert (await stored_message(stack, id_)).payment_status == "CANCELLED"
        assert (await reopen(stack)).body["payment_status"] == "NOT_PAID"
        await stack.drain()
        assert (await stored_message(stack, id_)).payment_status == "NOT_PAID"


async def test_a_cancellation_of_pagopa_is_undone_too(stack: Stack) -> None:
    """A notice that pagoPA cancelled is reopened, and a later cancellation holds."""
    await sent(stack, instalments=None)
    stack.clock.advance(timedelta(minutes=1))
    await tell(stack, "CANCELLED")
    assert (await amend(stack, an_amendment(amount_cents=1))).status == 409

    first = await reopen(stack)
    stack.clock.advance(timedelta(minutes=1))
    await tell(stack, "CANCELLED")
    second = await reopen(stack)

    assert [one.body["payment_status"] for one in (first, second)] == ["NOT_PAID"] * 2
    assert [one.body["version"] for one in (first, second)] == [2, 3]


async def test_an_interrupted_reopening_is_completed_by_its_repetition(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A notice that is open while its payment is not is mended by the same request."""
    id_ = await cancelled(stack)

    async def dies(*_: object) -> None:
        raise UnavailableError("away")

    with monkeypatch.context() as while_away:
        while_away.setattr(stack.app.repositories.payments, "change", dies)
        assert (await reopen(stack)).status == 503
    reply = await reopen(stack)
    await stack.drain()

    assert (reply.body["version"], reply.body["payment_status"]) == (2, "NOT_PAID")
    assert await plan(stack, id_) == (None, 4)


async def test_a_slow_cancellation_does_not_undo_a_reopening(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A cancellation that reaches the payment late changes nothing."""
    await sent(stack, instalments=None)
    payments = stack.app.repositories.payments
    change = payments.change

    async def late(*arguments: Any) -> PaymentChange:
        monkeypatch.setattr(payments, "change", change)
        assert (await reopen(stack)).status == 200
        return await change(*arguments)

    monkeypatch.setattr(payments, "change", late)
    await cancel(stack)
    await stack.drain()

    assert (await read(stack)).body["payment_status"] == "NOT_PAID"
    assert (await inbox(stack))[0]["payment_status"] == "NOT_PAID"
