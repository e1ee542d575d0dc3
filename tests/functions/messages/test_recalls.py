"""A sender withdraws many messages with one request."""

from typing import Any

import pytest

from functions.queues.messages import recall_messages
from infra.local.sandbox.seed import CITIZEN, LIMITED_KEY
from lib.ports.queueing.names import RECALL_REQUESTED
from tests.builders.payment_notices import a_notice
from tests.functions.messages.inbox_calls import page
from tests.functions.messages.withdrawal_calls import REASON, withdraw
from tests.stack import Reply, Stack, take

UNKNOWN = "01J0000000000000000000000A"


async def recall(stack: Stack, *ids: str, **call: Any) -> Reply:
    """Withdraw messages of the citizen with one request."""
    messages = [f"{CITIZEN}/{id_}" for id_ in ids]
    return await stack.call("withdraw_messages", {"reason": REASON, "messages": messages}, **call)


async def progress(stack: Stack, reply: Reply, **call: Any) -> Reply:
    """Read the progress of the recall that was accepted."""
    assert reply.status == 202, reply
    assert reply.headers["Location"] == f"/api/v1/withdrawals/{reply.body['id']}"
    return await stack.call("read_withdrawals", path={"id": reply.body["id"]}, **call)


async def test_each_message_has_an_outcome(stack: Stack) -> None:
    """Own messages are withdrawn; the progress names the others, each with its reason."""
    ids = [await stack.deliver() for _ in range(3)] + [await stack.submit()]
    notice = (await stack.call("submit_payment_notice", a_notice())).body["message_id"]

    accepted = await recall(stack, *ids, UNKNOWN, notice)
    before = await progress(stack, accepted)
    stack.push.sent.clear()
    await stack.drain()
    after = await progress(stack, accepted)

    assert (before.body["state"], before.body["done"]) == ("RUNNING", 0)
    body = after.body
    assert (body["state"], body["total"], body["done"], body["withdrawn"]) == ("DONE", 6, 6, 4)
    assert {one["id"]: one["outcome"] for one in body["not_withdrawn"]} == {
        UNKNOWN: "NOT_FOUND",
        notice: "NOTICE",
    }
    assert [item["id"] for item in (await page(stack))["items"]] == [notice]


async def test_a_recall_goes_on_after_a_crash(stack: Stack) -> None:
    """A chunk that was withdrawn in part runs again, and a third run changes nothing."""
    ids = [await stack.deliver() for _ in range(3)]
    accepted = await recall(stack, *ids)
    await withdraw(stack, ids[0])
    (item,) = await take(stack.queue, RECALL_REQUESTED)

    for _ in range(2):
        await recall_messages.consume(stack.app, item.text, last=False)

    assert (await progress(stack, accepted)).body["withdrawn"] == 3
    assert (await page(stack))["items"] == []


async def test_messages_of_another_service_stay(stack: Stack) -> None:
    """The recall of another service withdraws nothing, and its progress is its own."""
    id_ = await stack.deliver()
    accepted = await recall(stack, id_, key=LIMITED_KEY)
    await stack.drain()

    told = await progress(stack, accepted, key=LIMITED_KEY)
    assert told.body["not_withdrawn"] == [{"id": id_, "outcome": "NOT_OWN"}]
    assert len((await page(stack))["items"]) == 1
    assert (await progress(stack, accepted)).status == 404


@pytest.mark.parametrize("count", [1200, pytest.param(10_000, marks=pytest.mark.full)])
async def test_a_large_recall(stack: Stack, count: int) -> None:
    """Every message that was sent a minute ago is gone, and no notification goes out."""
    ids = [await stack.submit() for _ in range(count // 10)]
    unknown = [f"01J{number:023d}" for number in range(count - len(ids))]

    accepted = await recall(stack, *ids, *unknown)
    while items := await take(stack.queue, RECALL_REQUESTED):
        for item in items:
            await recall_messages.consume(stack.app, item.text, last=False)
            await stack.queue.delete(RECALL_REQUESTED, item)
    await stack.drain()

    body = (await progress(stack, accepted)).body
    assert (body["state"], body["done"], body["withdrawn"]) == ("DONE", count, len(ids))
    assert (await page(stack))["items"] == []
    assert stack.push.sent == []
