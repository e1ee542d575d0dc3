"""Write queries of the port as SQL over a container's columns."""

from collections.abc import Iterator
from typing import Any, Final

import orjson

from lib.adapters.embedded.sqlite.statements import words
from lib.adapters.embedded.sqlite.tables import JSON_NULL, Table, to_column
from lib.adapters.rules.queries import (
    HAS,
    check_count,
    check_query,
    check_sweep,
    decode_continuation,
    encode_continuation,
)
from lib.ports.documents import WRITTEN_AT, Condition, Document, Query, QueryPage, Sweep

# SQLite compares values of two types by type; in Cosmos the result is undefined. By the order of
# the types (null < numbers < text < blob), these bounds keep a range inside the type of its value.
_SAME_TYPE: Final = {
    (str, "<"): "{0} >= ''",
    (str, ">"): "{0} < x''",
    (float, "<"): "{0} > -9e999",
    (float, ">"): "{0} < ''",
}


def to_sql(table: Table, query: Query, now: int) -> tuple[str, tuple[Any, ...]]:
    """Return the statement of a query and its parameters. Columns: body, id, order value.

    Documents without the `order_by` field are left out, as in Cosmos's composite indexes. Raise
    LimitError for a field without an index, a wrong limit, or a continuation from elsewhere.
    """
    check_query(table.container, query)
    clauses = ["pk = ?"]
    parameters: list[Any] = [query.partition]
    order = table.column(query.order_by)
    for clause, values in _conditions(table, query.where):
        clauses.append(clause)
        parameters += values
    if order != "id":
        clauses.append(f"{order} IS NOT NULL")
    if query.continuation is not None:
        beyond = "<" if query.descending else ">"
        last_value, last_id = decode_continuation(table.container, query.continuation)
        if order == "id":
            clauses.append(f"id {beyond} ?")
            parameters.append(last_id)
        else:
            clauses.append(f"({order}, id) {beyond} (?, ?)")
            parameters += [to_column(last_value), last_id]
    direction = "DESC" if query.descending else "ASC"
    order_by = f"id {direction}" if order == "id" else f"{order} {direction}, id {direction}"
    sql = (
        f"SELECT body, id, {order} FROM {table.name} "
        f"WHERE {' AND '.join(clauses)} AND expires_at > ? ORDER BY {order_by} LIMIT ?"
    )
    return sql, (*parameters, now, query.limit + 1)


def to_sizes(table: Table, query: Query) -> tuple[str, tuple[Any, ...]]:
    """Return the statement that a query by words needs before `to_word_search`."""
    check_query(table.container, query)
    return words.to_sizes(table.container.name, query)


def to_word_search(
    table: Table, query: Query, sizes: tuple[int, ...], now: int
) -> tuple[str, tuple[Any, ...]]:
    """Return the statement of a query by words; `sizes`: the row that `to_sizes` found."""
    container, after = table.container, None
    if query.continuation is not None:
        _, after = decode_continuation(container, query.continuation)
    return words.to_search(container.name, container.worded or "", query, after, sizes, now)


def to_count(
    table: Table, partition: str, by: str, where: tuple[Condition, ...], now: int
) -> tuple[str, tuple[Any, ...]]:
    """Return the statement of a count and its parameters. Columns: a text, its documents."""
    check_count(table.container, partition, by, where)
    column = table.column(by)
    # without the first clause of the column SQLite does not use an index of the documents with it
    clauses = ["pk = ?", f"{column} IS NOT NULL", f"typeof({column}) = 'text'"]
    parameters: list[Any] = [partition]
    for clause, values in _conditions(table, where):
        clauses.append(clause)
        parameters += values
    sql = (
        f"SELECT {column}, COUNT(*) FROM {table.name} "
        f"WHERE {' AND '.join(clauses)} AND expires_at > ? GROUP BY {column}"
    )
    return sql, (*parameters, now)


def to_sweep(table: Table, sweep: Sweep, now: int) -> tuple[str, tuple[Any, ...]]:
    """Return the statement of a sweep and its parameters. Column: the body."""
    check_sweep(table.container, sweep)
    clauses: list[str] = []
    parameters: list[Any] = []
    listed = [condition for condition in sweep.where if condition.op == HAS]
    for field, _, value in listed:
        path = "".join(f'."{step}"' for step in field.split("."))
        items = "json_each(CAST(body AS TEXT), '$' || ?)"
        clauses.append(f"EXISTS (SELECT 1 FROM {items} WHERE value = ?)")
        parameters += [path, value]
    for clause, values in _conditions(table, sweep.where if not listed else ()):
        clauses.append(clause)
        parameters += values
    for group in sweep.unless:
        terms = []
        for field, op, value in group:
            stored = "json_extract(CAST(body AS TEXT), '$.\"' || ? || '\"')"
            terms.append(f"typeof({stored}) = 'text' AND {stored} {op} ?")
            parameters += [field, field, value]
        clauses.append(f"NOT ({' AND '.join(terms)})")
    sql = f"SELECT body FROM {table.name} WHERE {' AND '.join(clauses)} AND expires_at > ? LIMIT ?"
    return sql, (*parameters, now, sweep.limit)


def to_page(query: Query, rows: list[tuple[bytes, str, Any]]) -> QueryPage:
    """Return the page of the rows that `to_sql` found; the last row may belong to the next page."""
    page = rows[: query.limit]
    continuation = None
    if len(rows) > query.limit:
        _, id_, value = page[-1]
        continuation = encode_continuation(_from_column(value), id_)
    items: list[Document] = [orjson.loads(body) for body, _, _ in page]
    if query.fields is not None:
        if query.order_by == WRITTEN_AT in query.fields:
            items = [{**item, WRITTEN_AT: at} for item, (_, _, at) in zip(items, page, strict=True)]
        items = [{f: item[f] for f in query.fields if f in item} for item in items]
    return QueryPage(items, continuation)


def _conditions(
    table: Table, where: tuple[Condition, ...]
) -> Iterator[tuple[str, tuple[Any, ...]]]:
    ranges = {
        (field, op[0], _kind(value))
        for field, op, value in where
        if op != "=" and value is not None
    }
    for condition in where:
        field, op, value = condition
        column, bound = table.column(field), to_column(value)
        if op == "=" or value is None:
            yield ("0", ()) if op in {"<", ">"} else (f"{column} = ?", (bound,))
            continue
        clause = f"{column} {op} ?"
        # SQLite uses one bound of each side for its index, so a range with two ends gets no others
        if (field, "<" if op[0] == ">" else ">", _kind(value)) not in ranges:
            clause += f" AND {_SAME_TYPE[_kind(value), op[0]].format(column)}"
        yield clause, (bound,)


def _kind(value: object) -> type:
    return str if isinstance(value, str) else float


def _from_column(value: object) -> object:
    return None if value == JSON_NULL else [] if isinstance(value, bytes) else value
