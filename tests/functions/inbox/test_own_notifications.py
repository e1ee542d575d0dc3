"""Citizens see the notifications that were sent to them."""

from datetime import timedelta
from typing import Any

import pytest

from infra.local.sandbox.seed import CITIZEN
from tests.builders.messages import a_message
from tests.builders.profiles import OTHER_CITIZEN
from tests.doubles.counted_stack import CountedStack
from tests.stack import Stack

DUE = {"due_date": "2026-11-29T22:59:59Z"}


async def listed(stack: Stack, citizen: str = CITIZEN, **query: str) -> dict[str, Any]:
    """Return a page of the list."""
    reply = await stack.call("list_own_notifications", query=query, citizen=citizen)
    assert reply.status == 200, reply
    return dict(reply.body)


async def test_pushes_and_their_outcomes_are_listed(stack: Stack) -> None:
    """The latest is first; a reminder names its message."""
    first = await stack.deliver(content=a_message(content=DUE)["content"])
    stack.clock.advance(timedelta(hours=1))
    second = await stack.deliver()
    await stack.live_until(stack.clock.now() + timedelta(days=6))

    items = (await listed(stack))["items"]

    assert items[-1] == {
        "kind": "MESSAGE",
        "channel": "PUSH",
        "status": "SENT",
        "at": "2026-11-23T09:00:00.000Z",
        "message_id": first,
    }
    assert second in {one["message_id"] for one in items}
    assert "REMINDER" in {one["kind"] for one in items}
    times = [one["at"] for one in items]
    assert times == sorted(times, reverse=True)
    assert (await listed(stack, OTHER_CITIZEN))["items"] == []


async def test_the_list_has_pages(stack: Stack) -> None:
    """Each notification is on one page."""
    for _ in range(5):
        await stack.deliver()
        stack.clock.advance(timedelta(seconds=2))
    found: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        page = await listed(stack, page_size="2", **cursor)
        found += [one["message_id"] for one in page["items"]]
        if "cursor" not in page:
            break
        cursor = {"cursor": page["cursor"]}

    assert len(found) == len(set(found)) == 5
    assert found == sorted(found, reverse=True)


@pytest.mark.parametrize("query", [{"cursor": "x"}, {"page_size": "101"}, {"page": "2"}])
async def test_a_wrong_parameter_is_refused(stack: Stack, query: dict[str, str]) -> None:
    """The answer is 400."""
    reply = await stack.call("list_own_notifications", query=query, citizen=CITIZEN)

    assert reply.status == 400


async def test_a_page_costs_one_query(counted: CountedStack) -> None:
    """Nothing is written for the list."""
    await counted.deliver()
    counted.reset()

    await listed(counted)

    assert counted.documents == {"query": 1}
