"""Each write of the document store as an operation of a group.

The functions check and encode at once, so the caller may change its document afterwards; what
they return runs inside the group's transaction.
"""

import random
import re
import sqlite3
from collections.abc import Sequence
from typing import Any, Final

import orjson

from lib.adapters.embedded.group_commit import Operation
from lib.adapters.embedded.patching import JSON_OPTIONS, apply_patch, check_patch, holds
from lib.adapters.embedded.sqlite_tables import NEVER, Table
from lib.ports.documents import (
    ID_FORBIDDEN,
    MAX_BATCH_OPERATIONS,
    MAX_DOCUMENT_BYTES,
    MAX_ID_LENGTH,
    BatchOperation,
    Condition,
    Document,
    PatchOperation,
    Stored,
)
from lib.ports.errors import ConflictError, LimitError, NotFoundError, PreconditionFailedError

_ID: Final = re.compile(f"[^{re.escape(''.join(sorted(ID_FORBIDDEN)))}]{{1,{MAX_ID_LENGTH}}}")
_etags: Final = random.Random()  # noqa: S311 - an ETag must differ, not resist guessing
_SECOND: Final = 1_000_000
_MAX_TTL_S: Final = 2**31 - 1


def check_key(table: Table, partition: object, id_: object) -> tuple[str, str]:
    """Return both as they are; raise LimitError for what Cosmos refuses."""
    name = table.container.name
    if not isinstance(partition, str) or not partition:
        raise LimitError(f"{name}: the partition key must be a string, and not empty")
    if not isinstance(id_, str) or not _ID.fullmatch(id_):
        forbidden = " ".join(sorted(ID_FORBIDDEN))
        raise LimitError(f"{name}: an id is 1 to {MAX_ID_LENGTH} characters, none of {forbidden}")
    if not (partition.isascii() and id_.isascii()):
        try:
            f"{partition}{id_}".encode()
        except UnicodeEncodeError:
            raise LimitError(f"{name}: the id or the partition key is not Unicode text") from None
    return partition, id_


def create(table: Table, document: Document) -> Operation[Stored]:
    """Raise ConflictError when it runs, unless what is there has expired."""
    row = _Row(table, document)

    def run(connection: sqlite3.Connection, now: int) -> Stored:
        stored, values = row.version(now)
        if not connection.execute(table.create, (*values, now)).rowcount:
            raise ConflictError(f"{table.container.name}: the id exists")
        return stored

    return run


def upsert(table: Table, document: Document) -> Operation[Stored]:
    """Create or replace."""
    row = _Row(table, document)

    def run(connection: sqlite3.Connection, now: int) -> Stored:
        stored, values = row.version(now)
        connection.execute(table.upsert, values)
        return stored

    return run


def replace(table: Table, document: Document, if_match: str | None) -> Operation[Stored]:
    """Raise NotFoundError or PreconditionFailedError when it runs."""
    row = _Row(table, document)

    def run(connection: sqlite3.Connection, now: int) -> Stored:
        n, _ = _current(table, connection, (row.partition, row.id, now), if_match)
        stored, values = row.version(now)
        connection.execute(table.update, (*values[2:], n))
        return stored

    return run


def patch(  # noqa: PLR0917 - the port's own signature
    table: Table,
    partition: str,
    id_: str,
    operations: Sequence[PatchOperation],
    if_match: str | None,
    where: tuple[Condition, ...] = (),
) -> Operation[Stored]:
    """Raise NotFoundError, PreconditionFailedError or LimitError when it runs."""
    check_key(table, partition, id_)
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
    """Raise NotFoundError or PreconditionFailedError when it runs."""
    check_key(table, partition, id_)

    def run(connection: sqlite3.Connection, now: int) -> None:
        n, _ = _current(table, connection, (partition, id_, now), if_match)
        connection.execute(table.delete, (n,))

    return run


def batch(
    table: Table, partition: str, operations: Sequence[BatchOperation]
) -> Operation[list[Stored | None]]:
    """All or nothing; 2 MB of documents altogether, as in Cosmos."""
    name = table.container.name
    if not 1 <= len(operations) <= MAX_BATCH_OPERATIONS:
        raise LimitError(f"{name}: a batch has 1 to {MAX_BATCH_OPERATIONS} operations")
    size = sum(len(_encode(name, o.document)) for o in operations if o.document is not None)
    if size > MAX_DOCUMENT_BYTES:
        raise LimitError(f"{name}: a batch holds {MAX_DOCUMENT_BYTES} bytes at most")
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
    name = table.container.name
    if step.op == "patch":
        return patch(table, partition, step.id, step.operations, step.if_match)
    if step.op == "delete":
        return delete(table, partition, step.id, step.if_match)
    if step.document is None or step.document.get(table.container.partition_key) != partition:
        raise LimitError(f"{name}: a batch writes documents of its own partition")
    if step.op == "replace":
        return replace(table, step.document, step.if_match)
    if step.if_match is not None:
        raise LimitError(f"{name}: if_match goes with replace, patch and delete")
    return create(table, step.document) if step.op == "create" else upsert(table, step.document)


def _current(
    table: Table,
    connection: sqlite3.Connection,
    key: tuple[str, str, int],
    if_match: str | None,
) -> tuple[int, bytes]:
    row = connection.execute(table.row, key).fetchone()
    if row is None:
        raise NotFoundError(f"{table.container.name}: no such document")
    n, body, etag = row
    if if_match is not None and if_match != etag:
        raise PreconditionFailedError(f"{table.container.name}: the ETag did not match")
    return n, body


class _Row:
    """A checked document and its column values, short of what each write renews."""

    __slots__ = ("body", "columns", "document", "id", "partition", "ttl")

    def __init__(self, table: Table, document: Document) -> None:
        container = table.container
        self.partition, self.id = check_key(
            table, document.get(container.partition_key), document.get("id")
        )
        self.body = _encode(container.name, document)
        self.document = document
        ttl = document.get("ttl", container.default_ttl)
        if "ttl" in document and not _is_ttl(ttl):
            raise LimitError(f"{container.name}: ttl is a number of seconds above 0, or -1")
        self.ttl = None if ttl == -1 else ttl
        self.columns = table.columns_of(document)

    def version(self, now: int) -> tuple[Stored, tuple[Any, ...]]:
        """Return the next version and its row, of which the first two values are the key."""
        etag = f"{_etags.getrandbits(64):016x}"
        expires_at = NEVER if self.ttl is None else now + self.ttl * _SECOND
        values = (self.partition, self.id, etag, expires_at, *self.columns, self.body)
        return Stored(self.document, etag), values


def _is_ttl(ttl: object) -> bool:
    if not isinstance(ttl, int) or isinstance(ttl, bool):
        return False
    return ttl == -1 or 0 < ttl <= _MAX_TTL_S


def _encode(name: str, document: Document) -> bytes:
    try:
        body = orjson.dumps(document, option=JSON_OPTIONS)
    except orjson.JSONEncodeError:
        raise LimitError(f"{name}: the document is not JSON") from None
    if len(body) > MAX_DOCUMENT_BYTES:
        raise LimitError(f"{name}: a document holds {MAX_DOCUMENT_BYTES} bytes at most")
    return body
