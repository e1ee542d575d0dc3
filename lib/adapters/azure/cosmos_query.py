"""Write queries and filter predicates of the port as Cosmos SQL."""

from collections import Counter
from collections.abc import Collection, Iterable
from functools import lru_cache
from typing import Any, Final

import orjson

from lib.adapters.rules.queries import (
    HAS,
    Terms,
    check_count,
    check_partition,
    check_shape,
    check_sweep,
    check_words,
    decode_continuation,
    encode_continuation,
    terms_of,
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
    check_partition(container, query.partition)
    check_words(container, query)
    values: list[Any] = [query.partition, *[value for _, _, value in query.where]]
    if query.continuation is not None:
        last_value, last_id = decode_continuation(container, query.continuation)
        values += [last_id] if query.order_by == "id" else [last_id, last_value]
    sql = _statement(
        container,
        query.limit,
        terms_of(query.where),
        query.order_by,
        query.fields,
        is_descending=query.descending,
        is_continued=query.continuation is not None,
        words=len(query.words),
        has_prefix=bool(query.prefix),
    )
    values += [*query.words, *([query.prefix] if query.prefix else ())]
    return sql, [{"name": f"@p{i}", "value": value} for i, value in enumerate(values)]


@lru_cache(maxsize=1024)
def _statement(
    container: Container,
    limit: int,
    terms: Terms,
    by: str,
    fields: tuple[str, ...] | None,
    *,
    is_descending: bool,
    is_continued: bool,
    words: int,
    has_prefix: bool,
) -> str:
    """Return the statement of all queries that differ in their values only; raise LimitError."""
    order = check_shape(container, limit, by, terms)
    if order in map(with_id, container.composite):
        order = (container.partition_key, *order)
    # the request also names the partition; the condition is for the index, which begins with it
    bound = ((container.partition_key, "="), *terms)
    where = [f"{_path(field)} {op} @p{i}" for i, (field, op) in enumerate(bound)]
    if by != "id":
        where.append(f"IS_DEFINED({_path(by)})")
    if is_continued:
        beyond, last = "<" if is_descending else ">", len(bound)
        after = f"{_path('id')} {beyond} @p{last}"
        if by != "id":
            value = f"@p{last + 1}"
            after = f"({_path(by)} {beyond} {value} OR ({_path(by)} = {value} AND {after}))"
        where.append(after)
    if words or has_prefix:
        first = len(bound) + is_continued
        where += _word_terms(container.worded or "", first, words, has_prefix=has_prefix)
    direction = "DESC" if is_descending else "ASC"
    return (
        f"SELECT TOP {limit + 1} {_columns(fields, by)} FROM c"
        f" WHERE {' AND '.join(where)} "
        f"ORDER BY {', '.join(f'{_path(field)} {direction}' for field in order)}"
    )


def _word_terms(field: str, first: int, words: int, *, has_prefix: bool) -> list[str]:
    """Return the terms of a query by words; their values begin with the parameter `first`.

    The index has each text of the list, so both functions look for it there.
    """
    terms = [f"ARRAY_CONTAINS({_path(field)}, @p{first + i})" for i in range(words)]
    if has_prefix:
        found = f"SELECT VALUE w FROM w IN {_path(field)} WHERE STARTSWITH(w, @p{first + words})"
        terms.append(f"EXISTS({found})")
    return terms


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
        if condition.op == HAS:
            return f"ARRAY_CONTAINS({_path(condition.field)}, @p{len(values) - 1})"
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
    added = {query.order_by, "id"}.difference(query.fields)
    if not added:
        return QueryPage(items, continuation)
    return QueryPage([_without(added, item) for item in items], continuation)


def predicate(where: Iterable[Condition]) -> str:
    """Return the filter predicate of a patch, with its values as JSON."""
    terms = (f"{_path(field)} {op} {orjson.dumps(value).decode()}" for field, op, value in where)
    return f"FROM c WHERE {' AND '.join(terms)}"


def without_system_fields(document: Document) -> Document:
    """Return the document without the fields that Cosmos DB adds."""
    return _without(SYSTEM_FIELDS, document)


def _without(names: Collection[str], document: Document) -> Document:
    return {name: value for name, value in document.items() if name not in names}


def _columns(fields: tuple[str, ...] | None, order_by: str) -> str:
    if fields is None:
        return "*"
    return ", ".join(_path(field) for field in dict.fromkeys((*fields, order_by, "id")))


def _path(field: str) -> str:
    steps = "".join(f'["{step}"]' for step in field.split("."))
    return f"c{steps}"
