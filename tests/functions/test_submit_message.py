"""What an accepted submission answers, stores and queues."""

import asyncio
from datetime import timedelta
from typing import Any

import orjson
import pytest

from infra.local.sandbox_seed import CITIZEN, SERVICE_ID
from lib.domain.values import is_ulid
from lib.ports.documents import Document
from lib.ports.errors import NotFoundError, UnavailableError
from lib.queues import MESSAGE_SUBMITTED
from lib.repositories import senders
from lib.schema import MESSAGES, SENDER_KEYS
from lib.settings import Settings
from tests.support import MARKDOWN, Stack, a_message, a_payment, submitted, take

KEY = {"idempotency-key": "2026-tari-000001"}


async def stored(stack: Stack, id_: str) -> Document:
    """Return the message's document."""
    return (await stack.store.read(MESSAGES, CITIZEN, id_)).document


async def test_an_accepted_message_is_stored_and_queued(stack: Stack) -> None:
    """201 with IO's id and relative Location."""
    reply = await stack.call("submit_message", a_message())

    id_ = reply.body["id"]
    assert reply.status == 201
    assert is_ulid(id_)
    assert {"id": id_} == reply.body
    assert f"/api/v1/messages/{CITIZEN}/{id_}" == reply.headers["Location"]
    assert (await stored(stack, id_))["status"] == "ACCEPTED"
    assert [submitted(id_).text()] == [
        item.text for item in await take(stack.queue, MESSAGE_SUBMITTED)
    ]


async def test_the_recipient_may_stand_in_the_path(stack: Stack) -> None:
    """The deprecated form does the same."""
    reply = await stack.call(
        "submit_message_to", a_message(fiscal_code=None), path={"fiscal_code": CITIZEN}
    )

    assert reply.status == 201
    assert (await stored(stack, reply.body["id"]))["fiscal_code"] == CITIZEN


async def test_defaults_are_filled_in(stack: Stack) -> None:
    """IO's defaults, with the payee from the sender's organisation, dates in UTC."""
    content = {
        "payment_data": a_payment(),
        "third_party_data": {"id": "1"},
        "due_date": "2018-10-13T00:00:00+02:00",
    }

    message = await stored(stack, await stack.submit(content=content))

    assert message["time_to_live"] == 3600
    assert message["feature_level_type"] == "STANDARD"
    assert message["content"] == {
        "subject": "Tassa sui rifiuti",
        "markdown": MARKDOWN,
        "due_date": "2018-10-12T22:00:00.000Z",
        "payment_data": {
            "amount": 8450,
            "notice_number": "301000000000000017",
            "invalid_after_due_date": False,
            "payee": {"fiscal_code": "01234567890"},
        },
        "third_party_data": {"id": "1", "has_attachments": False, "has_remote_content": False},
    }


async def test_default_addresses_are_discarded(stack: Stack) -> None:
    """As in IO, no e-mail address of a submission is kept."""
    message = await stored(stack, await stack.submit(default_addresses={"email": "a@b.it"}))

    assert b"a@b.it" not in orjson.dumps(message)


async def test_an_accepted_message_that_nobody_fans_out_expires(stack: Stack) -> None:
    """A submission that was answered 503 leaves nothing for ever."""
    id_ = await stack.submit()

    stack.clock.advance(timedelta(days=31))

    with pytest.raises(NotFoundError):
        await stored(stack, id_)


async def test_a_queue_that_is_away_answers_503(tmp_path: Any) -> None:
    """Nothing is promised: 503 with Retry-After, and the same request may come again."""

    class AwayQueue:
        async def put(self, *_: Any, **__: Any) -> None:
            raise UnavailableError("away", retry_after=7)

        async def close(self) -> None:
            return

    stack = await Stack(tmp_path, queue=AwayQueue()).start()

    reply = await stack.call("submit_message", a_message(), headers=KEY)

    assert (reply.status, reply.headers["Retry-After"]) == (503, "7")
    await stack.app.close()


async def test_the_same_key_and_body_get_the_first_answer_again(stack: Stack) -> None:
    """One message, the same id and Location, and a header that says so."""
    first = await stack.call("submit_message", a_message(), headers=KEY)
    stack.clock.advance(timedelta(minutes=5))
    again = await stack.call("submit_message", a_message(), headers=KEY)

    assert (201, first.body) == (again.status, again.body)
    assert first.headers["Location"] == again.headers["Location"]
    assert again.headers["Idempotent-Replay"] == "true"
    assert "Idempotent-Replay" not in first.headers


async def test_layout_of_the_body_does_not_matter_to_the_key(stack: Stack) -> None:
    """White space, order and spelled-out defaults make no other body."""
    body = a_message()
    first = await stack.call("submit_message", body, headers=KEY)
    spread = orjson.dumps(
        {"time_to_live": 3600, **dict(reversed(body.items()))}, option=orjson.OPT_INDENT_2
    )

    again = await stack.call("submit_message", spread, headers=KEY)

    assert first.body == again.body


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
    """422 that names the key."""
    await stack.call("submit_message", a_message(), headers=KEY)

    reply = await stack.call("submit_message", a_message(**changes), headers=KEY)

    assert (reply.status, reply.body["title"]) == (422, "Idempotency key reused")
    assert reply.body["errors"][0]["pointer"] == "#/headers/Idempotency-Key"


async def test_keys_of_two_services_are_two_keys(stack: Stack) -> None:
    """Nobody learns of, or blocks, another service's keys."""
    first = await stack.call("submit_message", a_message(), headers=KEY)
    other = await stack.call("submit_message", a_message(), headers=KEY, key="sandbox-limited-key")

    assert first.body["id"] != other.body["id"]


