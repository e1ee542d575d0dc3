"""A repeated submission with its key makes one message and gets one answer."""

import asyncio
from datetime import timedelta
from typing import Any

import orjson
import pytest

from infra.local.sandbox.seed import CITIZEN
from lib.ports.queueing.names import MESSAGE_SUBMITTED
from lib.ports.schema.messages import MESSAGES
from lib.use_cases.inbox.list_inbox import InboxSearch
from tests.builders.identity import an_access
from tests.builders.messages import a_message
from tests.stack import Stack, take
from tests.stored import stored_message

KEY = {"idempotency-key": "2026-tari-000001"}


async def test_the_same_key_and_body_get_the_first_answer_again(stack: Stack) -> None:
    """The repetition gets the same id and Location, and a header that says so."""
    first = await stack.call("submit_message", a_message(), headers=KEY)
    stack.clock.advance(timedelta(minutes=5))
    again = await stack.call("submit_message", a_message(), headers=KEY)

    assert (201, first.body) == (again.status, again.body)
    assert first.headers["Location"] == again.headers["Location"]
    assert again.headers["Idempotent-Replay"] == "true"
    assert "Idempotent-Replay" not in first.headers


@pytest.mark.parametrize(
    "changes",
    [
        {"fiscal_code": "RSSMRA80A01H501U"},
        {"time_to_live": 7200},
        {"content": {"due_date": "2027-01-01T00:00:00Z"}},
    ],
)
async def test_the_same_key_with_another_body_is_refused(
    stack: Stack, changes: dict[str, Any]
) -> None:
    """Another body under the same key gets 422 that names the key."""
    await stack.call("submit_message", a_message(), headers=KEY)

    reply = await stack.call("submit_message", a_message(**changes), headers=KEY)

    assert (reply.status, reply.body["title"]) == (422, "Idempotency key reused")
    assert reply.body["errors"][0]["pointer"] == "#/headers/Idempotency-Key"


async def test_200_concurrent_requests_with_one_key_make_one_message(stack: Stack) -> None:
    """All 200 requests get 201 with one id, and the citizen has one message."""
    replies = await asyncio.gather(
        *(stack.call("submit_message", a_message(), headers=KEY) for _ in range(200))
    )
    await stack.drain()

    assert {201} == {reply.status for reply in replies}
    (id_,) = {reply.body["id"] for reply in replies}
    assert sum("Idempotent-Replay" in reply.headers for reply in replies) == 199
    page = await stack.app.inbox.list(
        an_access(CITIZEN), InboxSearch(), size=100, maximum_id=None, minimum_id=None
    )
    assert [id_] == [item.id for item in page.items]
    assert [id_] == [push.message_id for push in stack.push.sent]


async def test_layout_of_the_body_does_not_matter_to_the_key(stack: Stack) -> None:
    """Spaces, order and defaults that are written out make no other body."""
    body = a_message()
    first = await stack.call("submit_message", body, headers=KEY)
    spread = orjson.dumps(
        {"time_to_live": 3600, **dict(reversed(body.items()))}, option=orjson.OPT_INDENT_2
    )

    again = await stack.call("submit_message", spread, headers=KEY)

    assert first.body == again.body


async def test_keys_of_two_services_are_two_keys(stack: Stack) -> None:
    """The same key of two services makes two messages."""
    first = await stack.call("submit_message", a_message(), headers=KEY)
    other = await stack.call("submit_message", a_message(), headers=KEY, key="sandbox-limited-key")

    assert first.body["id"] != other.body["id"]


async def test_a_key_is_forgotten_after_a_day(stack: Stack) -> None:
    """A key is kept for a day."""
    first = await stack.call("submit_message", a_message(), headers=KEY)
    stack.clock.advance(timedelta(hours=24, seconds=1))

    later = await stack.call("submit_message", a_message(), headers=KEY)

    assert first.body["id"] != later.body["id"]


@pytest.mark.parametrize("key", ["", "x" * 256, "with space", "tabbed\t", "è"])
async def test_a_malformed_key_is_refused(stack: Stack, key: str) -> None:
    """A header that is no key gets 400."""
    reply = await stack.call("submit_message", a_message(), headers={"idempotency-key": key})

    assert reply.status == 400
    assert reply.body["title"].startswith("Invalid Idempotency-Key")


@pytest.mark.parametrize("lost", ["message", "item"])
async def test_a_retry_heals_a_crash_after_the_claim(stack: Stack, lost: str) -> None:
    """The repetition writes the message or the item that the first request did not write."""
    first = await stack.call("submit_message", a_message(), headers=KEY)
    id_ = first.body["id"]
    (item,) = await take(stack.queue, MESSAGE_SUBMITTED)
    await stack.queue.delete(MESSAGE_SUBMITTED, item)
    if lost == "message":
        await stack.store.delete(MESSAGES, CITIZEN, id_)

    again = await stack.call("submit_message", a_message(), headers=KEY)

    assert first.body == again.body
    await stack.drain()
    assert (await stored_message(stack, id_)).status == "PROCESSED"


async def test_a_replay_of_a_processed_message_queues_nothing(stack: Stack) -> None:
    """A repetition queues nothing where the message is processed."""
    await stack.call("submit_message", a_message(), headers=KEY)
    await stack.drain()

    await stack.call("submit_message", a_message(), headers=KEY)

    assert await stack.queue.length(MESSAGE_SUBMITTED) == 0
