"""The embedded store alone: time to live, indexes, and files of an older version."""

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from lib.adapters.embedded.sqlite.statements import query as sqlite_query
from lib.adapters.embedded.sqlite.store import SQLiteStore
from lib.adapters.embedded.sqlite.tables import Table
from lib.ports.documents import BatchOperation, Condition, Container, PatchOperation, Query
from lib.ports.errors import LimitError, NotFoundError
from lib.ports.schema.containers import CONTAINERS as SCHEMA
from lib.ports.schema.messages import MESSAGES
from tests.contract.support import LEASES, NOTES, StillClock, a_note

_BARE = {"owner": "o", "kind": "memo"}


def rows(path: Path, table: str) -> int:
    """Count the rows that are really there."""
    connection = sqlite3.connect(path)
    (count,) = connection.execute(f'SELECT count(*) FROM "{table}"').fetchone()
    connection.close()
    return int(count)


async def test_expired_document_is_absent_for_every_operation(
    store: SQLiteStore, still_clock: StillClock
) -> None:
    """The second the ttl is over, nothing finds the document."""
    await store.create(NOTES, a_note("o", ttl=10))
    still_clock.advance(9.9)
    await store.read(NOTES, "o", "note-1")
    still_clock.advance(0.1)

    with pytest.raises(NotFoundError):
        await store.read(NOTES, "o", "note-1")
    with pytest.raises(NotFoundError):
        await store.replace(NOTES, a_note("o"))
    with pytest.raises(NotFoundError):
        await store.patch(NOTES, "o", "note-1", [PatchOperation("set", "/rank", 2)])
    with pytest.raises(NotFoundError):
        await store.delete(NOTES, "o", "note-1")
    with pytest.raises(NotFoundError):
        await store.batch(NOTES, "o", [BatchOperation("delete", id="note-1")])
    assert (await store.query(NOTES, Query("o", 5))).items == []


async def test_create_over_an_expired_document_succeeds(
    store: SQLiteStore, still_clock: StillClock
) -> None:
    """The id is free again, and nothing of the old document is left."""
    await store.create(NOTES, a_note("o", ttl=10, text="old", kind="old"))
    still_clock.advance(10)

    created = await store.create(NOTES, a_note("o"))

    assert await store.read(NOTES, "o", "note-1") == created
    still_clock.advance(1000)
    assert await store.read(NOTES, "o", "note-1") == created


async def test_ttl_counts_from_the_last_write(store: SQLiteStore, still_clock: StillClock) -> None:
    """A patch, of any field, starts the ttl again."""
    await store.create(NOTES, a_note("o", ttl=10))
    still_clock.advance(9)
    await store.patch(NOTES, "o", "note-1", [PatchOperation("set", "/rank", 2)])
    still_clock.advance(9)

    assert (await store.read(NOTES, "o", "note-1")).document["rank"] == 2


async def test_removing_the_ttl_keeps_the_document(
    store: SQLiteStore, still_clock: StillClock
) -> None:
    """Without a container's default, no ttl is for ever."""
    await store.create(NOTES, a_note("o", ttl=10))
    await store.patch(NOTES, "o", "note-1", [PatchOperation("remove", "/ttl")])
    still_clock.advance(1e6)

    assert "ttl" not in (await store.read(NOTES, "o", "note-1")).document


async def test_container_default_and_its_exceptions(
    store: SQLiteStore, still_clock: StillClock
) -> None:
    """The document's own ttl wins over the container's 60 seconds; -1 is never."""
    await store.create(LEASES, {"id": "default", "owner": "o"})
    await store.create(LEASES, {"id": "longer", "owner": "o", "ttl": 100})
    await store.create(LEASES, {"id": "never", "owner": "o", "ttl": -1})

    still_clock.advance(60)
    page = await store.query(LEASES, Query("o", 5))
    assert [item["id"] for item in page.items] == ["longer", "never"]

    still_clock.advance(40)
    page = await store.query(LEASES, Query("o", 5))
    assert [item["id"] for item in page.items] == ["never"]


@pytest.mark.parametrize("ttl", [0, -2, 1.5, True, "10", None])
async def test_ttl_cosmos_refuses_is_refused(store: SQLiteStore, ttl: object) -> None:
    """A ttl is a whole number of seconds above zero, or -1."""
    with pytest.raises(LimitError):
        await store.create(NOTES, a_note("o", ttl=ttl))


