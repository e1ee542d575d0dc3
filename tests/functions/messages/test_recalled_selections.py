"""A sender withdraws all that it sent between two times."""

from datetime import timedelta

import pytest

from functions.queues.messages import fan_out_message
from infra.local.sandbox.seed import LIMITED_KEY, SENDER_KEY, SERVICE_ID
from lib.domain.messages.message_id import LANE_MILLISECONDS
from lib.domain.services.service import Group
from lib.ports.queueing.names import MESSAGE_SUBMITTED, RECALL_REQUESTED
from lib.repositories.messages.sent import sent_selections
from lib.repositories.messages.sent.sent_selections import PARTS
from tests.builders.messages import a_message
from tests.builders.payment_notices import a_notice
from tests.builders.services import with_groups
from tests.functions.messages.inbox_calls import page
from tests.functions.messages.scheduled_calls import schedule, scheduled
from tests.functions.messages.selection_calls import (
    HOUR,
    SECOND,
    count,
    finish,
    inbox,
    progress,
    recall,
    run,
    selecting,
)
from tests.functions.messages.withdrawal_calls import REASON, read, sent, withdraw
from tests.stack import Stack, take


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


async def test_a_message_that_waits_for_its_set_time_stays(stack: Stack) -> None:
    """Also if the times and the reference are its own; it is cancelled, or withdrawn by its id."""
    id_ = await schedule(stack, stack.clock.moment + HOUR / 2, reference="2026/2")
    stack.clock.advance(SECOND)

    body = selecting(stack, reference="2026/2")
    counted = await count(stack, body)
    await recall(stack, body)
    await finish(stack)

    assert counted["messages"] == 0
    assert [one["id"] for one in await scheduled(stack)] == [id_]


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
    """The service's own messages stay; service and intermediary read the progress, no other."""
    groups = Group.MESSAGE_WRITE, Group.MESSAGE_READ
    key, other = [
        await with_groups(stack, *groups, service_id=SERVICE_ID, key=f"{one}-key", intermediary=one)
        for one in ("an-account", "another-account")
    ]
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
    statuses = [
        (await stack.call("read_withdrawals", path=path, key=one)).status
        for one in (key, SENDER_KEY, other)
    ]
    assert statuses == [200, 200, 404]


async def test_the_count_tells_where_it_ends(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    """A part of the list is counted page by page, up to a number of pages."""
    monkeypatch.setattr(sent_selections, "PER_COUNT", 1)
    for _ in range(PARTS + 1):
        await stack.deliver()
        stack.clock.advance(timedelta(milliseconds=LANE_MILLISECONDS))
    stack.clock.advance(SECOND)
    whole = await count(stack, selecting(stack))
    monkeypatch.setattr(sent_selections, "MAX_COUNTS", 1)
    part = await count(stack, selecting(stack))

    assert (whole["messages"], whole["is_complete"]) == (PARTS + 1, True)
    # at least one part has two messages
    assert part["messages"] <= PARTS
    assert not part["is_complete"]


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
