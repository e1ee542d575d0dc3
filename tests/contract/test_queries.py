"""The contract of DocumentStore: queries."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from lib.ports.documents import WRITTEN_AT, Condition, DocumentStore, PatchOperation, Query
from lib.ports.errors import LimitError
from tests.contract.support import NOTES, TAGS, a_note


async def all_pages(store: DocumentStore, query: Query) -> list[str]:
    """Follow the continuations and return the ids."""
    ids: list[str] = []
    while True:
        page = await store.query(NOTES, query)
        assert len(page.items) <= query.limit
        ids += [item["id"] for item in page.items]
        if page.continuation is None:
            return ids
        query = replace(query, continuation=page.continuation)


async def fill(store: DocumentStore, owner: str, rows: Sequence[dict[str, Any]]) -> None:
    """Create notes called n0, n1, ... with those fields."""
    for i, row in enumerate(rows):
        await store.create(NOTES, a_note(owner, f"n{i}", **row))


async def test_query_returns_its_partition_in_the_order_of_ids(
    store: DocumentStore, owner: str
) -> None:
    """Other partitions stay out; ids ascend."""
    for id_ in ("b", "c", "a"):
        await store.create(NOTES, a_note(owner, id_))
    await store.create(NOTES, a_note(f"{owner}-2", "d"))

    assert await all_pages(store, Query(owner, limit=10)) == ["a", "b", "c"]


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 8])
@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("order_by", ["id", "rank"])
async def test_pages_cover_everything_once(
    store: DocumentStore, owner: str, limit: int, order_by: str, *, descending: bool
) -> None:
    """With any page size, order and ties each item comes once, in order."""
    ranks = [3, 1, 2, 1, 2, 1, 3]
    await fill(store, owner, [{"rank": rank} for rank in ranks])
    by_rank = sorted(range(7), key=lambda i: (ranks[i], i)) if order_by == "rank" else range(7)
    expected = [f"n{i}" for i in by_rank]

    ids = await all_pages(
        store, Query(owner, limit=limit, order_by=order_by, descending=descending)
    )

    assert ids == (expected[::-1] if descending else expected)


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (Condition("kind", "=", "memo"), [0, 1, 4]),
        (Condition("kind", ">", "memo"), [3]),
        (Condition("kind", "<=", "memo"), [0, 1, 4]),
        (Condition("kind", "=", None), [2]),
        (Condition("rank", "<", 2), [0, 4]),
        (Condition("rank", ">=", 2.5), [2]),
        (Condition("rank", "=", 2), [1]),
        (Condition("rank", ">", 0), [0, 1, 2, 4]),
        (Condition("rank", "<", "zz"), [3]),
        (Condition("done", "=", True), [1]),
        (Condition("done", "=", False), [0, 2, 3]),
        (Condition("id", ">", "n2"), [3, 4]),
    ],
)
async def test_condition_selects(
    store: DocumentStore, owner: str, condition: Condition, expected: list[int]
) -> None:
    """Conditions compare within one type; an absent field satisfies none, null equals null."""
    await fill(
        store,
        owner,
        [{}, {"done": True, "rank": 2}, {"kind": None, "rank": 3}, {"kind": "note", "rank": "z"}],
    )
    await store.create(NOTES, {"id": "n4", "owner": owner, "kind": "memo", "rank": 1})

    ids = await all_pages(store, Query(owner, limit=2, where=(condition,)))

    assert ids == [f"n{i}" for i in expected]


async def test_conditions_are_joined_by_and(store: DocumentStore, owner: str) -> None:
    """Every condition has to hold."""
    await fill(store, owner, [{"done": True}, {"rank": 5}, {"done": True, "rank": 5}])

    ids = await all_pages(
        store,
        Query(owner, limit=5, where=(Condition("done", "=", True), Condition("rank", ">", 1))),
    )

    assert ids == ["n2"]


async def test_writes_keep_the_index_true(store: DocumentStore, owner: str) -> None:
    """A query finds a document under its present values only."""
    await store.create(NOTES, a_note(owner, kind="old"))
    await store.upsert(NOTES, a_note(owner, kind="new"))

    assert await all_pages(store, Query(owner, 5, (Condition("kind", "=", "old"),))) == []
    assert await all_pages(store, Query(owner, 5, (Condition("kind", "=", "new"),))) == ["note-1"]


@pytest.mark.parametrize("descending", [False, True])
async def test_continuation_is_stable_under_inserts(
    store: DocumentStore, owner: str, *, descending: bool
) -> None:
    """An insert between two pages neither repeats nor drops another document."""
    for i in range(0, 60, 10):
        await store.create(NOTES, a_note(owner, f"{i:02d}"))
    query = Query(owner, limit=3, descending=descending)
    first = await store.query(NOTES, query)

    for i in (5, 25, 55):
        await store.create(NOTES, a_note(owner, f"{i:02d}"))
    rest = await all_pages(store, replace(query, continuation=first.continuation))

    before = [item["id"] for item in first.items]
    assert set(before).isdisjoint(rest)
    assert {"00", "10", "20", "30", "40", "50"} <= {*before, *rest}
    assert rest == sorted(rest, reverse=descending)


async def test_fields_project_the_top_level(store: DocumentStore, owner: str) -> None:
    """Only the fields asked for come, absent ones are left out."""
    await store.create(NOTES, a_note(owner, deep={"a": 1}, text="secret"))

    page = await store.query(NOTES, Query(owner, 1, fields=("id", "deep", "absent")))

    assert page.items == [{"id": "note-1", "deep": {"a": 1}}]


@pytest.mark.parametrize("fields", [("text",), ("id", "text"), ("rank", "text")])
async def test_fields_of_the_order_come_only_if_they_are_asked_for(
    store: DocumentStore, owner: str, fields: tuple[str, ...]
) -> None:
    """A page that is not the last has a continuation, with or without the fields of the order."""
    await fill(store, owner, [{"rank": 1, "text": "a"}, {"rank": 2, "text": "b"}])
    query = Query(owner, 1, order_by="rank", fields=fields)

    first = await store.query(NOTES, query)
    last = await store.query(NOTES, replace(query, continuation=first.continuation))

    assert [set(item) for item in (*first.items, *last.items)] == [set(fields)] * 2
    assert [item["text"] for item in (*first.items, *last.items)] == ["a", "b"]


async def test_an_empty_partition_key_is_refused_in_each_shape(store: DocumentStore) -> None:
    """The key is a value: a query of the same shape with a key changes nothing."""
    for partition in ("", "p", ""):
        query = Query(partition, limit=10)
        if partition:
            await store.query(NOTES, query)
        else:
            with pytest.raises(LimitError):
                await store.query(NOTES, query)


async def test_empty_partition_gives_an_empty_page(store: DocumentStore, owner: str) -> None:
    """The page of an empty partition is empty, and is the last page."""
    page = await store.query(NOTES, Query(owner, limit=10))

    assert (page.items, page.continuation) == ([], None)


async def test_full_last_page_has_no_continuation(store: DocumentStore, owner: str) -> None:
    """A page that ends with the last item says so."""
    await fill(store, owner, [{}, {}])

    assert (await store.query(NOTES, Query(owner, limit=2))).continuation is None


@pytest.mark.parametrize("limit", [0, 1001])
async def test_page_size_is_1_to_1000(store: DocumentStore, owner: str, limit: int) -> None:
    """A size of 0 and a size of 1001 are refused."""
    with pytest.raises(LimitError):
        await store.query(NOTES, Query(owner, limit=limit))


async def test_a_container_without_an_index_takes_no_query(
    store: DocumentStore, owner: str
) -> None:
    """Cosmos DB would read a whole physical partition for it."""
    with pytest.raises(LimitError, match="composite index"):
        await store.query(TAGS, Query(owner, limit=1))


@pytest.mark.parametrize(
    "query",
    [
        Query("o", 5, (Condition("text", "=", "x"),)),
        Query("o", 5, order_by="text"),
        Query("o", 5, order_by="done"),
        Query("o", 5, (Condition("kind", ">", "a"),), order_by="done"),
    ],
)
async def test_field_without_an_index_is_refused(store: DocumentStore, query: Query) -> None:
    """A query names indexed fields or the id, and its order is that of a composite index."""
    with pytest.raises(LimitError):
        await store.query(NOTES, query)


@pytest.mark.parametrize("continuation", ["", "nonsense", "W10=", "bnVsbA=="])
async def test_foreign_continuation_is_refused(
    store: DocumentStore, owner: str, continuation: str
) -> None:
    """A continuation the store did not give is an error, not a first page."""
    with pytest.raises(LimitError):
        await store.query(NOTES, Query(owner, 5, continuation=continuation))


async def test_a_range_with_two_ends_holds_values_of_its_type_alone(
    store: DocumentStore, owner: str
) -> None:
    """Null, booleans, texts and lists are in no range of numbers."""
    ranks: list[Any] = [None, 0, 1, 2, 3, "2", True, [2]]
    await fill(store, owner, [{"rank": rank} for rank in ranks])
    between = (Condition("rank", ">=", 1), Condition("rank", "<", 3))

    assert {"n2", "n3"} <= set(await all_pages(store, Query(owner, 20, between)))
    assert not {"n0", "n1", "n4", "n5", "n7"} & set(
        await all_pages(store, Query(owner, 20, between))
    )


async def test_documents_are_followed_by_their_writes(store: DocumentStore, owner: str) -> None:
    """Each write gives a document a later place; the engine gives the time, and no field has it."""
    await fill(store, owner, [{}, {}, {}, {}])
    await store.patch(NOTES, owner, "n1", [PatchOperation("set", "/rank", 5)])
    query = Query(owner, 3, order_by=WRITTEN_AT, fields=("id", WRITTEN_AT))

    first = await store.query(NOTES, query)
    second = await store.query(NOTES, replace(query, continuation=first.continuation))
    found = [*first.items, *second.items]

    assert {"n0", "n1", "n2", "n3"} == {one["id"] for one in found}
    assert found == sorted(found, key=lambda one: (one[WRITTEN_AT], one["id"]))
    assert all(isinstance(one[WRITTEN_AT], int) for one in found)
    last = max(one[WRITTEN_AT] for one in found)
    since = replace(query, where=(Condition(WRITTEN_AT, ">=", last),), limit=10)
    assert [one for one in found if one[WRITTEN_AT] == last] == (
        await store.query(NOTES, since)
    ).items
    assert WRITTEN_AT not in (await store.read(NOTES, owner, "n1")).document
    later = replace(query, where=(Condition(WRITTEN_AT, ">", last),))
    assert (await store.query(NOTES, later)).items == []
