"""A later instalment becomes a message of its own when its due date is near."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from infra.local.sandbox.seed import CITIZEN
from lib.domain.shared.identifiers import RptId
from lib.ports.queueing.names import MESSAGE_SUBMITTED
from tests.builders.payment_notices import (
    INSTALMENTS,
    RPT_ID,
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
from tests.builders.payments import PAYEE, a_payment
from tests.functions.payment_notices.in_parts import IN_MAY, SECOND, in_parts, until
from tests.stack import Stack
from tests.stored import (
    stored_markdown,
    stored_message,
    stored_payment,
)


async def test_a_later_instalment_becomes_one_message(stack: Stack) -> None:
    """Repeated calls make one message with its own payment, at the top of the inbox."""
    first = (await send(stack, in_parts())).body["message_id"]
    await stack.drain()
    early = await stack.app.payment_notices.submit_instalment(RptId(SECOND))
    await until(stack, IN_MAY)

    told = await asyncio.gather(
        *(stack.app.payment_notices.submit_instalment(RptId(SECOND)) for _ in range(6))
    )
    await stack.drain()
    again = await stack.app.payment_notices.submit_instalment(RptId(SECOND))
    await stack.drain()

    assert (early, told, again) == (False, [True] * 6, True)
    listed = await inbox(stack)
    assert [one["id"] for one in listed][1:] == [first]
    assert listed[0]["category"] == {"tag": "PAYMENT", "rptId": SECOND}
    assert listed[0]["due_date"] == "2027-06-30T21:59:59.000Z"
    stored = await stored_message(stack, listed[0]["id"])
    assert stored.created_at == "2027-05-31T22:00:00.000Z"
    assert "È la rata 2 di 3." in await stored_markdown(stack, listed[0]["id"])
    assert len(stack.push.sent) == 2
    view = (await read(stack)).body
    assert [one.get("message_id") for one in view["instalments"]] == [None, listed[0]["id"], None]


@pytest.mark.parametrize("rpt_id", [RPT_ID, PAYEE + number(99)])
async def test_only_a_later_instalment_is_submitted(stack: Stack, rpt_id: str) -> None:
    """The notice's own number and an unknown number make no message."""
    await send(stack, in_parts())
    await stack.drain()
    await until(stack, IN_MAY)

    assert not await stack.app.payment_notices.submit_instalment(RptId(rpt_id))
    assert await stack.queue.length(MESSAGE_SUBMITTED) == 0


@pytest.mark.parametrize("why", ["paid", "paid as a whole", "cancelled", "told", "too late"])
async def test_a_settled_instalment_is_not_sent(stack: Stack, why: str) -> None:
    """An instalment that is paid, cancelled, asked for elsewhere or past makes no message."""
    await send(stack, in_parts())
    await stack.drain()
    match why:
        case "paid":
            await tell(stack, rpt_id=SECOND)
        case "paid as a whole":
            await tell(stack)
        case "cancelled":
            await cancel(stack)
        case "told":
            await stack.deliver(content={"payment_data": a_payment(notice_number=number(12))})
    await until(stack, IN_MAY + timedelta(days=31 if why == "too late" else 0))

    assert not await stack.app.payment_notices.submit_instalment(RptId(SECOND))
    await stack.drain()
    assert len(await inbox(stack)) == (2 if why == "told" else 1)


async def test_an_amendment_reaches_the_instalments(stack: Stack) -> None:
    """An amendment changes instalments that are messages, and those to come."""
    await send(stack, in_parts())
    await stack.drain()
    await until(stack, IN_MAY)
    await stack.app.payment_notices.submit_instalment(RptId(SECOND))
    await stack.drain()
    parts = [
        INSTALMENTS[0],
        an_instalment(12, "2027-07-31", 5000),
        an_instalment(13, "2028-01-31", 6000),
    ]

    reply = await amend(stack, an_amendment(instalments=parts))
    await until(stack, datetime(2028, 1, 10, tzinfo=UTC))
    await stack.app.payment_notices.submit_instalment(RptId(PAYEE + number(13)))
    await stack.drain()

    assert (reply.status, reply.body["changed"]) == (200, ["instalments"])
    third, second, first = await inbox(stack)
    assert (second["amount"], second["due_date"]) == (5000, "2027-07-31T21:59:59.000Z")
    assert (await stored_payment(stack, SECOND)).amount == 5000
    assert third["amount"] == 6000
    assert "2. 50,00\xa0€" in await stored_markdown(stack, first["id"])


