"""Direct requests are those of the SDK, to the letter."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import orjson
import pytest

from lib.adapters.azure.cosmos_store import CosmosStore
from lib.adapters.azure.storage_queue import StorageQueue
from lib.ports.documents import BatchOperation, Condition, PatchOperation, Query
from lib.ports.queue import QueueItem
from tests.contract.azure.conftest import Wire
from tests.contract.azure.support import is_direct, outcome
from tests.contract.support import NOTES, a_note
from tests.doubles.azure_proxy import Seen

VARYING = {"x-ms-date", "authorization", "x-ms-activity-id", "x-ms-client-request-id"}
"""The time, what follows from it, and numbers that no two requests share."""
VARYING |= {"x-ms-cosmos-correlated-activityid"}
OF_NO_EFFECT = {"accept-encoding", "host", "connection"}
OWNER = 'Città "di" Roma'
STEP = (PatchOperation("set", "/rank", 2), PatchOperation("remove", "/gone"))
HOUR = timedelta(hours=1)


def _content(request: Seen) -> dict[str, Any]:
    """Return the parts of a request that tell the service what to do."""
    headers = {
        name: value
        for name, value in request.headers.items()
        if name not in VARYING | OF_NO_EFFECT and (name, value) != ("content-length", "0")
    }
    is_json = "json" in headers.get("content-type", "")
    if is_json:
        headers.pop("content-length")
    body = orjson.loads(request.body) if is_json else request.body
    return {"method": request.method, "path": request.path, "headers": headers, "body": body}


OPERATIONS: dict[str, Callable[[CosmosStore], Awaitable[object]]] = {
    "create": lambda store: store.create(NOTES, a_note(OWNER, "è 1%")),
    "read": lambda store: store.read(NOTES, OWNER, "docs"),
    "replace": lambda store: store.replace(NOTES, a_note(OWNER, "è 1%"), if_match='"old"'),
    "upsert": lambda store: store.upsert(NOTES, a_note(OWNER, title="perché \u2028 🇮🇹")),
    "patch": lambda store: store.patch(
        NOTES, OWNER, "docs", STEP, if_match='"old"', where=(Condition("kind", "=", "è"),)
    ),
    "delete": lambda store: store.delete(NOTES, OWNER, "docs", if_match='"old"'),
    "batch": lambda store: store.batch(
        NOTES,
        OWNER,
        [
            BatchOperation("create", a_note(OWNER, "b 1")),
            BatchOperation("upsert", a_note(OWNER, "b 2")),
            BatchOperation("replace", a_note(OWNER, "b 2"), if_match='"old"'),
            BatchOperation("patch", id="b 2", operations=STEP),
            BatchOperation("delete", id="b 2", if_match='"old"'),
        ],
    ),
    "query": lambda store: store.query(
        NOTES, Query(OWNER, limit=5, where=(Condition("kind", "=", "è"),), order_by="rank")
    ),
    "count": lambda store: store.count(NOTES, OWNER, "kind", (Condition("rank", ">", 0),)),
}
"""Each runs twice with the same result: done, or refused in a way that the SDK does not retry."""


@pytest.mark.parametrize("name", OPERATIONS)
async def test_a_direct_request_is_that_of_the_sdk(wire: Wire, name: str) -> None:
    """An update of the SDK that changes what it sends fails here, or makes no direct request."""
    store = CosmosStore(wire.clients)
    await store.create(NOTES, a_note(OWNER, "docs"))
    await outcome(store.create(NOTES, a_note(OWNER, "è 1%")))
    wire.cosmos.seen.clear()

    outcomes = [await outcome(OPERATIONS[name](store)) for _ in range(2)]
    if name == "create":
        # the first one was made above
        assert [is_direct(one) for one in wire.cosmos.seen[name]] == [True, True]
        await store.close()
        wire.cosmos.seen.clear()
        outcomes += [await outcome(OPERATIONS[name](store)) for _ in range(2)]

    by_sdk, direct = wire.cosmos.seen["query" if name == "count" else name]
    assert (is_direct(by_sdk), is_direct(direct)) == (False, True)
    assert _content(direct) == _content(by_sdk)
    assert direct.headers.keys() - OF_NO_EFFECT <= by_sdk.headers.keys()
    assert VARYING & direct.headers.keys() == VARYING & by_sdk.headers.keys()
    assert len(set(outcomes)) == 1


async def test_the_signature_of_an_emulators_key_is_that_of_the_sdk(wire: Wire) -> None:
    """The near-same moment gives the same signature; the emulator of Cosmos DB checks none."""
    store = CosmosStore(wire.clients)
    pairs: list[tuple[Seen, Seen]] = []
    for _ in range(5):
        await store.close()
        wire.cosmos.seen.clear()
        for _ in range(2):
            await outcome(store.read(NOTES, OWNER, "è 1%"))
            await store.upsert(NOTES, a_note(OWNER))
        pairs += [(of[0], of[1]) for of in (wire.cosmos.seen["read"], wire.cosmos.seen["upsert"])]
    same = [
        (by_sdk, direct)
        for by_sdk, direct in pairs
        if by_sdk.headers["x-ms-date"] == direct.headers["x-ms-date"]
    ]

    assert {direct.method for _, direct in same} == {"GET", "POST"}
    for by_sdk, direct in same:
        assert direct.headers["authorization"] == by_sdk.headers["authorization"]


async def test_direct_requests_of_a_queue_are_those_of_the_sdk(wire: Wire, jobs: str) -> None:
    """The emulator of the queues checks the signatures itself."""
    queue = StorageQueue(wire.clients)
    await queue.put(jobs, "makes the queue")
    await queue.close()
    wire.queue.seen.clear()

    for _ in range(2):
        await queue.put(jobs, "<è & 🇮🇹>", delay=timedelta(seconds=0))
    received: list[QueueItem] = []
    while len(received) < 3:
        received += await queue.receive(jobs, limit=1, visibility_timeout=HOUR)
    for item in received:
        await queue.delete(jobs, item)

    for name in ("put", "receive"):
        by_sdk, direct, *_ = wire.queue.seen[name]
        assert (is_direct(by_sdk), is_direct(direct)) == (False, True)
        assert _content(direct) == _content(by_sdk)
    deletes = wire.queue.seen["delete"]
    contents = [_content(one) for one in deletes]
    assert [is_direct(one) for one in deletes] == [False, True, True]
    assert [one.pop("path").rpartition("/")[2] for one in contents] == [
        f"{item.id}?popreceipt={quote(item.pop_receipt, '')}" for item in received
    ]
    assert contents[0] == contents[1] == contents[2]
    assert await queue.length(jobs) == 0


async def test_the_texts_of_items_are_the_same_on_both_ways(wire: Wire, jobs: str) -> None:
    """A put or a receive by the SDK fits one that is direct."""
    queue = StorageQueue(wire.clients)
    await queue.put(jobs, "è 1")
    await queue.put(jobs, "è 2")
    found = await queue.receive(jobs, limit=1, visibility_timeout=HOUR)
    found += await queue.receive(jobs, limit=32, visibility_timeout=HOUR)

    assert sorted(item.text for item in found) == ["è 1", "è 2"]
    assert [item.dequeue_count for item in found] == [1, 1]
    assert len({item.inserted_at.tzinfo for item in found}) == 1
    assert [is_direct(one) for one in wire.queue.seen["receive"]] == [False, True]
