"""The contract of DocumentStore: single documents."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest

from lib.ports.documents import Condition, DocumentStore, PatchOperation
from lib.ports.errors import (
    ConflictError,
    LimitError,
    NotFoundError,
    PreconditionFailedError,
)
from tests.contract.support import NOTES, a_note


async def test_read_returns_what_was_created(store: DocumentStore, owner: str) -> None:
    """Any JSON comes back as it was, with the ETag its write returned."""
    note = a_note(owner, text="Perché no? 🙂", deep={"list": [1, 2.5, None, True, {"a": []}]})

    created = await store.create(NOTES, note)

    assert created.document == note
    assert await store.read(NOTES, owner, "note-1") == created


async def test_caller_may_change_its_document_afterwards(store: DocumentStore, owner: str) -> None:
    """The store keeps a copy, which neither the argument nor the result changes."""
    note = a_note(owner, tags=["a"])
    task = asyncio.ensure_future(store.create(NOTES, note))
    await asyncio.sleep(0)
    note["tags"].append("b")
    (await task).document["tags"].append("c")

    assert (await store.read(NOTES, owner, "note-1")).document["tags"] == ["a"]


async def test_create_of_a_taken_id_conflicts(store: DocumentStore, owner: str) -> None:
    """The second create fails and changes nothing."""
    first = await store.create(NOTES, a_note(owner, text="first"))

    with pytest.raises(ConflictError):
        await store.create(NOTES, a_note(owner, text="second"))

    assert await store.read(NOTES, owner, "note-1") == first


async def test_one_of_many_concurrent_creates_wins(store: DocumentStore, owner: str) -> None:
    """With twenty creates of one id at once, nineteen conflict, and other ids succeed."""
    outcomes = await asyncio.gather(
        *(store.create(NOTES, a_note(owner, "same", rank=i)) for i in range(20)),
        *(store.create(NOTES, a_note(owner, f"other-{i}")) for i in range(5)),
        return_exceptions=True,
    )

    assert sum(isinstance(outcome, ConflictError) for outcome in outcomes) == 19
    assert not any(isinstance(outcome, Exception) for outcome in outcomes[20:])


async def test_id_is_unique_in_its_partition_only(store: DocumentStore, owner: str) -> None:
    """Two partitions hold the same id."""
    await store.create(NOTES, a_note(owner))
    await store.create(NOTES, a_note(f"{owner}-2"))

    assert (await store.read(NOTES, f"{owner}-2", "note-1")).document["owner"] == f"{owner}-2"


async def test_absent_document_is_not_found(store: DocumentStore, owner: str) -> None:
    """Read, replace, patch and delete of an absent id raise the same error."""
    with pytest.raises(NotFoundError):
        await store.read(NOTES, owner, "absent")
    with pytest.raises(NotFoundError):
        await store.replace(NOTES, a_note(owner, "absent"))
    with pytest.raises(NotFoundError):
        await store.patch(NOTES, owner, "absent", [PatchOperation("set", "/a", 1)])
    with pytest.raises(NotFoundError):
        await store.delete(NOTES, owner, "absent")


async def test_every_write_renews_the_etag(store: DocumentStore, owner: str) -> None:
    """Replace, upsert and patch each give another ETag, even when nothing else changes."""
    note = a_note(owner)
    etags = [
        (await store.create(NOTES, note)).etag,
        (await store.replace(NOTES, note)).etag,
        (await store.upsert(NOTES, note)).etag,
        (await store.patch(NOTES, owner, "note-1", [PatchOperation("set", "/rank", 1)])).etag,
    ]
    await store.delete(NOTES, owner, "note-1")
    etags.append((await store.upsert(NOTES, note)).etag)

    assert len(set(etags)) == 5


async def test_replace_swaps_the_whole_document(store: DocumentStore, owner: str) -> None:
    """Fields the new document lacks are gone."""
    await store.create(NOTES, a_note(owner, text="old"))

    await store.replace(NOTES, {"id": "note-1", "owner": owner})

    assert (await store.read(NOTES, owner, "note-1")).document == {"id": "note-1", "owner": owner}


async def test_stale_etag_fails_every_conditional_write(store: DocumentStore, owner: str) -> None:
    """With a stale ETag nothing is written; with the present one it is."""
    stale = (await store.create(NOTES, a_note(owner))).etag
    present = await store.replace(NOTES, a_note(owner, rank=2))

    with pytest.raises(PreconditionFailedError):
        await store.replace(NOTES, a_note(owner, rank=3), if_match=stale)
    with pytest.raises(PreconditionFailedError):
        await store.patch(
            NOTES, owner, "note-1", [PatchOperation("incr", "/rank", 1)], if_match=stale
        )
    with pytest.raises(PreconditionFailedError):
        await store.delete(NOTES, owner, "note-1", if_match=stale)

    assert await store.read(NOTES, owner, "note-1") == present
    await store.delete(NOTES, owner, "note-1", if_match=present.etag)


async def test_one_of_many_concurrent_conditional_writes_wins(
    store: DocumentStore, owner: str
) -> None:
    """With ten replaces with one ETag at once, nine fail."""
    etag = (await store.create(NOTES, a_note(owner))).etag

    outcomes = await asyncio.gather(
        *(store.replace(NOTES, a_note(owner, rank=i), if_match=etag) for i in range(10)),
        return_exceptions=True,
    )

    assert sum(isinstance(outcome, PreconditionFailedError) for outcome in outcomes) == 9


@pytest.mark.parametrize(
    ("operation", "expected"),
    [
        (PatchOperation("set", "/text", "new"), {"text": "new"}),
        (PatchOperation("set", "/text", None), {"text": None}),
        (PatchOperation("set", "/added", {"a": 1}), {"added": {"a": 1}}),
        (PatchOperation("add", "/text", "new"), {"text": "new"}),
        (PatchOperation("add", "/tags/-", "c"), {"tags": ["a", "b", "c"]}),
        (PatchOperation("add", "/tags/0", "c"), {"tags": ["c", "a", "b"]}),
        (PatchOperation("set", "/tags/0", "c"), {"tags": ["c", "b"]}),
        (PatchOperation("remove", "/tags/0"), {"tags": ["b"]}),
        (PatchOperation("replace", "/deep/a", 2), {"deep": {"a": 2}}),
        (PatchOperation("incr", "/deep/a", -3), {"deep": {"a": -2}}),
        (PatchOperation("incr", "/deep/b", 2), {"deep": {"a": 1, "b": 2}}),
    ],
)
async def test_patch_operation(
    store: DocumentStore, owner: str, operation: PatchOperation, expected: dict[str, Any]
) -> None:
    """One operation changes its path and nothing else."""
    note = a_note(owner, text="old", tags=["a", "b"], deep={"a": 1})
    await store.create(NOTES, note)

    patched = await store.patch(NOTES, owner, "note-1", [operation])

    assert patched.document == {**note, **expected}
    assert await store.read(NOTES, owner, "note-1") == patched


async def test_patch_removes_a_field(store: DocumentStore, owner: str) -> None:
    """A removed field is absent, not null."""
    await store.create(NOTES, a_note(owner, text="x"))

    patched = await store.patch(NOTES, owner, "note-1", [PatchOperation("remove", "/text")])

    assert "text" not in patched.document


@pytest.mark.parametrize(
    "operation",
    [
        PatchOperation("replace", "/absent", 1),
        PatchOperation("remove", "/absent"),
        PatchOperation("set", "/absent/child", 1),
        PatchOperation("set", "/rank/child", 1),
        PatchOperation("replace", "/tags/5", 1),
        PatchOperation("incr", "/kind", 1),
        PatchOperation("incr", "/rank", "1"),
        PatchOperation("set", "/id", "other"),
        PatchOperation("set", "/owner", "other"),
        PatchOperation("set", "rank", 1),
        PatchOperation("set", "", 1),
        PatchOperation("set", "/at", datetime(2026, 3, 29, tzinfo=UTC)),
    ],
)
async def test_patch_the_document_cannot_take_is_refused_whole(
    store: DocumentStore, owner: str, operation: PatchOperation
) -> None:
    """A refused operation undoes the ones before it."""
    created = await store.create(NOTES, a_note(owner, tags=[]))

    with pytest.raises(LimitError):
        await store.patch(NOTES, owner, "note-1", [PatchOperation("set", "/done", True), operation])

    assert await store.read(NOTES, owner, "note-1") == created


@pytest.mark.parametrize("count", [0, 11])
async def test_patch_has_1_to_10_operations(store: DocumentStore, owner: str, count: int) -> None:
    """A patch of none and a patch of eleven are refused."""
    await store.create(NOTES, a_note(owner))

    with pytest.raises(LimitError):
        await store.patch(NOTES, owner, "note-1", [PatchOperation("incr", "/rank", 1)] * count)


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        (Condition("rank", "=", 1), True),
        (Condition("rank", "<", 2), True),
        (Condition("rank", ">=", 1.5), False),
        (Condition("done", "=", False), True),
        (Condition("text", ">", "a"), True),
        (Condition("nothing", "=", None), True),
        (Condition("absent", "=", None), False),
        (Condition("text", "<", 5), False),
    ],
)
async def test_filter_predicate_decides_the_patch(
    store: DocumentStore, owner: str, condition: Condition, *, holds: bool
) -> None:
    """The patch happens when the predicate holds; an absent field satisfies none."""
    await store.create(NOTES, a_note(owner, text="b", nothing=None))
    patch = store.patch(
        NOTES, owner, "note-1", [PatchOperation("set", "/rank", 9)], where=(condition,)
    )

    if holds:
        assert (await patch).document["rank"] == 9
    else:
        with pytest.raises(PreconditionFailedError):
            await patch
        assert (await store.read(NOTES, owner, "note-1")).document["rank"] == 1


async def test_concurrent_increments_all_count(store: DocumentStore, owner: str) -> None:
    """Thirty increments at once add thirty."""
    await store.create(NOTES, a_note(owner, rank=0))

    await asyncio.gather(
        *(
            store.patch(NOTES, owner, "note-1", [PatchOperation("incr", "/rank", 1)])
            for _ in range(30)
        )
    )

    assert (await store.read(NOTES, owner, "note-1")).document["rank"] == 30


@pytest.mark.parametrize("id_", ["", "a/b", "a\\b", "a?b", "a#b", "x" * 256])
async def test_id_cosmos_refuses_is_refused(store: DocumentStore, owner: str, id_: str) -> None:
    """Ids follow Cosmos's rules."""
    with pytest.raises(LimitError):
        await store.create(NOTES, a_note(owner, id_))