async def test_instalments_and_amendments_at_once(stack: Stack) -> None:
    """After both at once, the instalment's message says what the notice says."""
    await send(stack, in_parts())
    await stack.drain()
    await until(stack, IN_MAY)
    for version in range(1, 9):
        parts = [INSTALMENTS[0], an_instalment(12, "2027-06-30", 5000 + version), INSTALMENTS[2]]

        told, reply = await asyncio.gather(
            stack.app.payment_notices.submit_instalment(RptId(SECOND)),
            amend(stack, an_amendment(version, instalments=parts)),
        )
        await stack.drain()

        assert (told, reply.status) == (True, 200)
        listed = await inbox(stack)
        assert [one["amount"] for one in listed] == [5000 + version, 8450]


async def days_of_reminders(stack: Stack, begin: datetime, end: datetime) -> list[str]:
    """Run a tick at eleven on each day; return the amounts of the messages reminded of."""
    stack.push.sent.clear()
    stack.clock.moment = begin
    while stack.clock.moment < end:
        await stack.tick()
        stack.clock.advance(timedelta(days=1))
    reminded = [one.message_id for one in stack.push.sent if "-REMINDER-" in one.id]
    amounts = {one["id"]: one["amount"] for one in await inbox(stack)}
    return [str(amounts[id_]) for id_ in reminded]


async def test_each_instalment_comes_by_itself_when_it_is_near(stack: Stack) -> None:
    """An instalment comes a month before its due date, and is reminded of as any message."""
    await send(stack, in_parts())
    await stack.drain()
    await until(stack, datetime(2027, 1, 30, 6, 55, tzinfo=UTC))
    await stack.tick()
    assert len(await inbox(stack)) == 1

    assert (
        await days_of_reminders(
            stack, datetime(2027, 1, 30, 10, tzinfo=UTC), datetime(2027, 3, 5, tzinfo=UTC)
        )
        == ["4225"] * 4
    )
    assert len(await inbox(stack)) == 2


async def test_a_paid_instalment_ends_the_reminders_of_the_whole(stack: Stack) -> None:
    """A paid instalment ends the reminders of the whole sum."""
    await send(stack, in_parts())
    await stack.drain()
    await until(stack, IN_MAY)
    await stack.tick()
    await tell(stack, rpt_id=SECOND)
    await stack.drain()
    june = (datetime(2027, 6, 1, 10, tzinfo=UTC), datetime(2027, 7, 5, tzinfo=UTC))

    assert await days_of_reminders(stack, *june) == []
    whole = (await inbox(stack))[-1]["id"]
    past = await stack.call("read_reminders", path={"id": whole}, citizen=CITIZEN)
    assert {one["outcome"] for one in past.body["past"]} == {"PAID_OTHERWISE"}


async def test_the_whole_paid_ends_the_reminders_of_an_instalment(stack: Stack) -> None:
    """The payment of the whole sum ends the reminders of an instalment's message."""
    await send(stack, in_parts())
    await stack.tick()
    await until(stack, datetime(2027, 2, 10, 10, tzinfo=UTC))
    await stack.tick()
    await tell(stack, rpt_id=RPT_ID)
    await stack.drain()

    assert len(await inbox(stack)) == 2
    february = (datetime(2027, 2, 11, 10, tzinfo=UTC), datetime(2027, 3, 5, tzinfo=UTC))
    assert await days_of_reminders(stack, *february) == []
