"""The contract of DocumentStore: counts."""

import pytest

from lib.ports.documents import Condition, DocumentStore
from lib.ports.errors import LimitError
from tests.contract.support import NOTES, TAGS, a_note


async def test_a_count_is_by_the_values_of_a_field(store: DocumentStore, owner: str) -> None:
    """Other partitions, other types and absent fields stay out."""
    for id_, fields in (
        ("a", {"kind": "memo"}),
        ("b", {"kind": "note"}),
        ("c", {"kind": "memo"}),
        ("d", {"kind": 7}),
        ("e", {"kind": None}),
    ):
        await store.create(NOTES, a_note(owner, id_, **fields))
    await store.create(NOTES, {"id": "f", "owner": owner})
    await store.create(NOTES, a_note(f"{owner}-2", "g", kind="memo"))

    assert await store.count(NOTES, owner, "kind") == {"memo": 2, "note": 1}
    assert await store.count(NOTES, f"{owner}-3", "kind") == {}


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ((Condition("kind", ">=", "b"), Condition("kind", "<", "c")), {"b": 1, "b:à": 1}),
        ((Condition("rank", "=", 1),), {"a": 1, "c": 1}),
        ((Condition("id", ">", "n1"), Condition("rank", ">", 0)), {"b:à": 1, "c": 1}),
    ],
)
async def test_a_count_has_conditions(
    store: DocumentStore, owner: str, where: tuple[Condition, ...], expected: dict[str, int]
) -> None:
    """They are those of a query."""
    for i, (kind, rank) in enumerate((("a", 1), ("b", 2), ("b:à", 3), ("c", 1))):
        await store.create(NOTES, a_note(owner, f"n{i}", kind=kind, rank=rank))

    assert await store.count(NOTES, owner, "kind", where) == expected


async def test_a_count_follows_the_writes(store: DocumentStore, owner: str) -> None:
    """A replaced document counts under its present value, a deleted one no more."""
    for id_ in ("a", "b", "c"):
        await store.create(NOTES, a_note(owner, id_, kind="old"))
    await store.replace(NOTES, a_note(owner, "a", kind="new"))
    await store.delete(NOTES, owner, "b")

    assert await store.count(NOTES, owner, "kind") == {"new": 1, "old": 1}


@pytest.mark.parametrize(
    ("by", "where"),
    [
        ("text", ()),
        ("owner", ()),
        ("kind", (Condition("text", "=", "x"),)),
        ("kind", (Condition("rank", "!=", 1),)),  # type: ignore[arg-type]
    ],
)
async def test_a_count_needs_indexes(
    store: DocumentStore, owner: str, by: str, where: tuple[Condition, ...]
) -> None:
    """A count by a field without an index would read all documents."""
    with pytest.raises(LimitError):
        await store.count(NOTES, owner, by, where)


async def test_a_count_needs_a_container_with_queries(store: DocumentStore, owner: str) -> None:
    """The partition key of other containers is not indexed."""
    with pytest.raises(LimitError):
        await store.count(TAGS, owner, "kind")
    with pytest.raises(LimitError):
        await store.count(NOTES, "", "kind")
