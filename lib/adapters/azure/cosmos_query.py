"""Write queries and filter predicates of the port as Cosmos SQL."""

from collections import Counter
from collections.abc import Iterable
from typing import Any, Final

import orjson

from lib.adapters.rules.queries import (
    check_count,
    check_query,
    check_sweep,
    decode_continuation,
    encode_continuation,
    ordering,
    with_id,
)
from lib.ports.documents import Condition, Container, Document, Query, QueryPage, Sweep

_GROUP: Final = "grouped"
_DOCUMENTS: Final = "documents"
SYSTEM_FIELDS = ("_rid", "_self", "_etag", "_attachments", "_ts")


def to_sql(container: Container, query: Query) -> tuple[str, list[dict[str, Any]]]:
    """Return the statement of a query and its parameters.

    The statement asks for one item more than the page. The app makes the continuation: the last
    item's place in the order. Unlike that of the service, it is short, the same on every engine,
    and stays valid when the service moves partitions.
    """
    check_query(container, query)
    values: list[Any] = []

    def bind(value: Any) -> str:
        values.append(value)
        return f"@p{len(values) - 1}"

    order, by = ordering(container, query), query.order_by
    if order in map(with_id, container.composite):
        order = (container.partition_key, *order)
    # the request also names the partition; the condition is for the index, which begins with it
    partition = Condition(container.partition_key, "=", query.partition)
    where = [f"{_path(field)} {op} {bind(value)}" for field, op, value in (partition, *query.where)]
    if by != "id":
        where.append(f"IS_DEFINED({_path(by)})")
    if query.continuation is not None:
        last_value, last_id = decode_continuation(container, query.continuation)
        beyond = "<" if query.descending else ">"
        after = f"{_path('id')} {beyond} {bind(last_id)}"
        if by != "id":
            last = bind(last_value)
            after = f"({_path(by)} {beyond} {last} OR ({_path(by)} = {last} AND {after}))"
        where.append(after)
    direction = "DESC" if query.descending else "ASC"
    sql = (
        f"SELECT TOP {query.limit + 1} {_columns(query)} FROM c"
        f" WHERE {' AND '.join(where)} "
        f"ORDER BY {', '.join(f'{_path(field)} {direction}' for field in order)}"
    )
    return sql, [{"name": f"@p{i}", "value": value} for i, value in enumerate(values)]


def to_count(
    container: Container, partition: str, by: str, where: tuple[Condition, ...]
) -> tuple[str, list[dict[str, Any]]]:
    """Return the statement of a count and its parameters.

    Within one partition the service groups by itself; among several ones the SDK could not.
    """
    check_count(container, partition, by, where)
    conditions = (Condition(container.partition_key, "=", partition), *where)
    terms = (f"{_path(field)} {op} @p{i}" for i, (field, op, _) in enumerate(conditions))
    sql = (
        f"SELECT {_path(by)} AS {_GROUP}, COUNT(1) AS {_DOCUMENTS} FROM c"
        f" WHERE {' AND '.join(terms)} GROUP BY {_path(by)}"
    )
    return sql, [{"name": f"@p{i}", "value": one.value} for i, one in enumerate(conditions)]


def to_counts(found: Iterable[Document]) -> dict[str, int]:
    """Return the counts by text. Each page of an answer counts the documents that it passed."""
    counts: Counter[str] = Counter()
    for row in found:
        if isinstance(row.get(_GROUP), str):
            counts[row[_GROUP]] += row[_DOCUMENTS]
    return dict(counts)


def to_sweep(container: Container, sweep: Sweep) -> tuple[str, list[dict[str, Any]]]:
    """Return the statement of a sweep and its parameters: a filter over all partitions."""
    check_sweep(container, sweep)
    values: list[Any] = []

    def term(condition: Condition) -> str:
        values.append(condition.value)
        return f"{_path(condition.field)} {condition.op} @p{len(values) - 1}"

    terms = [term(condition) for condition in sweep.where]
    for group in sweep.unless:
        # in Cosmos SQL, NOT of an undefined comparison is undefined and drops the document
        are_texts = (f"IS_STRING({_path(condition.field)})" for condition in group)
        terms.append(f"NOT ({' AND '.join((*are_texts, *map(term, group)))})")
    columns = ", ".join(map(_path, sweep.fields))
    sql = f"SELECT {columns} FROM c WHERE {' AND '.join(terms)}"
    return sql, [{"name": f"@p{i}", "value": value} for i, value in enumerate(values)]


def to_page(query: Query, found: list[Document]) -> QueryPage:
    """Return the page of the found documents; the last document may belong to the next page."""
    items = found[: query.limit]
    continuation = None
    if len(found) > query.limit:
        last = items[-1]
        continuation = encode_continuation(last[query.order_by], last["id"])
    if query.fields is None:
        return QueryPage([without_system_fields(item) for item in items], continuation)
    return QueryPage(
        [{f: item[f] for f in query.fields if f in item} for item in items], continuation
    )


def predicate(where: Iterable[Condition]) -> str:
    """Return the filter predicate of a patch, with its values as JSON."""
    terms = (f"{_path(field)} {op} {orjson.dumps(value).decode()}" for field, op, value in where)
    return f"FROM c WHERE {' AND '.join(terms)}"


def without_system_fields(document: Document) -> Document:
    """Return the document without the fields that Cosmos DB adds."""
    return {name: value for name, value in document.items() if name not in SYSTEM_FIELDS}


def _columns(query: Query) -> str:
    if query.fields is None:
        return "*"
    return ", ".join(_path(field) for field in dict.fromkeys((*query.fields, query.order_by, "id")))


def _path(field: str) -> str:
    return f'c["{field}"]'
