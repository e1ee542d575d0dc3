"""Where another service has the payee's notice number, the payee's own service wins."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from infra.local.sandbox.seed import CITIZEN
from lib.domain.services.service import Group
from tests.builders.documents import properties
from tests.builders.messages import a_message
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
from tests.builders.payments import PAYEE, a_payment
from tests.builders.profiles import OTHER_CITIZEN
from tests.builders.services import with_groups
from tests.stack import Reply, Stack
from tests.stored import stored_instalment, stored_message, stored_payment


async def stranger(stack: Stack) -> str:
    """Return the key of a service that may ask for payments to the payee, and is not its own."""
    groups = frozenset(Group) - {Group.LIMITED_MESSAGE_WRITE}
    return await with_groups(
        stack,
        *groups,
        service_id="a-stranger",
        organization_fiscal_code="11111111111",
        authorized_payees=[PAYEE],
    )


async def squat(stack: Stack, **changes: Any) -> tuple[str, str]:
    """Send a stranger's notice of the payee's number; return its key and its message."""
    key = await stranger(stack)
    notice = a_notice(payee=PAYEE, fiscal_code=OTHER_CITIZEN, **changes)
    reply = await send(stack, notice, key=key)
    assert reply.status == 201, reply
    return key, reply.body["message_id"]


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


async def test_a_displaced_message_is_not_reminded_of(stack: Stack) -> None:
    """A displaced message has no reminders, and shows that nothing is to be paid."""
    _, lost = await squat(stack, due_date="2026-12-03")
    await stack.drain()
    await send(stack, a_notice(due_date="2026-12-03"))
    await stack.drain()
    stack.push.sent.clear()
    stack.clock.advance(timedelta(days=3))
    await stack.tick()

    assert lost not in {push.message_id for push in stack.push.sent}
    plan = await stack.call("read_reminders", path={"id": lost}, citizen=OTHER_CITIZEN)
    assert plan.body["ended"] == "CANCELLED"


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


async def test_the_payment_reaches_the_payee_s_message_alone(stack: Stack) -> None:
    """A payment marks the payee's message, and not the displaced one."""
    await squat(stack)
    await stack.drain()
    await send(stack)
    await stack.drain()
    await tell(stack)
    await stack.drain()

    assert [one["payment_status"] for one in await inbox(stack)] == ["PAID"]
    assert [one["payment_status"] for one in await inbox(stack, OTHER_CITIZEN)] == ["CANCELLED"]


async def test_a_stranger_s_message_is_no_obstacle(stack: Stack) -> None:
    """A plain message of a stranger stays beside the payee's notice, and hears of the payment."""
    key = await stranger(stack)
    data = a_payment(notice_number=number(1), payee={"fiscal_code": PAYEE})
    body = a_message(content={"payment_data": data}, fiscal_code=OTHER_CITIZEN)
    assert (await stack.call("submit_message", body, key=key)).status == 201
    await stack.drain()

    reply = await send(stack)
    await stack.drain()
    await tell(stack)
    await stack.drain()

    assert (reply.status, reply.body["contested"]) == (201, True)
    assert [one["payment_status"] for one in await inbox(stack, OTHER_CITIZEN)] == ["PAID"]


async def test_a_stranger_s_message_keeps_no_instalment_back(stack: Stack) -> None:
    """An instalment becomes a message, although a stranger's message asks for it."""
    key = await stranger(stack)
    assert (await send(stack, a_notice(instalments=list(INSTALMENTS)))).status == 201
    data = a_payment(notice_number=number(12), payee={"fiscal_code": PAYEE})
    body = a_message(content={"payment_data": data}, fiscal_code=OTHER_CITIZEN)
    assert (await stack.call("submit_message", body, key=key)).status == 201
    await stack.drain()

    moment = datetime(2027, 6, 2, tzinfo=UTC)
    stack.clock.advance(moment - stack.clock.now())
    await stack.tick()

    notice = (await read(stack)).body
    by_number = {one["notice_number"]: one for one in notice["instalments"]}
    assert "message_id" in by_number[number(12)]
    assert len(await inbox(stack)) == 2


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


async def test_documents_of_a_displaced_message_are_newer_versions(stack: Stack) -> None:
    """The calendar entry is cancelled under a higher SEQUENCE, and the code is gone."""
    _, lost = await squat(stack)
    await stack.drain()

    async def take(paper: str, **query: str) -> Reply:
        return await stack.call(paper, path={"id": lost}, query=query, citizen=OTHER_CITIZEN)

    before = dict(properties((await take("read_calendar_entry")).body))
    stack.clock.advance(timedelta(minutes=1))
    await send(stack, a_notice(instalments=list(INSTALMENTS)))
    await stack.drain()

    after = dict(properties((await take("read_calendar_entry")).body))
    assert (before["STATUS"], after["STATUS"]) == ("CONFIRMED", "CANCELLED")
    assert int(after["SEQUENCE"]) > int(before["SEQUENCE"])
    assert after["DTSTAMP"] > before["DTSTAMP"]
    assert (await take("read_payment_qr_png")).status == 409
    assert (await take("read_payment_qr_png", notice_number=number(12))).status == 404
