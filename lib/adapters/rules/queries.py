"""Check queries against the declaration of their container, and mark the end of a page."""

import base64
from collections.abc import Iterable
from typing import Any, Final

import orjson

from lib.ports.documents import WRITTEN_AT, Condition, Container, InLists, Query, Sweep
from lib.ports.errors import ContinuationError, LimitError

MAX_PAGE: Final = 1000
OPERATORS: Final = frozenset({"=", "<", "<=", ">", ">="})
HAS: Final = "has"


type Terms = tuple[tuple[str, str], ...]
"""The conditions of a query without their values: pairs of a field and an operator."""


def check_query(container: Container, query: Query) -> None:
    """Raise LimitError for an empty partition key or the faults that `check_shape` finds."""
    check_partition(container, query.partition)
    check_shape(container, query.limit, query.order_by, terms_of(query.where))
    check_words(container, query)


def check_words(container: Container, query: Query) -> None:
    """Raise LimitError for words where the container or the query has no index for them."""
    if not query.words and not query.prefix:
        return
    if container.worded is None:
        raise LimitError(f"{container.name}: the container is not declared for words")
    is_by_id = all(field == "id" and isinstance(value, str) for field, _, value in query.where)
    if query.order_by != "id" or not is_by_id:
        raise LimitError(f"{container.name}: a query by words has the id as order and conditions")


def check_partition(container: Container, partition: str) -> None:
    """Raise LimitError for an empty partition key."""
    if not partition:
        raise LimitError(f"{container.name}: the partition key must not be empty")


def check_shape(container: Container, limit: int, order_by: str, terms: Terms) -> tuple[str, ...]:
    """Return the fields that a query orders by, as `_ordering` does.

    Raise LimitError for a field or an order without an index, a wrong limit or operator.
    A container without a composite index has no queries: its partition key is not indexed.
    """
    if not 1 <= limit <= MAX_PAGE:
        raise LimitError(f"{container.name}: a page has 1 to {MAX_PAGE} items")
    _check_search(container, order_by, terms)
    return _ordering(container, order_by, terms)


def check_count(
    container: Container, partition: str, by: str, where: tuple[Condition, ...]
) -> None:
    """Raise LimitError for a field without an index, or a wrong operator."""
    if by not in container.indexed:
        raise LimitError(f"{container.name}: documents are counted by an indexed field")
    check_partition(container, partition)
    _check_search(container, by, terms_of(where))


def terms_of(where: tuple[Condition, ...]) -> Terms:
    """Return the conditions without their values."""
    return tuple([(field, op) for field, op, _ in where])


def _check_search(container: Container, field: str, terms: Terms) -> None:
    name = container.name
    if not container.composite:
        raise LimitError(f"{name}: a container that is queried declares a composite index")
    fields = {field, *(field for field, _ in terms)}
    written = {WRITTEN_AT} if any(WRITTEN_AT in one for one in container.composite) else set()
    if not fields <= {"id", container.partition_key, *container.indexed, *written}:
        raise LimitError(f"{name}: a query names a field that is not indexed")
    if not OPERATORS.issuperset(op for _, op in terms):
        raise LimitError(f"{name}: a condition has an unknown operator")


def check_sweep(container: Container, sweep: Sweep) -> None:
    """Raise LimitError for a field without an index, a sweep without a field, or a wrong limit."""
    name, named = container.name, {condition.field for condition in sweep.where}
    if not 1 <= sweep.limit <= MAX_PAGE:
        raise LimitError(f"{name}: a sweep finds 1 to {MAX_PAGE} items")
    conditions = (*sweep.where, *(condition for group in sweep.unless for condition in group))
    if [condition.op for condition in conditions] == [HAS]:
        if not (isinstance(how := container.erasure, InLists) and named <= set(how.fields)):
            raise LimitError(f"{name}: the container has no such list")
        return
    if not named & set(container.swept) or not named <= {"id", *container.swept}:
        raise LimitError(f"{name}: a sweep names fields that are declared for it")
    if not OPERATORS.issuperset(condition.op for condition in conditions):
        raise LimitError(f"{name}: a condition has an unknown operator")
    if not all(group for group in sweep.unless) or not all(
        isinstance(condition.value, str) for group in sweep.unless for condition in group
    ):
        raise LimitError(f"{name}: the conditions of `unless` have texts as values")


def _ordering(container: Container, order_by: str, terms: Terms) -> tuple[str, ...]:
    """Return the fields that the query orders by, the id last; raise LimitError.

    If a composite index serves the query, all its fields are returned. The leading fields are bound
    by equality, but without them Cosmos DB would not use the index.
    """
    bound = {field for field, op in terms if op == "="}
    wanted = with_id((order_by,))
    for fields in map(with_id, container.composite):
        leading = fields[: len(fields) - len(wanted)]
        if fields[len(leading) :] == wanted and bound.issuperset(leading):
            return fields
    if order_by != "id":
        raise LimitError(f"{container.name}: no composite index serves the order of the query")
    return wanted


def with_id(fields: Iterable[str]) -> tuple[str, ...]:
    """Return the fields of a composite index with the id last, so that every item has one place."""
    return (*(field for field in fields if field != "id"), "id")


def encode_continuation(value: Any, id_: str) -> str:
    """Return the continuation after an item: its order value (a JSON value) and its id."""
    return base64.urlsafe_b64encode(orjson.dumps([value, id_])).decode()


def decode_continuation(container: Container, continuation: str) -> tuple[Any, str]:
    """Return the order value and the id in a continuation; raise ContinuationError."""
    try:
        match orjson.loads(base64.b64decode(continuation, b"-_", validate=True)):
            case [value, str(id_)]:
                return value, id_
    except ValueError:
        pass
    raise ContinuationError(f"{container.name}: the continuation does not come from the store")
