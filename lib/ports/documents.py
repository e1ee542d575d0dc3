"""Port to the document store, with Azure Cosmos DB's semantics on every engine."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, Protocol

type Document = dict[str, Any]

DAY_SECONDS = 24 * 60 * 60
"""The seconds of a day: times to live are in seconds."""
WRITTEN_AT = "_ts"
"""The time of a document's last write by the engine's clock, in whole seconds since 1970.

It is no field of documents. A query may name it where a composite index does, as a condition, an
order or a returned field. So documents are followed by their writes, without a write more.
"""

MAX_DOCUMENT_BYTES = 2 * 1024 * 1024
MAX_PATCH_OPERATIONS = 10
MAX_BATCH_OPERATIONS = 100
MAX_ID_LENGTH = 255
ID_FORBIDDEN = frozenset("/\\?#")


@dataclass(frozen=True, slots=True)
class OwnPartition:
    """The partition key is the citizen's fiscal code: all documents of the partition are deleted.

    `ids`: the ids of the documents, for a container without queries.
    """

    ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ByField:
    """Documents that have the fiscal code in this swept field are found by a sweep.

    `field`: its name; a dot leads into an object. `keeps`: the document stays for its sender, with
    a name that is nobody's in place of the fiscal code, and without these fields. None: it is
    deleted.
    """

    field: str
    keeps: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class InLists:
    """The fiscal code is an item of one of these lists, and leaves it.

    `fields`: their names; a dot leads into an object. No index finds the documents, so the whole
    container is searched: it must be small.
    """

    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ByStep:
    """A step of the erasure that is written for this container; `name` is its module's."""

    name: str


@dataclass(frozen=True, slots=True)
class NamesNobody:
    """No document names a citizen; `why` says so in words."""

    why: str


type Erasure = OwnPartition | ByField | InLists | ByStep | NamesNobody
"""How the data of one citizen leaves a container, as each container declares it."""


@dataclass(frozen=True, slots=True)
class Container:
    """The declaration of one container, from which tables, Cosmos containers and Bicep are made.

    `partition_key` and the `indexed` fields are names of top-level fields. `composite`: the indexes
    for ordered queries, equality fields first, the ordering field last. A container without a
    composite index has no queries; `("id",)` serves queries by id only. `swept`: the fields by
    which a timer or an erasure searches all partitions; a dot in a name leads into an object.
    `narrowing`: indexed fields that equality conditions bind in addition to the leading fields of
    the first composite index. SQLite has an index for each. Cosmos DB has none: it intersects the
    index of the field with the composite index, so that writes cost less.
    `default_ttl`: the life of a document in seconds since its last write; None for no end. The
    field `ttl` of a document replaces it. `in_background`: no caller waits for the writes to
    the container, as a rule, so an engine may give it less priority. `read_in_bulk`: one call may
    read documents of many partitions by their keys, so the partition key is indexed. `worded`: the
    field with a list of distinct texts. Each of them is indexed, so that a query finds documents by
    the texts of their lists.
    `erasure`: how a citizen's data leaves the container; each container of the app says it.
    """

    name: str
    partition_key: str
    indexed: tuple[str, ...] = ()
    composite: tuple[tuple[str, ...], ...] = ()
    narrowing: tuple[str, ...] = ()
    swept: tuple[str, ...] = ()
    default_ttl: int | None = None
    in_background: bool = False
    read_in_bulk: bool = False
    worded: str | None = None
    erasure: Erasure | None = None


@dataclass(frozen=True, slots=True)
class Stored:
    """A stored document, with the ETag of that version."""

    document: Document
    etag: str


class Condition(NamedTuple):
    """A comparison `field op value` on a top-level field; in a query, an indexed field or the id.

    As in Cosmos, a condition does not hold for a field that the document lacks, or that has a value
    of another type. `!=` does not exist: engines differ for values of different types, and no index
    serves it. `has`: the value is an item of the list; only in a sweep of a container whose erasure
    names the list.
    """

    field: str
    op: Literal["=", "<", "<=", ">", ">=", "has"]
    value: str | int | float | bool | None


class PatchOperation(NamedTuple):
    """One step of a partial update, as in Cosmos.

    `path` is `/a/b`, and its parent must exist, else LimitError. `set` creates or overwrites; `add`
    does the same, and at `/list/-` appends; `replace` and `remove` need an existing path; `incr`
    adds `value` to the present value, or to 0.
    """

    op: Literal["set", "add", "replace", "remove", "incr"]
    path: str
    value: Any = None


