"""Check queries against the declaration of their container, and mark the end of a page."""

import base64
from collections.abc import Iterable
from typing import Any, Final

import orjson

from lib.ports.documents import Condition, Container, Query, Sweep
from lib.ports.errors import ContinuationError, LimitError

MAX_PAGE: Final = 1000
OPERATORS: Final = frozenset({"=", "<", "<=", ">", ">="})


def check_query(container: Container, query: Query) -> None:
    """Raise LimitError for a field or an order without an index, a wrong limit or operator.

    A container without a composite index has no queries: its partition key is not indexed.
    """
    if not 1 <= query.limit <= MAX_PAGE:
        raise LimitError(f"{container.name}: a page has 1 to {MAX_PAGE} items")
    _check_search(container, query.partition, query.order_by, query.where)
    ordering(container, query)


def check_count(
    container: Container, partition: str, by: str, where: tuple[Condition, ...]
) -> None:
    """Raise LimitError for a field without an index, or a wrong operator."""
    if by not in container.indexed:
        raise LimitError(f"{container.name}: documents are counted by an indexed field")
    _check_search(container, partition, by, where)


def _check_search(
    container: Container, partition: str, field: str, where: tuple[Condition, ...]
) -> None:
    name = container.name
    if not container.composite:
        raise LimitError(f"{name}: a container that is queried declares a composite index")
    if not partition:
        raise LimitError(f"{name}: the partition key must not be empty")
    fields = {field, *(condition.field for condition in where)}
    if not fields <= {"id", container.partition_key, *container.indexed}:
        raise LimitError(f"{name}: a query names a field that is not indexed")
    if not OPERATORS.issuperset(condition.op for condition in where):
        raise LimitError(f"{name}: a condition has an unknown operator")


def check_sweep(container: Container, sweep: Sweep) -> None:
    """Raise LimitError for a field without an index, a sweep without a field, or a wrong limit."""
    name, named = container.name, {condition.field for condition in sweep.where}
    if not 1 <= sweep.limit <= MAX_PAGE:
        raise LimitError(f"{name}: a sweep finds 1 to {MAX_PAGE} items")
    if not named & set(container.swept) or not named <= {"id", *container.swept}:
        raise LimitError(f"{name}: a sweep names fields that are declared for it")
    conditions = (*sweep.where, *(condition for group in sweep.unless for condition in group))
    if not OPERATORS.issuperset(condition.op for condition in conditions):
        raise LimitError(f"{name}: a condition has an unknown operator")
    if not all(group for group in sweep.unless) or not all(
        isinstance(condition.value, str) for group in sweep.unless for condition in group
    ):
        raise LimitError(f"{name}: the conditions of `unless` have texts as values")


def ordering(container: Container, query: Query) -> tuple[str, ...]:
    """Return the fields that the query orders by, the id last; raise LimitError.

    If a composite index serves the query, all its fields are returned. The leading fields are bound
    by equality, but without them Cosmos DB would not use the index.
    """
    bound = {condition.field for condition in query.where if condition.op == "="}
    wanted = with_id((query.order_by,))
    for fields in map(with_id, container.composite):
        leading = fields[: len(fields) - len(wanted)]
        if fields[len(leading) :] == wanted and bound.issuperset(leading):
            return fields
    if query.order_by != "id":
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
