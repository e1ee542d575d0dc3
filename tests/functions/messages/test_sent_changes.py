"""Senders follow the changes of their messages, by day and by call."""

import csv
import io
from datetime import timedelta
from typing import Any

import pytest

from infra.local.sandbox.seed import CITIZEN, LIMITED_KEY, SERVICE_ID
from lib.domain.services.service import Group
from lib.ports.queueing.items.messages import MessageSubmitted
from lib.ports.queueing.names import MESSAGE_SUBMITTED
from tests.builders.messages import a_message
from tests.builders.services import with_groups
from tests.doubles.counted_stack import CountedStack
from tests.stack import Reply, Stack, take

LATER = timedelta(seconds=11)
DAY = {"from": "2026-11-23", "to": "2026-11-23"}


async def changes(stack: Stack, **query: str) -> Reply:
    """Read a page of changes."""
    reply = await stack.call("list_sent_changes", query=query)
    assert reply.status == 200, reply
    return reply


async def all_changes(stack: Stack, cursor: str = "", size: int = 7) -> tuple[list[Any], str]:
    """Read all pages after the cursor; return the changes, and the last cursor."""
    found: list[Any] = []
    while True:
        query = {"page_size": str(size), **({"cursor": cursor} if cursor else {})}
        page = (await changes(stack, **query)).body
        cursor = page["cursor"]
        found += [(item["id"], item["status"]) for item in page["items"]]
        if not page["more"]:
            return found, cursor


async def test_each_change_comes_once(stack: Stack) -> None:
    """A caller that passes the cursor on sees each message, and sees it again when it changes."""
    first = [await stack.deliver() for _ in range(20)]
    assert await all_changes(stack) == ([], "0001-01-01T00:00:00.000Z~")
    stack.clock.moment += LATER
    found, cursor = await all_changes(stack)
    assert sorted(found) == sorted((id_, "PROCESSED") for id_ in first)
    assert await all_changes(stack, cursor) == ([], cursor)

    waiting = await stack.submit()
    await stack.list_accepted()
    stack.clock.moment += LATER
    found, cursor = await all_changes(stack, cursor)
    assert found == [(waiting, "ACCEPTED")]
    await stack.drain()
    stack.clock.moment += LATER
    found, cursor = await all_changes(stack, cursor)
    assert found == [(waiting, "PROCESSED")]


async def test_changes_since_a_time(stack: Stack) -> None:
    """The time has a zone, and a cursor counts before it."""
    await stack.deliver()
    stack.clock.moment += timedelta(minutes=10)
    late = await stack.deliver()
    stack.clock.moment += LATER

    page = (await changes(stack, since="2026-11-23T10:05:00+01:00")).body
    assert [item["id"] for item in page["items"]] == [late]
    again = (await changes(stack, since="2026-11-23T10:05:00+01:00", cursor=page["cursor"])).body
    assert again == {"items": [], "cursor": page["cursor"], "more": False}


@pytest.mark.parametrize("query", [{"cursor": "x"}, {"cursor": ""}, {"since": "2026-11-23"}])
async def test_a_wrong_place_is_refused(stack: Stack, query: dict[str, str]) -> None:
    """Neither a cursor of elsewhere nor a time without a zone."""
    assert (await stack.call("list_sent_changes", query=query)).status == 400


async def test_a_failed_message_and_its_replay(stack: Stack) -> None:
    """The list and the counts follow a message that could not be processed."""
    id_ = await stack.submit()
    (item,) = await take(stack.queue, MESSAGE_SUBMITTED)
    message = MessageSubmitted.model_validate_json(item.text)
    keep = stack.app.operations.keep_dead_letter
    seen = []
    for _ in range(2):  # the second run follows a crash of the first
        await keep(MESSAGE_SUBMITTED, item.text, message)
        stack.clock.moment += LATER
        seen.append((await all_changes(stack))[0])
    (letter,) = await stack.app.operations.replay_dead_letter.list(MESSAGE_SUBMITTED, 1)
    await stack.app.operations.replay_dead_letter(MESSAGE_SUBMITTED, letter.id)
    stack.clock.moment += LATER
    seen.append((await all_changes(stack))[0])
    await stack.drain()
    stack.clock.moment += LATER
    seen.append((await all_changes(stack))[0])

    statuses = ["FAILED", "FAILED", "ACCEPTED", "PROCESSED"]
    assert seen == [[(id_, status)] for status in statuses]
    totals = (await stack.call("read_message_report", query=DAY)).body["totals"]
    assert totals == {
        "sent": 1,
        "accepted": 0,
        "processed": 1,
        "rejected": 0,
        "failed": 0,
        "scheduled": 0,
    }