async def test_a_key_is_forgotten_after_a_day(stack: Stack) -> None:
    """The documented life of a key."""
    first = await stack.call("submit_message", a_message(), headers=KEY)
    stack.clock.advance(timedelta(hours=24, seconds=1))

    later = await stack.call("submit_message", a_message(), headers=KEY)

    assert first.body["id"] != later.body["id"]


@pytest.mark.parametrize("key", ["", "x" * 256, "with space", "tabbed\t", "è"])
async def test_a_key_has_a_form(stack: Stack, key: str) -> None:
    """400 for what is no key."""
    reply = await stack.call("submit_message", a_message(), headers={"idempotency-key": key})

    assert reply.status == 400
    assert reply.body["title"].startswith("Invalid Idempotency-Key")


async def test_200_concurrent_requests_with_one_key_make_one_message(stack: Stack) -> None:
    """All are answered 201 with one id, one of them as the first; the citizen sees one message."""
    replies = await asyncio.gather(
        *(stack.call("submit_message", a_message(), headers=KEY) for _ in range(200))
    )
    await stack.drain()

    assert {201} == {reply.status for reply in replies}
    (id_,) = {reply.body["id"] for reply in replies}
    assert sum("Idempotent-Replay" in reply.headers for reply in replies) == 199
    page = await stack.app.list_inbox(
        CITIZEN, size=100, archived=False, maximum_id=None, minimum_id=None
    )
    assert [id_] == [item["id"] for item in page.items]
    assert [id_] == [push.message_id for push in stack.push.sent]


@pytest.mark.parametrize("lost", ["message", "item"])
async def test_a_retry_heals_a_crash_after_the_claim(stack: Stack, lost: str) -> None:
    """Whatever the first attempt did not get to write, the second does."""
    first = await stack.call("submit_message", a_message(), headers=KEY)
    id_ = first.body["id"]
    (item,) = await take(stack.queue, MESSAGE_SUBMITTED)
    await stack.queue.delete(MESSAGE_SUBMITTED, item)
    if lost == "message":
        await stack.store.delete(MESSAGES, CITIZEN, id_)

    again = await stack.call("submit_message", a_message(), headers=KEY)

    assert first.body == again.body
    await stack.drain()
    assert (await stored(stack, id_))["status"] == "PROCESSED"


async def test_a_replay_of_a_processed_message_queues_nothing(stack: Stack) -> None:
    """The message is where it belongs; another run would be for nothing."""
    await stack.call("submit_message", a_message(), headers=KEY)
    await stack.drain()

    await stack.call("submit_message", a_message(), headers=KEY)

    assert await stack.queue.length(MESSAGE_SUBMITTED) == 0


async def test_a_fault_shows_a_trace_id_and_nothing_else(
    tmp_path: Any, caplog: pytest.LogCaptureFixture
) -> None:
    """500 without a word on what happened; the log finds it by the same id, without the citizen."""

    class BrokenQueue:
        async def put(self, _: str, text: str, **__: Any) -> None:
            raise RuntimeError(text)

        async def close(self) -> None:
            return

    stack = await Stack(tmp_path, queue=BrokenQueue()).start()

    reply = await stack.call("submit_message", a_message())

    assert {"status", "title", "trace_id"} == set(reply.body)
    assert reply.status == 500
    assert reply.body["trace_id"] in caplog.text
    assert CITIZEN not in caplog.text
    assert SERVICE_ID not in caplog.text
    await stack.app.close()


async def test_a_revoked_key_dies_within_its_time(tmp_path: Any) -> None:
    """With no memory of keys it dies at once; the memory is never longer than 60 s."""
    assert Settings.model_fields["sender_cache_seconds"].metadata[1].le == 60
    stack = await Stack(tmp_path).start()
    stack.app.authenticate_sender._senders._remember = 0
    assert (await stack.call("submit_message", a_message())).status == 201
    hashed = stack.app.authenticate_sender._hashes.of("sandbox-sender-key")
    await stack.store.delete(SENDER_KEYS, hashed, hashed)

    assert (await stack.call("submit_message", a_message())).status == 401
    await stack.app.close()


async def test_a_store_that_is_away_when_the_key_is_looked_up_answers_503(tmp_path: Any) -> None:
    """Nobody is told that a good key is wrong, and the next call looks it up anew."""
    stack = await Stack(tmp_path).start()
    read, answers = stack.store.read, [UnavailableError("throttled", retry_after=3)]

    class Store:
        def __getattr__(self, name: str) -> Any:
            return getattr(stack.store, name)

        async def read(self, *arguments: Any) -> Any:
            if answers:
                raise answers.pop()
            return await read(*arguments)

    stack.app.authenticate_sender._senders._store = Store()

    away = await stack.call("submit_message", a_message())
    back = await stack.call("submit_message", a_message())

    assert (away.status, away.headers["Retry-After"], back.status) == (503, "3", 201)
    await stack.app.close()


async def test_remembered_senders_have_a_bound(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who comes with ever new keys fills no memory."""
    monkeypatch.setattr(senders, "MAX_REMEMBERED", 10)

    for number in range(30):
        await stack.call("submit_message", a_message(), key=f"wrong-{number}")
    assert not stack.app.authenticate_sender._senders._known

    lookups = stack.app.authenticate_sender._senders
    await asyncio.gather(*(lookups.by_key_hash(str(number)) for number in range(30)))
    assert len(lookups._known) <= 10
