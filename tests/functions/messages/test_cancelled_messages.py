"""A scheduled message is cancelled, withdrawn or superseded until it is sent, and never after."""

import asyncio
import random

import pytest

from functions.queues.messages import fan_out_message
from infra.local.sandbox.seed import CITIZEN
from lib.ports.queueing.items.messages import MessageSubmitted
from tests.doubles.clock import START
from tests.functions.messages.scheduled_calls import (
    AHEAD,
    SET_TIME,
    cancel,
    inbox,
    read,
    schedule,
    scheduled,
    wait_until,
)
from tests.stack import Reply, Stack
from tests.stored import stored_message

NOWHERE = "01J0000000000000000000000A"


async def withdraw(stack: Stack, id_: str) -> Reply:
    """Withdraw a message."""
    path = {"fiscal_code": CITIZEN, "id": id_}
    return await stack.call("withdraw_message", {"reason": "Errore"}, path=path)


def item_of(id_: str, service_id: str) -> MessageSubmitted:
    """Return the queue item of a scheduled message."""
    return MessageSubmitted.model_validate(
        {
            "fiscal_code": CITIZEN,
            "message_id": id_,
            "service_id": service_id,
            "send_at": "2026-11-25T09:00:00.000Z",
        }
    )


async def test_a_cancelled_message_is_never_sent(stack: Stack) -> None:
    """It leaves the list, its sender reads the reason, and a second cancellation is the first."""
    id_ = await schedule(stack, reference="2026/1")

    replies = [await cancel(stack, id_), await cancel(stack, id_)]
    assert [one.status for one in replies] == [204, 204]
    assert await scheduled(stack) == []
    answer = await read(stack, id_, prefer="include=rejection")
    assert (answer["status"], answer["rejection_reason"]) == ("REJECTED", "CANCELLED")
    (item,) = (await stack.call("list_sent_messages")).body["items"]
    assert (item["id"], item["status"]) == (id_, "REJECTED")

    await wait_until(stack, SET_TIME)
    assert await inbox(stack) == []
    assert stack.push.sent == []
    assert (await cancel(stack, id_)).status == 204


async def test_a_sent_message_cannot_be_cancelled(stack: Stack) -> None:
    """The answer says that it was sent; an unknown one, and a message without a time, are 404."""
    id_ = await schedule(stack)
    plain = await stack.deliver()
    await wait_until(stack, SET_TIME)

    sent = await cancel(stack, id_)

    assert (sent.status, sent.body["title"]) == (409, "Message already sent")
    assert await inbox(stack) == [id_, plain]
    assert [(await cancel(stack, one)).status for one in (plain, NOWHERE, "x")] == [404, 404, 404]


async def test_a_withdrawn_message_is_never_sent(stack: Stack) -> None:
    """By one withdrawal or by a recall: it leaves the list, and counts as REJECTED."""
    one, other = await schedule(stack), await schedule(stack)

    assert (await withdraw(stack, one)).status == 200
    body = {"reason": "Errore", "messages": [f"{CITIZEN}/{other}"]}
    assert (await stack.call("withdraw_messages", body)).status == 202
    await stack.drain()

    assert await scheduled(stack) == []
    items = (await stack.call("list_sent_messages")).body["items"]
    assert {one["status"] for one in items} == {"REJECTED"}
    assert (await cancel(stack, one)).status == 204
    await wait_until(stack, SET_TIME)
    assert await inbox(stack) == []
    assert (await stored_message(stack, one)).status == "WITHDRAWN"


async def test_a_new_message_supersedes_a_scheduled_one(stack: Stack) -> None:
    """The scheduled one is never sent."""
    old = await schedule(stack)
    new = await stack.deliver(supersedes=old)
    assert await scheduled(stack) == []
    await wait_until(stack, SET_TIME)
    assert await inbox(stack) == [new]


async def test_a_scheduled_message_supersedes_at_its_time(stack: Stack) -> None:
    """Until then the earlier message stays; it stays for good if the later one is cancelled."""
    old = await stack.deliver()
    new = await schedule(stack, supersedes=old)
    assert await inbox(stack) == [old]
    await wait_until(stack, SET_TIME)
    assert await inbox(stack) == [new]

    third = await schedule(stack, SET_TIME + AHEAD, supersedes=new)
    await cancel(stack, third)
    await wait_until(stack, SET_TIME + AHEAD)
    assert await inbox(stack) == [new]


async def test_a_chain_of_scheduled_messages(stack: Stack) -> None:
    """A message that replaces a scheduled one for an earlier time stops it."""
    late = await schedule(stack, SET_TIME + AHEAD)
    early = await schedule(stack, supersedes=late)
    await wait_until(stack, SET_TIME)
    assert await inbox(stack) == [early]
    assert await scheduled(stack) == []
    await wait_until(stack, SET_TIME + AHEAD)
    assert await inbox(stack) == [early]


@pytest.mark.parametrize("by", ["cancellation", "withdrawal"])
async def test_of_a_release_and_a_cancellation_one_wins(stack: Stack, by: str) -> None:
    """At the same instant, the message is either sent or gone, and the answer says which."""
    rng, sent, stopped = random.Random(12), 0, 0
    ids = [await schedule(stack) for _ in range(45)]
    service_id = (await stored_message(stack, ids[0])).sender.service_id
    stack.clock.moment = SET_TIME

    async def release(id_: str) -> None:
        await asyncio.sleep(rng.random() * 0.004)
        await fan_out_message.consume(stack.app, item_of(id_, service_id).text(), last=False)

    async def stop(id_: str) -> int:
        await asyncio.sleep(rng.random() * 0.004)
        return (await (cancel if by == "cancellation" else withdraw)(stack, id_)).status

    for id_ in ids:
        status, *_ = await asyncio.gather(stop(id_), release(id_), release(id_))
        await stack.drain()
        message = await stored_message(stack, id_)
        is_there = id_ in await inbox(stack)
        pushes = [one.message_id for one in stack.push.sent].count(id_)
        if by == "cancellation":
            assert (status, is_there, pushes) in {(204, False, 0), (409, True, 1)}
            assert message.status == ("PROCESSED" if status == 409 else "REJECTED")
            sent, stopped = sent + (status == 409), stopped + (status == 204)
        else:
            # a message that was sent a moment ago is withdrawn all the same
            assert (status, is_there, message.status) == (200, False, "WITHDRAWN")
            assert pushes <= 1
    if by == "cancellation":
        assert sent + stopped == len(ids)


async def test_items_that_come_again_send_once(stack: Stack) -> None:
    """Early, twice, at once and late: the message is there once, and announced once."""
    id_ = await schedule(stack)
    service_id = (await stored_message(stack, id_)).sender.service_id
    text = item_of(id_, service_id).text()
    await fan_out_message.consume(stack.app, text, last=False)
    assert (await stored_message(stack, id_)).status == "SCHEDULED"
    assert stack.clock.now() == START

    await wait_until(stack, SET_TIME)
    await asyncio.gather(*(fan_out_message.consume(stack.app, text, last=False) for _ in range(3)))
    await stack.drain()
    stack.clock.advance(AHEAD)
    await fan_out_message.consume(stack.app, text, last=False)
    await stack.drain()

    assert await inbox(stack) == [id_]
    assert [one.message_id for one in stack.push.sent] == [id_]
    statuses = [one.status for one in (await stored_message(stack, id_)).status_history]
    assert statuses == ["SCHEDULED", "ACCEPTED", "PROCESSED"]
