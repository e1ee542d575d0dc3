"""Port to the document store, with Azure Cosmos DB's semantics on every engine."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, Protocol

type Document = dict[str, Any]

MAX_DOCUMENT_BYTES = 2 * 1024 * 1024
MAX_PATCH_OPERATIONS = 10
MAX_BATCH_OPERATIONS = 100
MAX_ID_LENGTH = 255
ID_FORBIDDEN = frozenset("/\\?#")


@dataclass(frozen=True, slots=True)
class Container:
    """Declares one container; tables, Cosmos containers and Bicep all follow from it.

    `partition_key` and the `indexed` fields are names of top-level fields. `composite` lists the
    indexes that serve an ordered query: equality fields first, the ordering field last. A container
    without one is never queried; `("id",)` serves the queries by id alone.
    `swept` are the fields by which a timer looks through all partitions.
    `default_ttl` is in seconds, None = a document lives until its own `ttl` field (seconds since
    its last write) says otherwise, or for ever. `in_background`: queue functions and timers write
    it, whom nobody waits for, so an engine may keep it out of the others' way.
    """

    name: str
    partition_key: str
    indexed: tuple[str, ...] = ()
    composite: tuple[tuple[str, ...], ...] = ()
    swept: tuple[str, ...] = ()
    default_ttl: int | None = None
    in_background: bool = False


@dataclass(frozen=True, slots=True)
class Stored:
    """A document as read or written, with the ETag of that version."""

    document: Document
    etag: str


class Condition(NamedTuple):
    """`field op value` on a top-level field; in a query the field must be indexed or the id.

    A field the document lacks, or that has a value of another type, satisfies no condition, as in
    Cosmos. There is no `!=`: engines differ over it between types, and no index serves it.
    """

    field: str
    op: Literal["=", "<", "<=", ">", ">="]
    value: str | int | float | bool | None


class PatchOperation(NamedTuple):
    """One partial update, as in Cosmos.

    `path` is `/a/b`; `set` creates or overwrites, `add` does the same and at `/list/-` appends,
    `replace` and `remove` need the path to exist, `incr` adds `value` (missing counts as 0).
    The parent of the path must exist, else LimitError.
    """

    op: Literal["set", "add", "replace", "remove", "incr"]
    path: str
    value: Any = None


@dataclass(frozen=True, slots=True)
class Query:
    """An ordered query inside one partition.

    `order_by` is the id, or ends a composite index whose other fields the query binds by equality;
    its values are of one type, and documents without it are left out.
    `limit` is the page size, 1 to 1000. `continuation` comes from the page before and belongs to
    the same query. `fields`: the top-level fields to return, None = the whole document.
    """

    partition: str
    limit: int
    where: tuple[Condition, ...] = ()
    order_by: str = "id"
    descending: bool = False
    continuation: str | None = None
    fields: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Sweep:
    """A look through all partitions, in no order: for timers, never for a request or an item.

    `where` names `swept` fields, and the id besides. `unless` leaves out the documents that satisfy
    all conditions of one of its groups, on any top-level fields with texts as values.
    `limit` is 1 to 1000; there are no pages: who sweeps changes what was found, and looks again.
    """

    where: tuple[Condition, ...]
    limit: int
    fields: tuple[str, ...]
    unless: tuple[tuple[Condition, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a query; `continuation` is None when nothing is left."""

    items: list[Document]
    continuation: str | None


class BatchOperation(NamedTuple):
    """One step of a transactional batch: `document` for create, replace and upsert, else `id`."""

    op: Literal["create", "upsert", "replace", "patch", "delete"]
    document: Document | None = None
    id: str = ""
    operations: tuple[PatchOperation, ...] = ()
    if_match: str | None = None


class DocumentStore(Protocol):
    r"""Documents by container, partition and id.

    A write that returned is durable. Any method may raise UnavailableError; a write that did may
    still have happened, so callers make writes repeatable. An engine's client may itself send a
    write twice: then ConflictError and PreconditionFailedError may be of the caller's own write.
    Ids break LimitError's rules or not: 1 to 255 characters, none of `/ \\ ? #`. Documents whose
    ttl has passed are as good as absent.
    """

    async def create(self, container: Container, document: Document) -> Stored:
        """Raise ConflictError when the partition already holds the id."""
        ...

    async def read(self, container: Container, partition: str, id_: str) -> Stored:
        """Point read; raise NotFoundError."""
        ...

    async def replace(
        self, container: Container, document: Document, *, if_match: str | None = None
    ) -> Stored:
        """Raise NotFoundError, PreconditionFailedError."""
        ...

    async def upsert(self, container: Container, document: Document) -> Stored:
        """Create or replace, whatever is there."""
        ...

    async def patch(
        self,
        container: Container,
        partition: str,
        id_: str,
        operations: Sequence[PatchOperation],
        *,
        if_match: str | None = None,
        where: tuple[Condition, ...] = (),
    ) -> Stored:
        """Apply all operations or none; 1 to 10 of them. `where` is Cosmos's filter predicate.

        Raise NotFoundError, PreconditionFailedError, LimitError.
        """
        ...

    async def delete(
        self, container: Container, partition: str, id_: str, *, if_match: str | None = None
    ) -> None:
        """Raise NotFoundError, PreconditionFailedError."""
        ...

    async def batch(
        self, container: Container, partition: str, operations: Sequence[BatchOperation]
    ) -> list[Stored | None]:
        """All or nothing inside one partition, 1 to 100 operations; None stands for a delete.

        Raise the error of the first operation that fails.
        """
        ...

    async def query(self, container: Container, query: Query) -> Page:
        """Return one page; at most `limit` items."""
        ...

    async def sweep(self, container: Container, sweep: Sweep) -> list[Document]:
        """Return what is found in whatever partition."""
        ...

    async def close(self) -> None:
        """Release connections and files."""
        ...
