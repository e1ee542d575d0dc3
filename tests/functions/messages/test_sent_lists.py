"""Senders list and search the messages that they sent."""

from datetime import timedelta
from typing import Any

import pytest

from infra.local.sandbox.seed import CITIZEN, LIMITED_KEY, SERVICE_ID
from lib.domain.services.service import Group
from tests.builders.messages import a_message
from tests.builders.services import with_groups
from tests.stack import Reply, Stack

OTHERS = ("NOPROF00A00A000A", "BLOCKD00A00A000A")


async def listed(stack: Stack, **call: Any) -> Reply:
    """List sent messages."""
    reply = await stack.call("list_sent_messages", **call)
    assert reply.status == 200, reply
    return reply


async def search(stack: Stack, **body: Any) -> Reply:
    """Search sent messages."""
    return await stack.call("search_sent_messages", body)


def ids(reply: Reply) -> list[str]:
    """Return the ids of a page."""
    return [item["id"] for item in reply.body["items"]]


async def several(stack: Stack, count: int) -> list[str]:
    """Deliver messages, one each minute; return their ids, the newest first."""
    sent: list[str] = []
    for number in range(count):
        stack.clock.moment += timedelta(minutes=1)
        sent.append(await stack.submit(reference=f"R{number % 3}"))
    await stack.drain()
    return sent[::-1]


async def test_a_page_has_the_newest_messages_first(stack: Stack) -> None:
    """An item has what leads back to the message."""
    id_ = await stack.deliver(reference="A 1")
    rejected = await stack.deliver(fiscal_code=OTHERS[0])

    items = (await listed(stack)).body["items"]

    at = "2026-11-23T09:00:00.000Z"
    assert sorted(items, key=lambda item: item["status"]) == [
        {
            "id": id_,
            "fiscal_code": CITIZEN,
            "reference": "A 1",
            "status": "PROCESSED",
            "created_at": at,
            "changed_at": at,
        },
        {
            "id": rejected,
            "fiscal_code": OTHERS[0],
            "status": "REJECTED",
            "created_at": at,
            "changed_at": at,
        },
    ]


@pytest.mark.parametrize("size", ["1", "7", "500"])
async def test_pages_follow_each_other_without_a_gap(stack: Stack, size: str) -> None:
    """Also while new messages come in."""
    sent = await several(stack, 40)
    found: list[str] = []
    query = {"page_size": size}
    while True:
        page = await listed(stack, query=query)
        found += ids(page)
        await stack.deliver()
        if "cursor" not in page.body:
            break
        query["cursor"] = page.body["cursor"]

    assert found == sent


async def test_the_filters_of_the_list(stack: Stack) -> None:
    """A status and days of acceptance in Italy."""
    early = await stack.deliver()
    stack.clock.moment += timedelta(hours=14, minutes=30)  # half past midnight in Italy
    late = await stack.deliver(fiscal_code=OTHERS[1])

    for query, expected in (
        ({"from": "2026-11-24"}, [late]),
        ({"to": "2026-11-23"}, [early]),
        ({"from": "2026-11-23", "to": "2026-11-24"}, [late, early]),
        ({"to": "9999-12-31", "from": "0001-01-01"}, [late, early]),
        ({"status": "REJECTED"}, [late]),
        ({"status": "FAILED"}, []),
    ):
        assert ids(await listed(stack, query=query)) == expected


async def test_a_search_finds_a_lost_message(stack: Stack) -> None:
    """By its reference, its recipient, or both."""
    sent = await several(stack, 9)
    other = await stack.deliver(fiscal_code=OTHERS[1], reference="R0")

    assert set(ids(await search(stack, reference="R0"))) == {other, *sent[2::3]}
    assert ids(await search(stack, fiscal_code=CITIZEN)) == sent
    assert ids(await search(stack, fiscal_code=CITIZEN, reference="R0")) == sent[2::3]
    assert ids(await search(stack, fiscal_code=OTHERS[1], status="REJECTED")) == [other]
    assert ids(await search(stack, fiscal_code=OTHERS[0])) == []
    page = await search(stack, fiscal_code=CITIZEN, page_size=4)
    following = await search(stack, fiscal_code=CITIZEN, page_size=6, cursor=page.body["cursor"])
    assert ids(page) + ids(following) == sent
    assert "cursor" not in following.body


