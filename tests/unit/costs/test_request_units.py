"""Request units of each operation, against examples computed by hand."""

from decimal import Decimal
from itertools import pairwise

import pytest

from infra.costs.measuring.calls import DocumentCall, Record, indexed_terms, stored_bytes
from infra.costs.measuring.recording_store import RecordingStore
from infra.costs.model.data import Data, DataError
from infra.costs.model.request_units import query_units, read_units, request_units, write_units
from lib.ports.documents import BatchOperation
from lib.ports.schema.citizens import PROFILES
from lib.ports.schema.messages import MESSAGES
from lib.ports.schema.operations import DEAD_LETTERS
from lib.ports.schema.senders import SERVICES
from tests.stack import Stack
from tests.unit.costs.support import KB


@pytest.mark.parametrize(
    ("size", "units"),
    [(1, "1.00"), (KB, "1.00"), (3 * KB, "1.09"), (4 * KB, "1.14"), (100 * KB, "7.679375")],
)
def test_a_read_costs_by_size(data: Data, size: int, units: str) -> None:
    """Small reads cost the least; between two sizes in proportion: 4.76 + 36/64 x 5.19."""
    assert read_units(data, size) == Decimal(units)


def test_larger_documents_never_cost_less(data: Data) -> None:
    """The rule holds for reads and writes, across all sizes of the table."""
    sizes = range(0, 2048 * KB + 1, 64 * KB)

    assert all(read_units(data, a) <= read_units(data, b) for a, b in pairwise(sizes))
    assert all(write_units(data, a) <= write_units(data, b) for a, b in pairwise(sizes))


def test_no_document_is_larger_than_the_limit(data: Data) -> None:
    """A document of 2 MB and a byte is an error, and its price is not extrapolated."""
    with pytest.raises(DataError, match="no document"):
        read_units(data, 2048 * KB + 1)


@pytest.mark.parametrize(
    ("call", "units"),
    [
        # Microsoft: 1 KB with 10 terms, 5.0 + 0.2 x 10; the table has 4.95 where the text has 5.0
        (DocumentCall("create", "c", (KB,), terms=8), "6.95"),
        (DocumentCall("delete", "c", (), before=KB, terms=8), "6.95"),
        # two terms out and in, and _ts out and in: 4.95 x 2 + 0.2 x 6
        (DocumentCall("replace", "c", (KB,), before=KB, terms=4), "11.10"),
        # the same, and 0.4 for each of two properties
        (DocumentCall("patch", "c", (KB,), before=KB, terms=4, properties=2), "11.90"),
        # shrinking: 6.29 for the 2 KB taken out, 4.95 for the 1 KB put in, _ts out and in
        (DocumentCall("replace", "c", (KB,), before=2 * KB), "11.64"),
        (DocumentCall("query", "c", (KB, KB)), "4.80"),
        # without the 2.8 of the query
        (DocumentCall("loaded", "c", (KB, KB)), "2.00"),
        # from two replicas
        (DocumentCall("read", "c", (4 * KB,)), "2.28"),
        (DocumentCall("read", "c", ()), "2.00"),
    ],
)
def test_request_units_of_an_operation(data: Data, call: DocumentCall, units: str) -> None:
    """Each kind costs what the published rule gives by hand."""
    assert request_units(data, call) == Decimal(units)


def test_a_kind_without_a_rule_is_an_error(data: Data) -> None:
    """A new kind of operation must not count as free."""
    with pytest.raises(DataError, match="no rule for truncate"):
        request_units(data, DocumentCall("truncate", "c", ()))


def test_the_least_query_is_below_the_largest(data: Data) -> None:
    """The two published figures bound the cost of a page of 21."""
    sizes = (KB,) * 21
    least = query_units(data, sizes, data.units["query_document_least"])

    assert least == Decimal("4.207")
    assert least < query_units(data, sizes, data.units["query_document"]) == Decimal("23.8")


def test_index_entries_are_single_and_composite() -> None:
    """`messages` indexes the key, eleven fields, and three composites of the key and others.

    Each write changes the composite of its own time, too.
    `profiles` indexes the key, since it is read in bulk.
    """
    assert indexed_terms(MESSAGES) == 15
    assert indexed_terms(MESSAGES, ["reminder_at"]) == 2
    assert indexed_terms(MESSAGES, ["status"]) == 4
    assert indexed_terms(MESSAGES, ["fiscal_code"]) == 4
    assert indexed_terms(MESSAGES, ["is_read"]) == 2
    assert indexed_terms(PROFILES) == 1
    assert indexed_terms(SERVICES) == 0


def test_stored_bytes_are_utf8_with_the_system_s_fields() -> None:
    """A letter with an accent takes two bytes, and Cosmos DB adds 210 bytes of its own."""
    assert stored_bytes({"a": "è"}) - stored_bytes({"a": "e"}) == 1
    assert 150 < stored_bytes({}) < 300


async def test_writes_are_told_apart(stack: Stack) -> None:
    """The first upsert counts as a create, the next as a replace, and a batch as its steps."""
    record = Record()
    store = RecordingStore(stack.store, record)
    letter = {"id": "a", "queue": "q", "failed_at": "1"}

    await store.upsert(DEAD_LETTERS, letter)
    await store.upsert(DEAD_LETTERS, {**letter, "failed_at": "2"})
    await store.replace(DEAD_LETTERS, {**letter, "failed_at": "2", "note": "x"})
    await store.batch(
        DEAD_LETTERS,
        "q",
        [BatchOperation("create", {**letter, "id": "b"}), BatchOperation("delete", id="a")],
    )
    await store.delete(DEAD_LETTERS, "q", "b")

    assert [(call.kind, call.terms) for call in record.documents] == [
        ("create", 3),
        ("replace", 4),
        ("replace", 0),
        ("create", 3),
        ("delete", 3),
        ("delete", 3),
    ]
