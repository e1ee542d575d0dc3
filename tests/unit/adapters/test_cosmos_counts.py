"""Counts of Cosmos DB: the statement, and answers of several pages."""

from typing import Any

from lib.adapters.azure.cosmos_query import to_count, to_counts
from lib.ports.documents import Condition
from lib.ports.schema.messages import STATISTICS


def test_a_count_is_one_grouped_query_of_a_partition() -> None:
    """The partition comes first, for the index, and values are parameters."""
    where = (Condition("tally", ">=", "2026-11-23"), Condition("id", "<", "x"))
    sql, parameters = to_count(STATISTICS, "service:3", "tally", where)

    assert sql == (
        'SELECT c["tally"] AS grouped, COUNT(1) AS documents FROM c'
        ' WHERE c["service_shard"] = @p0 AND c["tally"] >= @p1 AND c["id"] < @p2'
        ' GROUP BY c["tally"]'
    )
    assert [one["value"] for one in parameters] == ["service:3", "2026-11-23", "x"]


def test_pages_of_an_answer_are_added() -> None:
    """Each page counts the documents that it passed; other values than texts are left out."""
    pages: list[dict[str, Any]] = [
        {"grouped": "a", "documents": 2},
        {"grouped": "b", "documents": 1},
        {"documents": 9},
        {"grouped": 7, "documents": 9},
        {"grouped": "a", "documents": 3},
    ]
    assert to_counts(pages) == {"a": 5, "b": 1}
