"""A message that the payee's notice displaced asks for nothing any more."""

from datetime import UTC, datetime, timedelta

from tests.builders.documents import properties
from tests.builders.messages import a_message
from tests.builders.payment_notices import (
    INSTALMENTS,
    a_notice,
    inbox,
    number,
    read,
    send,
    tell,
)
from tests.builders.payments import PAYEE, a_payment
from tests.builders.profiles import OTHER_CITIZEN
from tests.functions.payment_notices.strangers import squat, stranger
from tests.stack import Reply, Stack


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