async def test_an_accepted_message_is_found_before_its_fan_out(stack: Stack) -> None:
    """By its recipient at once, in the list a few seconds later."""
    id_ = await stack.submit(reference="lost")

    assert ids(await search(stack, fiscal_code=CITIZEN)) == [id_]
    assert ids(await listed(stack)) == []

    await stack.list_accepted()
    await stack.list_accepted()
    (item,) = (await listed(stack)).body["items"]
    assert (item["id"], item["status"]) == (id_, "ACCEPTED")
    assert ids(await search(stack, reference="lost")) == [id_]

    await stack.drain()
    (item,) = (await listed(stack)).body["items"]
    assert (item["id"], item["status"]) == (id_, "PROCESSED")


async def test_a_message_whose_fan_out_came_first_is_not_set_back(stack: Stack) -> None:
    """The writes of accepted messages come in any order."""
    await stack.deliver()
    await stack.submit()
    await stack.list_accepted()

    statuses = [item["status"] for item in (await listed(stack)).body["items"]]
    assert sorted(statuses) == ["ACCEPTED", "PROCESSED"]


async def test_no_one_lists_what_is_another_s(stack: Stack) -> None:
    """Neither another service nor an intermediary of the same service."""
    groups = Group.MESSAGE_WRITE, Group.MESSAGE_READ
    key = await with_groups(stack, *groups, service_id=SERVICE_ID, intermediary="an-account")
    of_service = await stack.deliver()
    stack.clock.moment += timedelta(seconds=1)
    of_other = (await stack.call("submit_message", a_message(), key=key)).body["id"]
    await stack.drain()

    assert ids(await listed(stack)) == [of_other, of_service]
    assert ids(await listed(stack, key=key)) == [of_other]
    assert ids(await listed(stack, key=LIMITED_KEY)) == []
    body = {"fiscal_code": CITIZEN}
    for caller, expected in ((key, [of_other]), (LIMITED_KEY, [])):
        found = await stack.call("search_sent_messages", body, key=caller)
        assert ids(found) == expected


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ({"page_size": "0"}, "#/query/page_size"),
        ({"page_size": "501"}, "#/query/page_size"),
        ({"status": "SENT"}, "#/query/status"),
        ({"cursor": "x"}, "#/query/cursor"),
        ({"from": "2026-13-01"}, "#/query/from"),
        ({"from": "2026-11-24", "to": "2026-11-23"}, "#/query/from"),
        ({"fiscal_code": CITIZEN}, "#/query/fiscal_code"),
    ],
)
async def test_a_wrong_query_is_refused(stack: Stack, query: dict[str, str], pointer: str) -> None:
    """The refusal names the parameter."""
    reply = await stack.call("list_sent_messages", query=query)

    assert reply.status == 400
    assert [error["pointer"] for error in reply.body["errors"]] == [pointer]


async def test_a_withdrawn_message_tells_nothing_of_a_reading(stack: Stack) -> None:
    """It has the status that the message itself shows to its sender."""
    delivered, waiting = await stack.deliver(), await stack.submit()
    for id_ in (delivered, waiting):
        path = {"fiscal_code": CITIZEN, "id": id_}
        assert (await stack.call("withdraw_message", {"reason": "wrong"}, path=path)).status == 200
    await stack.drain()

    for found in (await listed(stack), await search(stack, fiscal_code=CITIZEN)):
        statuses = {item["id"]: item["status"] for item in found.body["items"]}
        assert statuses == {delivered: "PROCESSED", waiting: "REJECTED"}