async def test_expired_rows_are_purged_in_steps(
    store: SQLiteStore, still_clock: StillClock, tmp_path: Path
) -> None:
    """Later writes, to any container, remove expired rows a few at a time, and only those."""
    for i in range(4):
        await store.batch(
            LEASES,
            "o",
            [BatchOperation("create", {"id": f"{i}-{j}", "owner": "o"}) for j in range(50)],
        )
    await store.create(LEASES, {"id": "never", "owner": "o", "ttl": -1})
    still_clock.advance(61)

    await store.upsert(NOTES, a_note("o"))
    assert 1 < rows(tmp_path / "store.db", "leases") < 201
    for _ in range(10):
        await store.upsert(NOTES, a_note("o"))

    assert rows(tmp_path / "store.db", "leases") == 1
    assert rows(tmp_path / "store.db", "notes") == 1


async def test_field_indexed_later_is_filled_in_an_existing_file(
    tmp_path: Path, still_clock: StillClock
) -> None:
    """A declaration that gains a field finds the documents written before it."""
    before = Container("notes", partition_key="owner")
    old = SQLiteStore(tmp_path / "s.db", still_clock, [before])
    for i in range(3):
        await old.create(before, a_note("o", f"n{i}", rank=i))
    await old.close()

    new = SQLiteStore(tmp_path / "s.db", still_clock, [NOTES])
    page = await new.query(NOTES, Query("o", 5, (Condition("rank", ">=", 1),), order_by="rank"))
    await new.close()

    assert [item["id"] for item in page.items] == ["n1", "n2"]


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize(
    ("container", "query", "index"),
    [
        (
            MESSAGES,
            Query(
                "p",
                20,
                (Condition("status", "=", "PROCESSED"), Condition("is_archived", "=", False)),
            ),
            "messages(status,is_archived,id)",
        ),
        (MESSAGES, Query("p", 20), "messages(id)"),
        (
            NOTES,
            Query("p", 20, (Condition("kind", "=", "memo"),), order_by="rank"),
            "notes(kind,rank)",
        ),
    ],
)
async def test_ordered_query_is_served_by_an_index(
    tmp_path: Path,
    still_clock: StillClock,
    container: Container,
    query: Query,
    index: str,
    *,
    descending: bool,
) -> None:
    """Neither the first page nor a later one sorts or scans."""
    store = SQLiteStore(tmp_path / "s.db", still_clock, [*SCHEMA, NOTES])
    for i in range(2):
        await store.create(
            container,
            a_note("p", f"n{i}", fiscal_code="p", status="PROCESSED", is_archived=False),
        )
    query = replace(query, descending=descending)
    page = await store.query(container, replace(query, limit=1))
    assert page.continuation is not None
    await store.close()
    connection = sqlite3.connect(tmp_path / "s.db")

    for each in (query, replace(query, continuation=page.continuation)):
        sql, parameters = sqlite_query.to_sql(Table(container), each, 0)
        plan = " ".join(
            row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {sql}", parameters)
        )
        assert f"USING INDEX {index}" in plan
        assert "TEMP B-TREE" not in plan
    connection.close()


async def test_an_order_has_entries_of_the_documents_with_its_field(
    store: SQLiteStore, tmp_path: Path
) -> None:
    """Most messages have no due date; queries and counts by a field still use its index."""
    for i in range(3):
        await store.create(NOTES, a_note("o", f"n{i}", rank="last") if i else {**_BARE, "id": "n"})
    connection = sqlite3.connect(tmp_path / "store.db")
    sizes = "SELECT sum(ncell) FROM dbstat WHERE name = ?"
    entries = connection.execute(sizes, ("notes(rank)",)).fetchone()
    sql, parameters = sqlite_query.to_count(Table(NOTES), "o", "rank", (), 0)
    plan = connection.execute(f"EXPLAIN QUERY PLAN {sql}", parameters).fetchall()
    connection.close()

    assert entries == (2,)
    assert "USING INDEX notes(rank)" in plan[0][3]
    assert await store.count(NOTES, "o", "rank") == {"last": 2}


async def test_undeclared_container_is_refused(store: SQLiteStore) -> None:
    """A container the store was not built with has no table."""
    with pytest.raises(LimitError, match="unknown"):
        await store.read(Container("unknown", "owner"), "o", "x")


def test_declaration_storage_cannot_hold_is_refused() -> None:
    """Names that end up in statements are checked when the store is built."""
    with pytest.raises(ValueError, match="refuses"):
        Table(Container("notes", partition_key="owner", indexed=('a" TEXT); --',)))


async def test_values_that_are_no_json_are_refused(store: SQLiteStore) -> None:
    """Lone surrogates, huge numbers and objects of ours do not reach the file."""
    for value in ("\ud800", 2**70, object(), {1: "a"}):
        with pytest.raises(LimitError):
            await store.create(NOTES, a_note("o", rank=value))
    with pytest.raises(LimitError):
        await store.read(NOTES, "\ud800", "a")
    with pytest.raises(LimitError):
        await store.query(NOTES, Query("o", 5, (Condition("kind", "=", "\ud800"),)))