@dataclass(frozen=True, slots=True)
class Query:
    """A query inside one partition, with an order and pages.

    `order_by`: the id, or the last field of a composite index whose other fields the query binds by
    equality. Its values have one type, and documents without it are left out.
    `limit`: the page size, 1 to 1000. `continuation`: that of the page before, of the same query.
    `fields`: the top-level fields to return, None for the whole document.
    `words`: the list in the container's `worded` field has all of these texts, and one that begins
    with `prefix`. Such a query is ordered by the id, and its conditions are on the id alone.
    """

    partition: str
    limit: int
    where: tuple[Condition, ...] = ()
    order_by: str = "id"
    descending: bool = False
    continuation: str | None = None
    fields: tuple[str, ...] | None = None
    words: tuple[str, ...] = ()
    prefix: str = ""


@dataclass(frozen=True, slots=True)
class Sweep:
    """A search through all partitions, without an order; only timers and erasures may use it.

    `where`: conditions on `swept` fields and on the id, or one `has`. `unless`: groups of
    conditions on any top-level fields with texts as values. A document that satisfies all
    conditions of one group is left out. `limit`: 1 to 1000. A sweep has no pages: its caller
    changes the documents that it found, and searches again.
    """

    where: tuple[Condition, ...]
    limit: int
    fields: tuple[str, ...]
    unless: tuple[tuple[Condition, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class QueryPage:
    """One page of a query's documents; `continuation` is None on the last page."""

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
    r"""The document store: documents by container, partition and id.

    A write is durable on return. An id has 1 to 255 characters, none of `/ \\ ? #`. For all
    methods, a document whose ttl has passed does not exist.

    Raises: UnavailableError, from any method. The write may have happened all the same, so callers
    make writes repeatable. LimitError for a wrong id.
    Concurrency: the engine's client may send a write twice. So the caller's own write may be the
    cause of a ConflictError or a PreconditionFailedError.
    """

    async def create(self, container: Container, document: Document) -> Stored:
        """Create a document.

        Raises: ConflictError if the partition already has the id.
        """
        ...

    async def read(self, container: Container, partition: str, id_: str) -> Stored:
        """Return a document. Cost: one point read.

        Raises: NotFoundError.
        """
        ...

    async def read_many(
        self, container: Container, id_: str, partitions: Sequence[str]
    ) -> dict[str, Stored]:
        """Return the documents with this id, by their partitions; absent documents are left out.

        The container is `read_in_bulk`. `partitions`: distinct keys, as many as you like.
        Cost: about one point read for each partition, in few requests.

        Raises: LimitError for a container that is not declared for it.
        """
        ...

    async def replace(
        self, container: Container, document: Document, *, if_match: str | None = None
    ) -> Stored:
        """Replace a document.

        Raises: NotFoundError, PreconditionFailedError.
        """
        ...

    async def upsert(self, container: Container, document: Document) -> Stored:
        """Create a document or replace the one with its id."""
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
        """Apply 1 to 10 operations to a document, all or none.

        `where` is Cosmos's filter predicate.

        Raises: NotFoundError, PreconditionFailedError, LimitError.
        """
        ...

    async def delete(
        self, container: Container, partition: str, id_: str, *, if_match: str | None = None
    ) -> None:
        """Delete a document.

        Raises: NotFoundError, PreconditionFailedError.
        """
        ...

    async def batch(
        self, container: Container, partition: str, operations: Sequence[BatchOperation]
    ) -> list[Stored | None]:
        """Apply 1 to 100 operations in one partition, all or none.

        The result has None for each delete.

        Raises: the error of the first operation that fails.
        """
        ...

    async def query(self, container: Container, query: Query) -> QueryPage:
        """Return one page of a query, of at most `limit` documents."""
        ...

    async def count(
        self,
        container: Container,
        partition: str,
        by: str,
        where: tuple[Condition, ...] = (),
    ) -> dict[str, int]:
        """Count the documents of a partition that satisfy the conditions, by their value of `by`.

        `by`: an indexed field. Documents without it, or with another value than a text, are left
        out. Cost: one query, which reads the index and no document.

        Raises: LimitError for a field that is not indexed.
        """
        ...

    async def sweep(self, container: Container, sweep: Sweep) -> list[Document]:
        """Return documents of all partitions that satisfy the sweep, at most `limit`."""
        ...

    async def close(self) -> None:
        """Release connections and files."""
        ...
