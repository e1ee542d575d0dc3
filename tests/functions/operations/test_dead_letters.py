"""Operators read dead letters without personal data, and replay them with a reason."""

from datetime import timedelta
from typing import Any, Final

import pytest

from functions.queues.contract import FailedItemError, UnreadableItemError
from functions.queues.messages import fan_out_message
from infra.local.sandbox.seed import CITIZEN, OPERATOR_KEY, SERVICE_ID
from lib.domain.operations.dead_letters import MOST_AT_ONCE
from lib.domain.shared.values import timestamp
from lib.ports.queueing.names import MESSAGE_SUBMITTED
from tests.doubles.clock import START
from tests.doubles.telemetry import PSEUDONYMS, Kept
from tests.stack import Stack, take
from tests.stored import stored_message

QUEUE: Final = {"queue": MESSAGE_SUBMITTED}
WHY: Final = {"reason": "The store is back."}


async def bury(stack: Stack, *texts: str) -> list[str]:
    """Make dead letters of the texts; return their ids, the newest first."""
    for number, text in enumerate(texts):
        at = timestamp(START + timedelta(seconds=number))
        await stack.app.repositories.dead_letters.keep(MESSAGE_SUBMITTED, text, "outage", at)
    listed = await stack.call("list_dead_letters", path=QUEUE, key=OPERATOR_KEY)
    return [one["id"] for one in listed.body["items"]]


async def crash(_: object) -> None:
    """Fail as no attempt can repair."""
    raise ValueError(CITIZEN)


async def test_a_dead_letter_shows_its_item_without_the_citizen(stack: Stack) -> None:
    """Ids, times and flags are shown; a code under any name, and unknown members, are not."""
    (letter,) = await bury(
        stack,
        f'{{"fiscal_code": "{CITIZEN}", "message_id": "01KA0000000000000000000000", "attempt": 3,'
        f' "service_id": "{CITIZEN}", "is_notified": true, "{CITIZEN}": 1, "note": "Mario",'
        ' "kind": {"name": "Mario"}, "step": "mario@example.org"}',
    )

    path = {**QUEUE, "id": letter}
    opened = await stack.call("read_dead_letter", path=path, key=OPERATOR_KEY)

    assert opened.status == 200
    assert [(one["name"], one["value"]) for one in opened.body["item"]] == [
        ("fiscal_code", "***"),
        ("message_id", "01KA0000000000000000000000"),
        ("attempt", "3"),
        ("service_id", "***"),
        ("is_notified", "true"),
        ("***", "***"),
        ("note", "***"),
        ("kind", "***"),
        ("step", "***"),
    ]


@pytest.mark.parametrize("text", ["no JSON", "[1]", f'"{CITIZEN}"'])
async def test_an_item_that_is_no_object_shows_no_members(stack: Stack, text: str) -> None:
    """Its reason is all that operators see."""
    (letter,) = await bury(stack, text)

    path = {**QUEUE, "id": letter}
    opened = await stack.call("read_dead_letter", path=path, key=OPERATOR_KEY)

    assert opened.body["item"] == []
    assert opened.body["reason"] == "outage"


@pytest.mark.parametrize(
    ("reason", "kind"),
    [
        (None, "PROCESS_DIED"),
        ("outage: UnavailableError at put lib/x.py:1", "OUTAGE"),
        ("UnreadableItemError at _run functions/queues/contract.py:1", "UNREADABLE"),
        ("KeyError at x lib/x.py:1", "FAULT"),
    ],
)
async def test_a_reason_has_a_kind(stack: Stack, reason: str | None, kind: str) -> None:
    """The list and the opened letter have it, by which a page says the reason in words."""
    at = timestamp(START)
    await stack.app.repositories.dead_letters.keep(MESSAGE_SUBMITTED, "{}", reason, at)

    listed = await stack.call("list_dead_letters", path=QUEUE, key=OPERATOR_KEY)
    (letter,) = listed.body["items"]
    path = {**QUEUE, "id": letter["id"]}
    opened = await stack.call("read_dead_letter", path=path, key=OPERATOR_KEY)

    assert letter["kind"] == opened.body["kind"] == kind


