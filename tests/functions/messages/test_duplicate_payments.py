"""A service may refuse a second message for a payment that is paid or asked for already."""

import pytest

from infra.local.sandbox.seed import CITIZEN, MANAGE_KEY
from lib.domain.services.service import Group
from tests.builders.messages import a_message
from tests.builders.payment_notices import a_notice
from tests.builders.payments import PAYEE, an_update, payable, send_update
from tests.builders.services import with_groups, with_service
from tests.stack import Stack
from tests.stored import stored_message

PAYABLE = a_message(content=payable())


async def test_a_second_message_is_sent_by_default(stack: Stack) -> None:
    """As in IO, each message is sent."""
    await stack.deliver(content=payable())

    assert (await stack.call("submit_message", PAYABLE)).status == 201
    assert (await stack.call("read_duplicate_policy", key=MANAGE_KEY)).body == {"policy": "ACCEPT"}


@pytest.mark.parametrize("citizen", [CITIZEN, "RSSMRA80A01H501U"])
async def test_a_second_message_is_refused(stack: Stack, citizen: str) -> None:
    """The refusal names the field and the message that came before, whoever gets the second."""
    await with_service(stack, duplicate_policy="REFUSE")
    first = await stack.deliver(content=payable())

    reply = await stack.call("submit_message", {**PAYABLE, "fiscal_code": citizen})

    assert (reply.status, reply.body["title"]) == (409, "Conflict")
    assert reply.body["errors"][0]["pointer"] == "/content/payment_data/notice_number"
    assert first in reply.body["errors"][0]["detail"]


async def test_a_message_for_a_paid_payment_is_refused(stack: Stack) -> None:
    """The payment may have been made before any message asked for it."""
    await with_service(stack, duplicate_policy="REFUSE")
    await send_update(stack, an_update())

    reply = await stack.call("submit_message", PAYABLE)

    assert reply.status == 409
    assert "already made" in reply.body["detail"]


async def test_the_same_submission_again_gets_the_first_answer(stack: Stack) -> None:
    """A message is no duplicate of itself, however often its request comes."""
    await with_service(stack, duplicate_policy="REFUSE")
    headers = {"idempotency-key": "k"}
    first = await stack.call("submit_message", PAYABLE, headers=headers)
    await stack.drain()

    again = await stack.call("submit_message", PAYABLE, headers=headers)

    assert (again.status, again.body) == (201, first.body)


async def test_of_messages_at_the_same_time_one_is_sent(stack: Stack) -> None:
    """The others are rejected, and their sender learns why."""
    await with_service(stack, duplicate_policy="REFUSE")
    ids = [await stack.submit(content=payable()) for _ in range(5)]
    await stack.drain()

    statuses = [(await stored_message(stack, id_)).status for id_ in ids]
    assert sorted(statuses) == ["PROCESSED", *["REJECTED"] * 4]
    rejected = ids[statuses.index("REJECTED")]
    reply = await stack.call(
        "read_sent_message",
        path={"fiscal_code": CITIZEN, "id": rejected},
        headers={"prefer": "include=rejection"},
    )
    assert (reply.body["status"], reply.body["rejection_reason"]) == ("REJECTED", "ALREADY_SENT")


async def test_a_payment_before_the_fan_out_stops_the_message(stack: Stack) -> None:
    """A citizen who has just paid gets no message."""
    await with_service(stack, duplicate_policy="REFUSE")
    id_ = await stack.submit(content=payable())
    await send_update(stack, an_update())
    await stack.drain()

    message = await stored_message(stack, id_)
    assert (message.status, message.rejection) == ("REJECTED", "ALREADY_PAID")


async def test_a_rejected_message_does_not_count(stack: Stack) -> None:
    """The payment was not asked for, so the next message may ask for it."""
    await with_service(stack, duplicate_policy="REFUSE")
    await stack.deliver(fiscal_code="BLOCKD00A00A000A", content=payable())

    assert (await stack.call("submit_message", PAYABLE)).status == 201


async def test_another_services_messages_do_not_count(stack: Stack) -> None:
    """Each service answers for its own messages, and learns of no other's."""
    await stack.deliver(content=payable())
    key = await with_groups(stack, Group.MESSAGE_WRITE, duplicate_policy="REFUSE")

    assert (await stack.call("submit_message", PAYABLE, key=key)).status == 201


async def test_a_message_for_a_notice_is_refused(stack: Stack) -> None:
    """A payment notice asks for the payment too, and a notice beside a message is refused."""
    await with_service(stack, duplicate_policy="REFUSE")
    notice = a_notice()
    sent = await stack.call("submit_payment_notice", notice)
    await stack.drain()

    content = payable(notice_number=notice["notice_number"])
    reply = await stack.call("submit_message", a_message(content=content))

    assert reply.status == 409
    assert sent.body["message_id"] in reply.body["detail"]


async def test_an_amendment_of_a_notice_is_no_second_message(stack: Stack) -> None:
    """A notice may be amended while it is unpaid, and is refused after the payment."""
    await with_service(stack, duplicate_policy="REFUSE")
    notice = a_notice()
    await stack.call("submit_payment_notice", notice)
    await stack.drain()

    amended = await stack.call("submit_payment_notice", {**notice, "amount_cents": 5000})
    await send_update(stack, an_update(), f"{PAYEE}{notice['notice_number']}")
    refused = await stack.call("submit_payment_notice", {**notice, "amount_cents": 6000})

    assert (amended.status, refused.status) == (200, 409)


async def test_the_policy_is_set_by_the_service(stack: Stack) -> None:
    """A change is readable at once; another policy than the known ones is refused."""
    changed = await stack.call("change_duplicate_policy", {"policy": "REFUSE"}, key=MANAGE_KEY)
    wrong = await stack.call("change_duplicate_policy", {"policy": "MAYBE"}, key=MANAGE_KEY)

    assert (changed.status, changed.body) == (200, {"policy": "REFUSE"})
    assert (await stack.call("read_duplicate_policy", key=MANAGE_KEY)).body == {"policy": "REFUSE"}
    assert (wrong.status, wrong.body["errors"][0]["pointer"]) == (400, "/policy")
