"""A sender withdraws all that it sent between two times."""

import contextlib
from datetime import timedelta
from typing import Any

import pytest

from functions.queues.messages import fan_out_message, recall_messages
from infra.local.sandbox.seed import CITIZEN, LIMITED_KEY, SENDER_KEY, SERVICE_ID
from lib.domain.messages.sent_entry import SentEntry
from lib.domain.services.service import Group
from lib.domain.shared.identifiers import FiscalCode, MessageId
from lib.domain.shared.values import timestamp
from lib.ports.errors import UnavailableError
from lib.ports.queueing.names import MESSAGE_SUBMITTED, RECALL_REQUESTED
from lib.repositories.messages.sent.sent_mapping import partition_of
from tests.builders.messages import a_message
from tests.builders.payment_notices import a_notice
from tests.builders.services import with_groups
from tests.doubles.counted_stack import CountedStack
from tests.functions.messages.inbox_calls import page
from tests.functions.messages.withdrawal_calls import REASON, read, sent, withdraw
from tests.stack import Reply, Stack, take

HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)


def selecting(stack: Stack, *, hours: int = 1, **more: Any) -> dict[str, Any]:
    """Return the body for what was sent in the last hours."""
    now = stack.clock.moment
    return {
        "reason": REASON,
        "since": timestamp(now - hours * HOUR),
        "until": timestamp(now + HOUR),
        **more,
    }


async def recall(stack: Stack, body: dict[str, Any], **call: Any) -> Reply:
    """Withdraw a selection."""
    reply = await stack.call("withdraw_selection", body, **call)
    assert reply.status == 202, reply
    return reply


async def count(stack: Stack, body: dict[str, Any], **call: Any) -> Any:
    """Count a selection."""
    reply = await stack.call("dry_run_withdrawal", body, **call)
    assert reply.status == 200, reply
    return reply.body


async def progress(stack: Stack, reply: Reply, **call: Any) -> Any:
    """Read the progress of a recall."""
    told = await stack.call("read_withdrawals", path={"id": reply.body["id"]}, **call)
    assert told.status == 200
    return told.body


async def run(stack: Stack) -> None:
    """Run all items of recalls that are visible, until none is left."""
    while items := await take(stack.queue, RECALL_REQUESTED):
        for item in items:
            await recall_messages.consume(stack.app, item.text, last=False)
            await stack.queue.delete(RECALL_REQUESTED, item)


async def finish(stack: Stack) -> None:
    """Run the first search, and the second one half a minute later."""
    await run(stack)
    stack.clock.advance(timedelta(seconds=31))
    await run(stack)


async def inbox(stack: Stack) -> set[str]:
    """Return the ids of the messages in the inbox."""
    return {item["id"] for item in (await page(stack, page_size="100"))["items"]}


async def test_what_was_sent_in_the_hour_is_withdrawn(stack: Stack) -> None:
    """Earlier messages and those of payment notices stay, and the count says so before."""
    early = await stack.deliver()
    stack.clock.advance(2 * HOUR)
    ids = [await stack.deliver() for _ in range(5)]
    notice = (await stack.call("submit_payment_notice", a_notice())).body["message_id"]
    await stack.drain()
    await withdraw(stack, ids[0])
    stack.clock.advance(SECOND)

    body = selecting(stack)
    counted = await count(stack, body)
    accepted = await recall(stack, body)
    before = await progress(stack, accepted)
    await finish(stack)
    after = await progress(stack, accepted)

    assert counted == {"messages": 6, "withdrawn": 1, "notices": 1, "is_complete": True}
    assert (before["state"], before["total"]) == ("RUNNING", 0)
    assert (after["state"], after["total"], after["withdrawn"]) == ("DONE", 6, 5)
    assert after["not_withdrawn"] == [{"id": notice, "outcome": "NOTICE"}]
    assert await inbox(stack) == {early, notice}
    assert (await sent(stack, ids[1]))["withdrawal"]["reason"] == REASON
    assert (await count(stack, body))["withdrawn"] == 5


