"""Translate writes of the document port to the SDK of Azure Cosmos DB, and documents back."""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from azure.core import MatchConditions

from lib.adapters.azure.cosmos_query import without_system_fields
from lib.adapters.rules.documents import check_document, check_key, encode
from lib.adapters.rules.patches import check_patch
from lib.ports.documents import BatchOperation, Container, PatchOperation, Stored


def stored(document: Mapping[str, Any]) -> Stored:
    """Return a document of an answer, without the fields that the service adds."""
    return Stored(without_system_fields(dict(document)), str(document["_etag"]))


def matching(etag: str | None) -> dict[str, Any]:
    """Return the options of a request that the service refuses for a document with another ETag."""
    if etag is None:
        return {}
    return {"etag": etag, "match_condition": MatchConditions.IfNotModified}


def patch_steps(container: Container, operations: Sequence[PatchOperation]) -> list[dict[str, Any]]:
    """Return the operations of a patch in the form of the SDK. Raise LimitError."""
    return [
        {"op": op, "path": path} if op == "remove" else {"op": op, "path": path, "value": value}
        for (op, path, value), _ in check_patch(container, operations)
    ]


def batch_step(container: Container, partition: str, step: BatchOperation) -> tuple[Any, ...]:
    """Return an operation of a batch in the form of the SDK. Raise LimitError."""
    options = {} if step.if_match is None else {"if_match_etag": step.if_match}
    if step.op == "patch":
        check_key(container, partition, step.id)
        return step.op, (step.id, patch_steps(container, step.operations)), options
    if step.op == "delete":
        check_key(container, partition, step.id)
        return step.op, (step.id,), options
    document = step.document or {}
    _, id_ = check_document(container, document)
    body = orjson.loads(encode(container, document))
    return step.op, (id_, body) if step.op == "replace" else (body,), options
