"""Check documents, keys, ttls and batches as Azure Cosmos DB does."""

import re
from collections.abc import Sequence
from typing import Any, Final

import orjson

from lib.ports.documents import (
    ID_FORBIDDEN,
    MAX_BATCH_OPERATIONS,
    MAX_DOCUMENT_BYTES,
    MAX_ID_LENGTH,
    BatchOperation,
    Container,
    Document,
)
from lib.ports.errors import LimitError

JSON_OPTIONS: Final = orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_PASSTHROUGH_DATACLASS
"""JSON options that refuse what the SDK's JSON encoder refuses."""

_ID: Final = re.compile(f"[^{re.escape(''.join(sorted(ID_FORBIDDEN)))}]{{1,{MAX_ID_LENGTH}}}")
_MAX_TTL_S: Final = 2**31 - 1


def check_key(container: Container, partition: object, id_: object) -> tuple[str, str]:
    """Return the partition and the id; raise LimitError for a wrong one."""
    name = container.name
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


def check_many(container: Container, partitions: Sequence[str], id_: str) -> None:
    """Raise LimitError for a wrong key, or a container that is not declared for reads in bulk."""
    if not container.read_in_bulk:
        raise LimitError(f"{container.name}: the container is not declared for reads in bulk")
    for partition in partitions:
        check_key(container, partition, id_)


def check_document(container: Container, document: Document) -> tuple[str, str]:
    """Return the partition and the id; raise LimitError for a wrong key or ttl."""
    key = check_key(container, document.get(container.partition_key), document.get("id"))
    if "ttl" in document and not _is_ttl(document["ttl"]):
        raise LimitError(f"{container.name}: ttl is a number of seconds above 0, or -1")
    return key


def encode(container: Container, document: Document) -> bytes:
    """Return the document as JSON; raise LimitError over 2 MB, or for a value that is not JSON."""
    try:
        body = orjson.dumps(document, option=JSON_OPTIONS)
    except orjson.JSONEncodeError:
        raise LimitError(f"{container.name}: the document is not JSON") from None
    if len(body) > MAX_DOCUMENT_BYTES:
        raise LimitError(f"{container.name}: a document holds {MAX_DOCUMENT_BYTES} bytes at most")
    return body


def check_batch(container: Container, partition: str, operations: Sequence[BatchOperation]) -> None:
    """Raise LimitError unless a batch has 1 to 100 operations, one partition and at most 2 MB."""
    name = container.name
    if not 1 <= len(operations) <= MAX_BATCH_OPERATIONS:
        raise LimitError(f"{name}: a batch has 1 to {MAX_BATCH_OPERATIONS} operations")
    for step in operations:
        if step.op in {"patch", "delete"}:
            continue
        if step.document is None or step.document.get(container.partition_key) != partition:
            raise LimitError(f"{name}: a batch writes documents of its own partition")
        if step.if_match is not None and step.op != "replace":
            raise LimitError(f"{name}: if_match goes with replace, patch and delete")
    size = sum(len(encode(container, o.document)) for o in operations if o.document is not None)
    if size > MAX_DOCUMENT_BYTES:
        raise LimitError(f"{name}: a batch holds {MAX_DOCUMENT_BYTES} bytes at most")


def _is_ttl(ttl: Any) -> bool:
    if not isinstance(ttl, int) or isinstance(ttl, bool):
        return False
    return ttl == -1 or 0 < ttl <= _MAX_TTL_S