@pytest.mark.parametrize("is_noted", [True, False])
async def test_an_item_of_another_form_has_the_kind_of_it(stack: Stack, *, is_noted: bool) -> None:
    """A queue's own attempt stores the reason, or its poison trigger after an outage."""
    if is_noted:
        with pytest.raises(UnreadableItemError):
            await fan_out_message.consume(stack.app, "no JSON", last=True)
    await fan_out_message.dead_letter(stack.app, "no JSON")

    listed = await stack.call("list_dead_letters", path=QUEUE, key=OPERATOR_KEY)

    assert [one["kind"] for one in listed.body["items"]] == ["UNREADABLE"]


async def test_all_dead_letters_of_a_queue_are_replayed_with_a_reason(
    stack: Stack, kept: Kept
) -> None:
    """Each event has the reason, the operator, and the pseudonym of its own citizen alone."""
    ids = [await stack.submit() for _ in range(2)]
    works, stack.app.messages.fan_out = stack.app.messages.fan_out, crash  # type: ignore[assignment]
    for item in await take(stack.queue, MESSAGE_SUBMITTED):
        await stack.queue.delete(MESSAGE_SUBMITTED, item)
        with pytest.raises(FailedItemError):
            await fan_out_message.consume(stack.app, item.text, last=True)
        await fan_out_message.dead_letter(stack.app, item.text)
    stack.app.messages.fan_out = works
    letters = await bury(stack, "no JSON")

    replayed = await stack.call("replay_dead_letters", path=QUEUE, body=WHY, key=OPERATOR_KEY)
    again = await stack.call("replay_dead_letters", path=QUEUE, body=WHY, key=OPERATOR_KEY)

    assert replayed.body == {"count": 3, "is_more": False}
    assert again.body == {"count": 0, "is_more": False}
    events: list[dict[str, Any]] = [
        dict(fields) for name, fields in kept.logs if name == "dead letter replayed"
    ]
    assert sorted(one["letter_id"] for one in events) == sorted(letters)
    assert {one["reason"] for one in events} == {"The store is back."}
    assert all(one["operator"] for one in events)
    pseudonym = PSEUDONYMS.of(CITIZEN)
    assert sorted(one.get("citizen", "") for one in events) == ["", pseudonym, pseudonym]
    assert kept.metric("recapito.replayed") == {(MESSAGE_SUBMITTED,): 3}
    for item in await take(stack.queue, MESSAGE_SUBMITTED):
        if item.text == "no JSON":
            await stack.queue.delete(MESSAGE_SUBMITTED, item)
        else:
            await fan_out_message.consume(stack.app, item.text, last=False)
    assert [(await stored_message(stack, one)).status for one in ids] == ["PROCESSED"] * 2


async def test_a_replay_of_many_says_that_there_may_be_more(stack: Stack) -> None:
    """A call replays a hundred, so that it ends in time."""
    await bury(stack, *(f'{{"attempt": {number}}}' for number in range(MOST_AT_ONCE + 1)))

    first = await stack.call("replay_dead_letters", path=QUEUE, body=WHY, key=OPERATOR_KEY)
    second = await stack.call("replay_dead_letters", path=QUEUE, body=WHY, key=OPERATOR_KEY)

    assert first.body == {"count": MOST_AT_ONCE, "is_more": True}
    assert second.body == {"count": 1, "is_more": False}


@pytest.mark.parametrize(
    "reason", ["no", " x ", f"of {CITIZEN}", f"of {CITIZEN.lower()}", "a@b.it"]
)
@pytest.mark.parametrize("endpoint", ["replay_dead_letter", "replay_dead_letters"])
async def test_a_reason_has_words_and_names_no_citizen(
    stack: Stack, endpoint: str, reason: str
) -> None:
    """It is kept in records that have no personal data; the letter stays."""
    (letter,) = await bury(stack, f'{{"service_id": "{SERVICE_ID}"}}')
    path = {**QUEUE, "id": letter} if endpoint == "replay_dead_letter" else QUEUE

    refused = await stack.call(endpoint, path=path, body={"reason": reason}, key=OPERATOR_KEY)

    assert refused.status == 400
    assert [one["pointer"] for one in refused.body["errors"]] == ["/reason"]
    assert await bury(stack) == [letter]
