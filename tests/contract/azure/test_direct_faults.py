"""The SDK takes over where a service does not answer a direct request for good."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta

import pytest

from lib.adapters.azure.cosmos_store import CosmosStore
from lib.adapters.azure.direct.examples import Examples
from lib.adapters.azure.storage_queue import StorageQueue
from lib.ports.documents import BatchOperation, PatchOperation, Query
from lib.ports.errors import NotFoundError
from tests.contract.azure.conftest import Wire
from tests.contract.azure.support import is_direct, outcome
from tests.contract.support import NOTES, a_note, give_examples, give_examples_of_items
from tests.doubles.azure_proxy import FAULTS

HOUR = timedelta(hours=1)
STEP = (PatchOperation("set", "/rank", 2),)

CALLS: dict[str, Callable[[CosmosStore], Awaitable[object]]] = {
    "create": lambda store: store.create(NOTES, a_note("o", "new")),
    "read": lambda store: store.read(NOTES, "o", "one"),
    "replace": lambda store: store.replace(NOTES, a_note("o", "one")),
    "upsert": lambda store: store.upsert(NOTES, a_note("o", "other")),
    "patch": lambda store: store.patch(NOTES, "o", "two", STEP),
    "delete": lambda store: store.delete(NOTES, "o", "three"),
    "batch": lambda store: store.batch(
        NOTES, "o", [BatchOperation("upsert", a_note("o", "in-batch"))]
    ),
    "query": lambda store: store.query(NOTES, Query("o", limit=5)),
}


async def _with_a_fault(wire: Wire, fault: str) -> dict[str, object]:
    """Return what becomes of each operation whose first request meets the fault."""
    store = CosmosStore(wire.clients)
    await give_examples(store)
    for id_ in ("one", "two", "three"):
        await store.upsert(NOTES, a_note("o", id_))
    wire.cosmos.seen.clear()
    wire.cosmos.once.update(dict.fromkeys(CALLS, fault))
    outcomes = await asyncio.gather(*(outcome(call(store)) for call in CALLS.values()))
    for id_ in ("new", "other", "in-batch"):
        await outcome(store.delete(NOTES, "o", id_))
    return dict(zip(CALLS, outcomes, strict=True))


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_fault_of_a_direct_request_ends_as_one_of_the_sdk_or_well(
    wire: Wire, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    """The SDK takes over with its retries; the direct request was one attempt more."""
    direct = await _with_a_fault(wire, fault)
    seen = {name: [is_direct(one) for one in wire.cosmos.seen[name]] for name in CALLS}
    monkeypatch.setattr(Examples, "of", lambda *_: None)
    by_sdk = await _with_a_fault(wire, fault)

    for name, ways in seen.items():
        assert ways[:2] == [True, False], name
        assert direct[name] in {None, by_sdk[name]}, name
    for name in ("upsert", "read", "query"):
        assert direct[name] is None


@pytest.mark.parametrize("status", ["401", "403", "408", "410", "449", "500"])
async def test_a_refusal_that_may_pass_is_left_to_the_sdk(wire: Wire, status: str) -> None:
    """The region may have changed, or the token: the SDK knows what to do."""
    outcomes = await _with_a_fault(wire, status)

    assert set(outcomes.values()) == {None}
    for name in CALLS:
        assert [is_direct(one) for one in wire.cosmos.seen[name]][:2] == [True, False], name


async def test_direct_requests_go_on_after_a_fault(wire: Wire) -> None:
    """The operation that the SDK took over is the next example."""
    store = CosmosStore(wire.clients)
    await give_examples(store)
    wire.cosmos.seen.clear()
    wire.cosmos.once["upsert"] = "reset before"

    for _ in range(3):
        await store.upsert(NOTES, a_note("o"))

    ways = [is_direct(one) for one in wire.cosmos.seen["upsert"]]
    assert ways == [True, False, True, True]


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_put_that_meets_a_fault_is_done_once(wire: Wire, jobs: str, fault: str) -> None:
    """It is done once more where the answer to a put that was done got lost."""
    queue = StorageQueue(wire.clients)
    await give_examples_of_items(queue, jobs)
    wire.queue.seen.clear()
    wire.queue.once["put"] = fault

    await queue.put(jobs, "item")

    found = await queue.receive(jobs, limit=32, visibility_timeout=HOUR)
    assert {item.text for item in found} == {"item"}
    assert len(found) == (2 if fault.endswith(" after") else 1)
    assert [is_direct(one) for one in wire.queue.seen["put"]] == [True, False]


@pytest.mark.parametrize("fault", FAULTS)
async def test_an_item_whose_receive_met_a_fault_comes(wire: Wire, jobs: str, fault: str) -> None:
    """At once, or after its visibility timeout where the answer got lost."""
    queue = StorageQueue(wire.clients)
    await give_examples_of_items(queue, jobs)
    await queue.put(jobs, "item")
    wire.queue.seen.clear()
    wire.queue.once["receive"] = fault

    found = await queue.receive(jobs, limit=32, visibility_timeout=timedelta(seconds=1))
    ways = [is_direct(one) for one in wire.queue.seen["receive"]]
    assert ways[:2] == [True, False]
    while not found:
        found = await queue.receive(jobs, limit=32, visibility_timeout=HOUR)

    assert [item.text for item in found] == ["item"]
    wire.queue.once["delete"] = fault
    with suppress(NotFoundError):
        await queue.delete(jobs, found[0])
    assert await queue.length(jobs) == 0