async def test_by_reference(stack: Stack) -> None:
    """Only messages with the reference are withdrawn."""
    kept, other = await stack.deliver(), await stack.deliver(reference="2026/1")
    wrong = [await stack.deliver(reference="2026/2") for _ in range(3)]
    stack.clock.advance(SECOND)

    body = selecting(stack, reference="2026/2")
    assert (await count(stack, body))["messages"] == 3
    accepted = await recall(stack, body)
    await finish(stack)

    assert (await progress(stack, accepted))["withdrawn"] == 3
    assert await inbox(stack) == {kept, other}
    assert not await inbox(stack) & set(wrong)


async def test_a_message_after_the_request_stays(stack: Stack) -> None:
    """A time to come counts as the time of the request."""
    body = selecting(stack)
    accepted = await recall(stack, body)
    stack.clock.advance(2 * SECOND)
    id_ = await stack.deliver()
    await finish(stack)

    assert (await progress(stack, accepted))["total"] == 0
    assert await inbox(stack) == {id_}


async def test_a_message_that_comes_late_into_the_list_is_withdrawn(stack: Stack) -> None:
    """The process that accepted it died, and its fan-out came after the first search."""
    stack.app.messages.note_sent.delay = 3600
    id_ = await stack.submit()
    (item,) = await take(stack.queue, MESSAGE_SUBMITTED)
    stack.clock.advance(SECOND)
    accepted = await recall(stack, selecting(stack))
    await run(stack)
    assert (await progress(stack, accepted))["state"] == "RUNNING"
    await fan_out_message.consume(stack.app, item.text, last=False)
    assert await inbox(stack) == {id_}

    stack.clock.advance(timedelta(seconds=31))
    await run(stack)

    assert await inbox(stack) == set()
    assert await progress(stack, accepted) | {"not_withdrawn": []} == {
        **accepted.body,
        "state": "DONE",
        "total": 1,
        "done": 1,
        "withdrawn": 1,
    }


async def test_a_recall_goes_on_for_a_week(stack: Stack) -> None:
    """A message that an outage kept back for days is withdrawn, and then the searches end."""
    stack.app.messages.note_sent.delay = 3600
    id_ = await stack.submit()
    (item,) = await take(stack.queue, MESSAGE_SUBMITTED)
    stack.clock.advance(SECOND)
    await recall(stack, selecting(stack))
    await finish(stack)
    stack.clock.advance(timedelta(days=3))
    await run(stack)
    await fan_out_message.consume(stack.app, item.text, last=False)

    stack.clock.advance(timedelta(days=5))
    await run(stack)

    assert await inbox(stack) == set()
    assert (await sent(stack, id_))["withdrawal"]["reason"] == REASON
    stack.clock.advance(timedelta(days=6))
    assert await take(stack.queue, RECALL_REQUESTED) == []