@pytest.mark.parametrize("id_", ["x" * 255, "à-1 %2F"])
async def test_id_within_the_rules_works(store: DocumentStore, owner: str, id_: str) -> None:
    """255 characters, spaces and accents are fine."""
    await store.create(NOTES, a_note(owner, id_))

    assert (await store.read(NOTES, owner, id_)).document["id"] == id_


@pytest.mark.parametrize("partition", ["", None, 7])
async def test_partition_key_is_text(store: DocumentStore, partition: object) -> None:
    """An empty, absent or numeric partition key is refused."""
    with pytest.raises(LimitError):
        await store.create(NOTES, {"id": "a", "owner": partition})


async def test_document_over_2_mb_is_refused_without_its_contents(
    store: DocumentStore, owner: str
) -> None:
    """The limit counts UTF-8 bytes; the error names the container, nothing of the document."""
    with pytest.raises(LimitError) as refused:
        await store.create(NOTES, a_note(owner, text="è" * (1024 * 1024)))

    assert "notes" in str(refused.value)
    assert "è" not in str(refused.value)
    assert owner not in str(refused.value)


@pytest.mark.filterwarnings("ignore:Sending a large body:ResourceWarning")
async def test_patch_may_not_grow_a_document_over_2_mb(store: DocumentStore, owner: str) -> None:
    """The result of a patch is held to the limit as well."""
    created = await store.create(NOTES, a_note(owner, text="x" * (2 * 1024 * 1024 - 500)))

    with pytest.raises(LimitError):
        await store.patch(NOTES, owner, "note-1", [PatchOperation("set", "/more", "y" * 600)])

    assert (await store.read(NOTES, owner, "note-1")).etag == created.etag
