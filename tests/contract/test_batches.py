"""The contract of DocumentStore: transactional batches."""

import pytest

from lib.ports.documents import BatchOperation, DocumentStore, PatchOperation
from lib.ports.errors import (
    ConflictError,
    LimitError,
    NotFoundError,
    PortError,
    PreconditionFailedError,
)
from tests.contract.support import NOTES, a_note


async def test_batch_does_every_operation(store: DocumentStore, owner: str) -> None:
    """Results come in the order of the operations; a delete gives None."""
    await store.create(NOTES, a_note(owner, "b"))
    await store.create(NOTES, a_note(owner, "c"))
    await store.create(NOTES, a_note(owner, "d"))

    created, replaced, patched, deleted, upserted = await store.batch(
        NOTES,
        owner,
        [
            BatchOperation("create", a_note(owner, "a")),
            BatchOperation("replace", a_note(owner, "b", rank=2)),
            BatchOperation("patch", id="c", operations=(PatchOperation("incr", "/rank", 2),)),
            BatchOperation("delete", id="d"),
            BatchOperation("upsert", a_note(owner, "e")),
        ],
    )

    assert deleted is None
    for stored, id_, rank in ((created, "a", 1), (replaced, "b", 2), (patched, "c", 3)):
        assert stored is not None
        assert stored == await store.read(NOTES, owner, id_)
        assert stored.document["rank"] == rank
    assert upserted == await store.read(NOTES, owner, "e")
    with pytest.raises(NotFoundError):
        await store.read(NOTES, owner, "d")


@pytest.mark.parametrize(
    ("last", "error"),
    [
        (("create", "old"), ConflictError),
        (("replace", "absent"), NotFoundError),
        (("stale", "old"), PreconditionFailedError),
    ],
)
async def test_failed_operation_undoes_the_batch(
    store: DocumentStore, owner: str, last: tuple[str, str], error: type[PortError]
) -> None:
    """The batch writes nothing, and raises the error of the operation that failed."""
    old = await store.create(NOTES, a_note(owner, "old"))
    op, id_ = last
    document = a_note(owner, id_)
    failing = (
        BatchOperation("replace", document, if_match="stale")
        if op == "stale"
        else BatchOperation("create" if op == "create" else "replace", document)
    )

    with pytest.raises(error):
        await store.batch(
            NOTES,
            owner,
            [
                BatchOperation("create", a_note(owner, "new")),
                BatchOperation("patch", id="old", operations=(PatchOperation("set", "/a", 1),)),
                failing,
            ],
        )

    assert await store.read(NOTES, owner, "old") == old
    with pytest.raises(NotFoundError):
        await store.read(NOTES, owner, "new")


async def test_later_operations_see_earlier_ones(store: DocumentStore, owner: str) -> None:
    """A batch may patch what it created."""
    results = await store.batch(
        NOTES,
        owner,
        [
            BatchOperation("create", a_note(owner, "a")),
            BatchOperation("patch", id="a", operations=(PatchOperation("incr", "/rank", 1),)),
        ],
    )

    assert results[1] is not None
    assert results[1].document["rank"] == 2


@pytest.mark.parametrize("count", [0, 101])
async def test_batch_has_1_to_100_operations(store: DocumentStore, owner: str, count: int) -> None:
    """A batch of none and a batch of 101 are refused."""
    with pytest.raises(LimitError):
        await store.batch(
            NOTES, owner, [BatchOperation("upsert", a_note(owner, str(i))) for i in range(count)]
        )


async def test_batch_of_100_works(store: DocumentStore, owner: str) -> None:
    """A hundred operations are one batch."""
    operations = [BatchOperation("create", a_note(owner, str(i))) for i in range(100)]

    assert len(await store.batch(NOTES, owner, operations)) == 100


async def test_batch_keeps_to_its_partition(store: DocumentStore, owner: str) -> None:
    """A document of another partition is refused."""
    with pytest.raises(LimitError):
        await store.batch(NOTES, owner, [BatchOperation("create", a_note("someone-else"))])