async def test_a_run_that_dies_is_completed(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    """It dies after some withdrawals; the next run counts each message once."""
    for _ in range(40):
        await stack.deliver()
    stack.clock.advance(SECOND)
    accepted = await recall(stack, selecting(stack))
    items = await take(stack.queue, RECALL_REQUESTED)
    advance = stack.app.repositories.recalls.advance
    failures = iter((True, False) * 100)

    async def dying(*args: Any) -> None:
        if next(failures):
            raise UnavailableError("the store is away")
        await advance(*args)
        raise UnavailableError("the answer was lost")

    with monkeypatch.context() as patch:
        patch.setattr(stack.app.repositories.recalls, "advance", dying)
        for item in (*items, *items):
            with contextlib.suppress(UnavailableError):
                await stack.app.messages.recall.run(
                    recall_messages.item.model_validate_json(item.text)
                )
    for item in items:
        await recall_messages.consume(stack.app, item.text, last=False)
    await finish(stack)

    told = await progress(stack, accepted)
    assert (told["state"], told["withdrawn"], told["total"]) == ("DONE", 40, 40)
    assert await inbox(stack) == set()


async def test_two_runs_at_once_count_each_message_once(stack: Stack) -> None:
    """The same items run twice, as after a lost answer of the queue."""
    for _ in range(30):
        await stack.deliver()
    stack.clock.advance(SECOND)
    accepted = await recall(stack, selecting(stack))
    items = await take(stack.queue, RECALL_REQUESTED)

    for item in (*items, *items):
        await recall_messages.consume(stack.app, item.text, last=False)
    await finish(stack)

    assert (await progress(stack, accepted))["total"] == 30


async def test_a_read_message_of_a_selection_says_so(stack: Stack) -> None:
    """As with a withdrawal of its own."""
    id_ = await stack.deliver()
    await read(stack, id_)
    stack.clock.advance(SECOND)
    await recall(stack, selecting(stack))
    await finish(stack)

    (item,) = (await page(stack, enrich_result_data="true"))["items"]
    assert (item["id"], item["withdrawal_reason"]) == (id_, REASON)


async def test_an_intermediary_withdraws_only_what_it_sent(stack: Stack) -> None:
    """The service's own messages stay, and no other key reads the progress."""
    groups = Group.MESSAGE_WRITE, Group.MESSAGE_READ
    key = await with_groups(stack, *groups, service_id=SERVICE_ID, intermediary="an-account")
    kept = await stack.deliver()
    reply = await stack.call("submit_message", a_message(), key=key)
    await stack.drain()
    stack.clock.advance(SECOND)

    body = selecting(stack)
    assert (await count(stack, body, key=key))["messages"] == 1
    accepted = await recall(stack, body, key=key)
    await finish(stack)

    assert await inbox(stack) == {kept}
    assert reply.body["id"] not in await inbox(stack)
    path = {"id": accepted.body["id"]}
    assert (await stack.call("read_withdrawals", path=path, key=SENDER_KEY)).status == 404


@pytest.mark.parametrize("name", ["withdraw_selection", "dry_run_withdrawal"])
async def test_refusals(stack: Stack, name: str) -> None:
    """An empty span, a missing time, and a key that may write to some citizens alone."""
    body = selecting(stack)
    empty = await stack.call(name, {**body, "until": body["since"]})
    missing = await stack.call(name, {key: body[key] for key in ("reason", "since")})
    limited = await stack.call(name, body, key=LIMITED_KEY)

    assert (empty.status, empty.body["errors"][0]["pointer"]) == (400, "/until")
    assert (missing.status, missing.body["errors"][0]["pointer"]) == (400, "/until")
    assert limited.status == 403


async def test_the_budget(counted: CountedStack) -> None:
    """A request costs a batch and 16 puts; a search one read, one query and one patch for a part.

    Each message costs what its withdrawal costs.
    """
    counted.clock.advance(2 * HOUR)
    await counted.deliver()
    counted.clock.advance(SECOND)
    counted.reset()
    await recall(counted, selecting(counted))
    assert (counted.documents, counted.queues) == ({"batch": 1}, {"put": 16})
    items = await take(counted.queue, RECALL_REQUESTED)
    counted.reset()

    for item in items:
        await recall_messages.consume(counted.app, item.text, last=False)

    assert counted.documents == {"read": 2 * 16 + 2, "query": 16, "patch": 16 + 1, "batch": 1}
    assert counted.queues == {"put": 16}


async def test_a_part_with_many_messages(stack: Stack) -> None:
    """A part with more messages than one item withdraws is searched to its end.

    The messages are gone, as after their time of storage, and are listed still.
    """
    ids = listed_ids(650)
    entries = (an_entry(id_, timestamp(stack.clock.moment)) for id_ in ids)
    await stack.app.repositories.sent_entries.put_new(entries, stack.clock.moment)
    body = {
        "reason": REASON,
        "since": "2025-01-01T00:00:00Z",
        "until": timestamp(stack.clock.moment),
    }
    assert (await count(stack, body))["messages"] == len(ids)

    accepted = await recall(stack, body)
    await finish(stack)

    told = await progress(stack, accepted)
    assert (told["state"], told["withdrawn"], told["total"]) == ("DONE", 0, len(ids))
    assert len(told["not_withdrawn"]) == 100


def listed_ids(count: int) -> list[MessageId]:
    """Return ids of messages that are all in one part of the list."""
    found: list[MessageId] = []
    number = 0
    while len(found) < count:
        number += 1
        id_ = MessageId(f"01JZ{number:022d}")
        if partition_of(SERVICE_ID, id_).endswith(":00"):
            found.append(id_)
    return found


def an_entry(id_: MessageId, at: str) -> SentEntry:
    """Return the entry of an accepted message."""
    citizen = FiscalCode(CITIZEN)
    return SentEntry(id_, SERVICE_ID, citizen, "an-account", None, "ACCEPTED", at, at, changes=1)
