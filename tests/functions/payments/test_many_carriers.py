"""Of many messages that ask for one payment, none pushes out or silences another service's."""

from collections.abc import Mapping
from typing import Any

import pytest

from infra.local.sandbox.seed import CITIZEN
from lib.domain.payments.payment import MAX_OF_CITIZEN, MAX_OF_SERVICE
from lib.domain.services.service import Group
from lib.domain.shared.identifiers import MessageId, RptId
from lib.domain.shared.values import timestamp
from tests.builders.altered import of_another_service, with_carriers
from tests.builders.messages import a_message
from tests.builders.payment_notices import NUMBER, a_notice, send
from tests.builders.payment_notices import RPT_ID as NOTICE_RPT_ID
from tests.builders.payments import RPT_ID, a_payment, an_update, send_update
from tests.builders.profiles import with_profile
from tests.builders.services import with_groups
from tests.functions.reminders.support import DUE, jump, log, notice
from tests.stack import Reply, Stack, refusal
from tests.stored import stored_message, stored_payment

CONTENT = {"payment_data": a_payment(), "due_date": DUE}
TOO_MANY = (400, "Error while sending payment metadata")


async def submit(stack: Stack, content: Mapping[str, Any] = CONTENT, **options: Any) -> Reply:
    """Submit a message that asks for the payment."""
    return await stack.call("submit_message", a_message(content=content), **options)


async def opened(stack: Stack, id_: MessageId) -> Any:
    """Return the payment status in the message that the citizen opens."""
    query = {"public_message": "true"}
    reply = await stack.call("read_message", path={"id": id_}, query=query, citizen=CITIZEN)
    return reply.body["payment_status"]


async def payment_info(stack: Stack, rpt_id: RptId) -> int:
    """Return the status of the answer to a question for the payment info."""
    return (await stack.call("read_payment_info", path={"rptId": rpt_id}, citizen=CITIZEN)).status


async def test_too_many_messages_are_refused_and_none_is_lost(stack: Stack) -> None:
    """A message too many gets 400, and all accepted messages are marked as paid."""
    accepted = [await stack.deliver(content=CONTENT) for _ in range(MAX_OF_CITIZEN)]

    surplus = await submit(stack)
    await send_update(stack, an_update())
    await stack.drain()

    assert refusal(surplus)[:2] == TOO_MANY
    assert surplus.body["errors"][0]["pointer"] == "/content/payment_data/notice_number"
    for id_ in accepted:
        assert (await stored_message(stack, id_)).payment_status == "PAID"


async def test_a_flood_of_messages_pushes_no_other_out(stack: Stack) -> None:
    """Surplus messages are rejected, and messages of others stay with the payment."""
    key = await with_groups(
        stack, *frozenset(Group) - {Group.LIMITED_MESSAGE_WRITE}, service_id="another-service"
    )
    content = {**CONTENT, "payment_data": a_payment(notice_number=NUMBER)}
    own = (await send(stack)).body["message_id"]
    other = (await submit(stack, content, key=key)).body["id"]
    await stack.drain()

    flood = [(await submit(stack, content)).body["id"] for _ in range(MAX_OF_SERVICE + 20)]
    await stack.drain()
    await send_update(stack, an_update(), NOTICE_RPT_ID)
    await stack.drain()

    outcomes = [(await stored_message(stack, id_)).status for id_ in flood]
    assert outcomes.count("PROCESSED") == MAX_OF_CITIZEN
    assert outcomes.count("REJECTED") == MAX_OF_SERVICE + 20 - MAX_OF_CITIZEN
    for id_ in (own, other, *flood[:MAX_OF_CITIZEN]):
        assert (await stored_message(stack, id_)).payment_status == "PAID"
    assert await payment_info(stack, NOTICE_RPT_ID) == 409