async def test_the_report_counts_by_day_and_status(stack: Stack) -> None:
    """A message counts on the day of its acceptance in Italy."""
    await stack.deliver()
    await stack.deliver(fiscal_code="NOPROF00A00A000A")
    stack.clock.moment += timedelta(days=1)
    await stack.deliver()

    body = (await stack.call("read_message_report", query={**DAY, "to": "2026-11-25"})).body
    assert [day["sent"] for day in body["days"]] == [2, 1, 0]
    assert body["days"][0] == {
        "day": "2026-11-23",
        "sent": 2,
        "accepted": 0,
        "processed": 1,
        "rejected": 1,
        "failed": 0,
        "scheduled": 0,
    }
    assert body["totals"]["sent"] == 3
    assert (await stack.call("read_message_report", query=DAY, key=LIMITED_KEY)).body["totals"][
        "sent"
    ] == 0
    wrong = await stack.call("read_message_report", query={"from": "2020-01-01"})
    assert wrong.status == 400


@pytest.mark.parametrize(("bom", "begin"), [("false", b"day,"), ("true", b"\xef\xbb\xbfday,")])
async def test_the_report_as_a_table(stack: Stack, bom: str, begin: bytes) -> None:
    """RFC 4180, in UTF-8, with a byte order mark on request."""
    await stack.deliver()

    reply = await stack.call("read_message_report_csv", query={**DAY, "bom": bom})

    assert reply.headers["content-type"] == "text/csv; charset=utf-8"
    assert reply.body.startswith(begin)
    assert reply.body.count(b"\r\n") == 3
    rows = list(csv.reader(io.StringIO(reply.body.decode("utf-8-sig"))))
    assert rows == [
        ["day", "sent", "accepted", "processed", "rejected", "failed", "scheduled"],
        ["2026-11-23", "1", "0", "1", "0", "0", "0"],
        ["total", "1", "0", "1", "0", "0", "0"],
    ]


async def test_an_intermediary_follows_its_own_messages(stack: Stack) -> None:
    """Neither its changes nor its counts have the messages of others."""
    groups = Group.MESSAGE_WRITE, Group.MESSAGE_READ
    key = await with_groups(stack, *groups, service_id=SERVICE_ID, intermediary="an/account~1")
    await stack.deliver()
    own = (await stack.call("submit_message", a_message(), key=key)).body["id"]
    await stack.drain()
    stack.clock.moment += LATER

    page = (await stack.call("list_sent_changes", key=key)).body
    assert [item["id"] for item in page["items"]] == [own]
    for caller, count in ((key, 1), (None, 2)):
        call: dict[str, Any] = {"key": caller} if caller else {}
        report = await stack.call("read_message_report", query=DAY, **call)
        assert report.body["totals"]["sent"] == count


async def test_the_lists_cost_one_query_for_each_part(counted: CountedStack) -> None:
    """A search by recipient costs thirteen queries, or three for most statuses.

    A report counts each part besides, and reads the weeks that are folded.
    """
    await counted.deliver()
    counted.reset()
    assert (await counted.call("read_message_report")).status == 200
    assert counted.documents == counted.searches(queries=17, counts=16)
    for name, body, queries in (
        ("list_sent_messages", None, 16),
        ("list_sent_changes", None, 16),
        ("search_sent_messages", {"reference": "x"}, 16),
        ("search_sent_messages", {"fiscal_code": CITIZEN}, 13),
        ("search_sent_messages", {"fiscal_code": CITIZEN, "status": "REJECTED"}, 3),
    ):
        counted.reset()
        assert (await counted.call(name, body)).status == 200
        assert counted.documents == {"query": queries}
        assert counted.queues == {}


async def test_the_background_costs_a_query_and_a_batch_for_each_part(
    counted: CountedStack,
) -> None:
    """Many accepted messages without a fan-out are listed together, after two rounds."""
    for _ in range(60):
        await counted.submit()
    counted.reset()
    await counted.app.messages.note_sent.store()
    assert counted.documents == {}
    await counted.app.messages.note_sent.store()
    assert counted.documents["query"] == counted.documents["batch"] <= 16
    assert counted.documents.keys() == {"read", "query", "batch"}


async def test_the_background_costs_one_read_while_fan_outs_are_in_time(
    counted: CountedStack,
) -> None:
    """The latest message of a round has been fanned out, so the queue is short."""
    for _ in range(12):
        await counted.deliver()
    await counted.app.messages.note_sent.store()
    counted.reset()
    await counted.app.messages.note_sent.store()
    assert counted.documents == {"read": 1}
    counted.reset()
    await counted.app.messages.note_sent.store()
    assert counted.documents == {}
