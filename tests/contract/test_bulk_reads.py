"""The contract of DocumentStore: documents of many partitions in one call."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from lib.ports.documents import DocumentStore
from lib.ports.errors import LimitError
from tests.contract.support import LEASES, TAGS


async def test_documents_of_many_partitions_come_in_one_call(
    store: DocumentStore, owner: str
) -> None:
    """Each document has its own ETag; absent documents and other ids are left out."""
    owners = [f"{owner}-{index}" for index in range(30)]
    made = await asyncio.gather(
        *(store.create(LEASES, {"id": "one", "owner": name, "of": name}) for name in owners[:20])
    )
    await store.create(LEASES, {"id": "two", "owner": owners[25]})

    found = await store.read_many(LEASES, "one", [*reversed(owners)])

    assert found == dict(zip(owners[:20], made, strict=True))


@pytest.mark.parametrize("count", [0, 1])
async def test_none_and_one_are_enough(store: DocumentStore, owner: str, count: int) -> None:
    """A call for no document, and a call for one document, succeed."""
    stored = await store.create(LEASES, {"id": "one", "owner": owner})

    found = await store.read_many(LEASES, "one", [owner][:count])

    assert found == ({owner: stored} if count else {})
    assert await store.read_many(LEASES, "two", [owner][:count]) == {}


async def test_an_expired_document_is_absent(
    engine: str, store: DocumentStore, owner: str, lapse: Callable[[float], Awaitable[None]]
) -> None:
    """A document whose time has passed is left out."""
    if engine != "embedded":
        pytest.skip("the emulator's queries return expired documents")
    await store.create(LEASES, {"id": "one", "owner": owner, "ttl": 1})
    stays = await store.create(LEASES, {"id": "one", "owner": f"{owner}-2"})

    await lapse(2)

    assert await store.read_many(LEASES, "one", [owner, f"{owner}-2"]) == {f"{owner}-2": stays}


async def test_more_documents_than_one_statement_reads(store: DocumentStore, owner: str) -> None:
    """A call for 1,200 partitions returns all of their documents."""
    owners = [f"{owner}-{index}" for index in range(1200)]
    for start in range(0, 1200, 100):
        await asyncio.gather(
            *(
                store.create(LEASES, {"id": "one", "owner": name})
                for name in owners[start : start + 100 : 10]
            )
        )

    found = await store.read_many(LEASES, "one", owners)

    assert sorted(found) == sorted(owners[::10])


async def test_wrong_keys_and_containers_are_refused(store: DocumentStore, owner: str) -> None:
    """A container must be declared for it, and each key must be right."""
    with pytest.raises(LimitError):
        await store.read_many(TAGS, "one", [owner])
    with pytest.raises(LimitError):
        await store.read_many(LEASES, "a/b", [owner])
    with pytest.raises(LimitError):
        await store.read_many(LEASES, "one", [owner, ""])
