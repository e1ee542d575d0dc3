"""A container, builders and a still clock, which the contract suites share."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

from lib.ports.documents import (
    WRITTEN_AT,
    BatchOperation,
    Container,
    DocumentStore,
    InLists,
    PatchOperation,
    Query,
)
from lib.ports.queue import Queue

NOTES = Container(
    "notes",
    partition_key="owner",
    indexed=("kind", "done", "rank"),
    composite=(("kind", "done", "id"), ("kind", "rank"), ("rank",), (WRITTEN_AT,)),
    swept=("kind", "look_at", "about.person"),
    erasure=InLists(("readers", "about.readers")),
)
LEASES = Container(
    "leases", partition_key="owner", composite=(("id",),), default_ttl=60, read_in_bulk=True
)
PAPERS = Container("papers", partition_key="owner", composite=(("id",),), worded="words")
TAGS = Container("tags", partition_key="owner")
"""Never queried."""
CONTAINERS = (TAGS, NOTES, PAPERS, LEASES)


class StillClock:
    """A clock that moves only when a test advances it."""

    def __init__(self) -> None:
        self.moment = datetime(2026, 3, 29, 12, tzinfo=UTC)

    def now(self) -> datetime:
        return self.moment

    def advance(self, seconds: float) -> None:
        self.moment += timedelta(seconds=seconds)


def a_note(owner: str, id_: str = "note-1", **fields: Any) -> dict[str, Any]:
    """Return a document of NOTES."""
    return {"id": id_, "owner": owner, "kind": "memo", "done": False, "rank": 1, **fields}


async def give_examples(store: DocumentStore) -> None:
    """Run each operation once, so that the next ones go straight to the service."""
    partition, step = "example", (PatchOperation("set", "/rank", 2),)

    async def run(container: Container) -> None:
        note = a_note(partition)
        await store.create(container, note)
        await asyncio.gather(
            store.read(container, partition, note["id"]),
            store.replace(container, note),
            store.upsert(container, note),
            store.patch(container, partition, note["id"], step),
            store.batch(container, partition, [BatchOperation("upsert", note)]),
        )
        if container.composite:
            await store.query(container, Query(partition, limit=1))
        if container.composite and container.indexed:
            await store.count(container, partition, container.indexed[0])
        await store.delete(container, partition, note["id"])

    await asyncio.gather(*map(run, CONTAINERS))


async def give_examples_of_items(queue: Queue, name: str) -> None:
    """Put, receive and delete an item of a queue, as `give_examples` does with documents."""
    await queue.put(name, "example")
    (item,) = await queue.receive(name, limit=1, visibility_timeout=timedelta(seconds=30))
    await queue.delete(name, item)
