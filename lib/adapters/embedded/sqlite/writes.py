"""The writes of the document store, as operations of a group commit.

The functions check and encode at once, so the caller may change its document afterwards. The
returned operation runs inside the group's transaction.
"""

import random
import sqlite3
from collections.abc import Sequence
from typing import Any, Final

import orjson

from lib.adapters.embedded.sqlite.group_commit import Operation
from lib.adapters.embedded.sqlite.patching import apply_patch, holds
from lib.adapters.embedded.sqlite.tables import NEVER, Table
from lib.adapters.rules.documents import check_batch, check_document, check_key, encode
from lib.adapters.rules.patches import check_patch
from lib.ports.documents import BatchOperation, Condition, Document, PatchOperation, Stored
from lib.ports.errors import ConflictError, NotFoundError, PreconditionFailedError

_etags: Final = random.Random()  # noqa: S311 - an ETag must be different, but need not be secret
_SECOND: Final = 1_000_000


def create(table: Table, document: Document) -> Operation[Stored]:
    """Create a document.

    Raises: ConflictError when the operation runs, unless the existing document has expired.
    """
    row = _Row(table, document)

    def run(connection: sqlite3.Connection, now: int) -> Stored:
        stored, values = row.version(now)
        if not connection.execute(table.create, (*values, now)).rowcount:
            raise ConflictError(f"{table.container.name}: the id exists")
        return stored

    return run


def upsert(table: Table, document: Document) -> Operation[Stored]:
    """Create a document or replace the one with its id."""
    row = _Row(table, document)

    def run(connection: sqlite3.Connection, now: int) -> Stored:
        stored, values = row.version(now)
        connection.execute(table.upsert, values)
        return stored

    return run


def replace(table: Table, document: Document, if_match: str | None) -> Operation[Stored]:
    """Replace a document.

    Raises: NotFoundError or PreconditionFailedError when the operation runs.
    """
    row = _Row(table, document)

    def run(connection: sqlite3.Connection, now: int) -> Stored:
        n, _ = _current(table, connection, (row.partition, row.id, now), if_match)
        stored, values = row.version(now)
        connection.execute(table.update, (*values[2:], n))
        return stored

    return run


def patch(
    table: Table,
    partition: str,
    id_: str,
    operations: Sequence[PatchOperation],
    if_match: str | None,
    where: tuple[Condition, ...] = (),
) -> Operation[Stored]:
    """Apply operations to a document, all or none.

    Raises: NotFoundError, PreconditionFailedError or LimitError when the operation runs.
    """
    check_key(table.container, partition, id_)
    steps = check_patch(table.container, operations)

    def run(connection: sqlite3.Connection, now: int) -> Stored:
        n, body = _current(table, connection, (partition, id_, now), if_match)
        document = orjson.loads(body)
        if not all(holds(document, condition) for condition in where):
            raise PreconditionFailedError(f"{table.container.name}: the predicate did not hold")
        apply_patch(table.container, document, steps)
        stored, values = _Row(table, document).version(now)
        connection.execute(table.update, (*values[2:], n))
        return stored

    return run


def delete(table: Table, partition: str, id_: str, if_match: str | None) -> Operation[None]:
    """Delete a document.

    Raises: NotFoundError or PreconditionFailedError when the operation runs.
    """
    check_key(table.container, partition, id_)

    def run(connection: sqlite3.Connection, now: int) -> None:
        n, _ = _current(table, connection, (partition, id_, now), if_match)
        connection.execute(table.delete, (n,))

    return run


def batch(
    table: Table, partition: str, operations: Sequence[BatchOperation]
) -> Operation[list[Stored | None]]:
    """Apply operations, all or none. The documents have at most 2 MB in all, as in Cosmos."""
    check_batch(table.container, partition, operations)
    steps = [_batch_step(table, partition, operation) for operation in operations]

    def run(connection: sqlite3.Connection, now: int) -> list[Stored | None]:
        connection.execute("SAVEPOINT batch")
        try:
            results = [step(connection, now) for step in steps]
        except sqlite3.Error:
            raise
        except BaseException:
            connection.execute("ROLLBACK TO batch")
            connection.execute("RELEASE batch")
            raise
        connection.execute("RELEASE batch")
        return results

    return run


def _batch_step(table: Table, partition: str, step: BatchOperation) -> Operation[Stored | None]:
    document = step.document or {}
    match step.op:
        case "patch":
            return patch(table, partition, step.id, step.operations, step.if_match)
        case "delete":
            return delete(table, partition, step.id, step.if_match)
        case "replace":
            return replace(table, document, step.if_match)
        case "create":
            return create(table, document)
        case "upsert":
            return upsert(table, document)


def _current(
    table: Table,
    connection: sqlite3.Connection,
    key: tuple[str, str, int],
    if_match: str | None,
) -> tuple[int, bytes]:
    row = connection.execute(table.row, key).fetchone()
    if row is None:
        raise NotFoundError(f"{table.container.name}: the document does not exist")
    n, body, etag = row
    if if_match is not None and if_match != etag:
        raise PreconditionFailedError(f"{table.container.name}: the ETag did not match")
    return n, body


class _Row:
    """A checked document and its column values, without the values that are new in each write."""

    __slots__ = ("body", "columns", "document", "id", "is_followed", "partition", "ttl")

    def __init__(self, table: Table, document: Document) -> None:
        container = table.container
        self.partition, self.id = check_document(container, document)
        self.body = encode(container, document)
        self.document = document
        ttl = document.get("ttl", container.default_ttl)
        self.ttl = None if ttl == -1 else ttl
        self.columns = table.columns_of(document)
        self.is_followed = table.is_followed

    def version(self, now: int) -> tuple[Stored, tuple[Any, ...]]:
        """Return the next version and its row; the row's first two values are the key."""
        etag = f"{_etags.getrandbits(64):016x}"
        expires_at = NEVER if self.ttl is None else now + self.ttl * _SECOND
        written = (now // _SECOND,) if self.is_followed else ()
        values = (self.partition, self.id, etag, expires_at, *written, *self.columns, self.body)
        return Stored(self.document, etag), values
