"""The searches of a recall go on after a crash, count each message once, and have a cost."""

import contextlib
from typing import Any

import pytest

from functions.queues.messages import recall_messages
from infra.local.sandbox.seed import CITIZEN, SERVICE_ID
from lib.domain.messages.sent_entry import SentEntry
from lib.domain.shared.identifiers import FiscalCode, MessageId
from lib.domain.shared.values import timestamp
from lib.ports.errors import UnavailableError
from lib.ports.queueing.names import RECALL_REQUESTED
from lib.repositories.messages.sent.sent_mapping import partition_of
from tests.doubles.counted_stack import CountedStack
from tests.functions.messages.selection_calls import (
    HOUR,
    SECOND,
    count,
    finish,
    inbox,
    progress,
    recall,
    selecting,
)
from tests.functions.messages.withdrawal_calls import REASON
from tests.stack import Stack, take


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


async def test_the_budget(counted: CountedStack) -> None:
    """A request costs a batch and 16 puts; a search one read, one query and one patch for a part.

    Each message costs what its withdrawal costs.
    """
    # the first request of a process opens the container and the queue
    await recall(counted, selecting(counted))
    await counted.drain()
    counted.clock.advance(2 * HOUR)
    await counted.drain()
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