async def test_a_notice_has_room_whatever_came_before(stack: Stack) -> None:
    """The payment names a notice's own message, though the service's share is used up."""
    for _ in range(MAX_OF_CITIZEN):
        await stack.deliver(content=CONTENT)
    numbered = a_notice(notice_number=NUMBER)
    for _ in range(MAX_OF_CITIZEN + 1):
        content = {**CONTENT, "payment_data": a_payment(notice_number=NUMBER)}
        await submit(stack, content)

    own = (await send(stack, numbered)).body["message_id"]
    await stack.drain()
    await send_update(stack, an_update(), NOTICE_RPT_ID)
    await stack.drain()

    assert (await stored_message(stack, own)).payment_status == "PAID"


async def test_a_lost_answer_is_repeated_though_the_share_is_used_up(stack: Stack) -> None:
    """A request with its key gets its first answer, and a new key is refused."""
    headers = {"idempotency-key": "first"}
    first = await submit(stack, headers=headers)
    await stack.drain()
    for _ in range(MAX_OF_CITIZEN - 1):
        await stack.deliver(content=CONTENT)

    again = await submit(stack, headers=headers)
    new = await submit(stack, headers={"idempotency-key": "second"})
    once_more = await submit(stack, headers={"idempotency-key": "second"})

    assert (again.status, again.body["id"]) == (201, first.body["id"])
    assert (new.status, once_more.status) == (400, 400)


async def test_a_message_that_its_payment_does_not_name_shows_the_payment(stack: Stack) -> None:
    """A message of an earlier version shows the status of its payment."""
    id_ = await stack.deliver(content=CONTENT, feature_level_type="ADVANCED")
    await with_carriers(stack, RPT_ID)
    await send_update(stack, an_update())
    await stack.drain()

    assert (await stored_message(stack, id_)).payment_status == "NOT_PAID"
    assert await opened(stack, id_) == "PAID"
    path = {"fiscal_code": CITIZEN, "id": id_}
    sent = await stack.call("read_sent_message", path=path)
    assert sent.body["payment_status"] == "PAID"
    for name, citizen in (("read_sent_reminders", None), ("read_reminders", CITIZEN)):
        reply = await stack.call(name, path=path, citizen=citizen)
        assert reply.body["ended"] == "PAID"


@pytest.mark.parametrize("how", ["another service's", "far due date", "near due date"])
async def test_which_newer_message_takes_reminders_over(stack: Stack, how: str) -> None:
    """A newer message of the same service takes the reminders over where it reminds in time."""
    first = await notice(stack)
    due_date = "2027-11-30T22:59:59Z" if how == "far due date" else DUE
    id_ = await stack.deliver(content={**CONTENT, "due_date": due_date})
    if how == "another service's":
        await of_another_service(stack, id_)
    await jump(stack, 26, 10)

    outcome = "OTHER_MESSAGE" if how == "near due date" else "SENT"
    assert await log(stack, first) == [("20261203-7", outcome)]


async def test_the_notice_s_own_message_takes_reminders_over(stack: Stack) -> None:
    """The notice's message takes reminders over from another service of the payee."""
    content = {"due_date": DUE, "payment_data": a_payment(notice_number=NUMBER)}
    stranger = await stack.deliver(content=content)
    await of_another_service(stack, stranger, rpt_id=NOTICE_RPT_ID)
    before = (await stored_payment(stack, NOTICE_RPT_ID)).carriers
    await with_carriers(stack, NOTICE_RPT_ID)
    own = (await send(stack, a_notice(due_date="2026-12-03"))).body["message_id"]
    await stack.drain()
    after = (await stored_payment(stack, NOTICE_RPT_ID)).carriers
    await with_carriers(stack, NOTICE_RPT_ID, *before, *after)
    await jump(stack, 26, 10)

    assert [outcome for _, outcome in await log(stack, stranger)] == ["OTHER_MESSAGE"]
    assert [outcome for _, outcome in await log(stack, own)] == ["SENT"]


async def test_two_messages_of_one_due_date_remind_once_each_time(stack: Stack) -> None:
    """Each reminder comes once, also on the last day."""
    for _ in range(2):
        await notice(stack)
    stack.push.sent.clear()
    await with_profile(stack, max_daily_notifications=50)

    for day in (26, 30, 32, 33):
        await jump(stack, day, 10)
        await jump(stack, day, 12)

    assert len(stack.push.sent) == 4, timestamp(stack.clock.now())
