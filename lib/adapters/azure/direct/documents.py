"""The requests of Cosmos DB's REST interface, as the SDK writes them."""

import uuid
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from json.encoder import encode_basestring_ascii
from typing import Any, Final
from urllib.parse import quote

import orjson

from lib.adapters.azure.direct.examples import Dialect, Sign
from lib.adapters.azure.direct.requests import Request
from lib.adapters.azure.errors import SUB_STATUS

FINAL: Final = frozenset(
    {HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT, HTTPStatus.PRECONDITION_FAILED}
)
"""The refusals that the SDK does not retry, if they have no sub-status."""
CONTINUATION: Final = "x-ms-continuation"
_COPIED: Final = frozenset(
    {
        "accept",
        "authorization",
        "cache-control",
        "content-type",
        "prefer",
        "user-agent",
        "x-ms-client-id",
        "x-ms-consistency-level",
        "x-ms-cosmos-allow-tentative-writes",
        "x-ms-cosmos-batch-atomic",
        "x-ms-cosmos-batch-continue-on-error",
        "x-ms-cosmos-intended-collection-rid",
        "x-ms-cosmos-is-batch-request",
        "x-ms-cosmos-sdk-supportedcapabilities",
        "x-ms-documentdb-is-upsert",
        "x-ms-documentdb-isquery",
        "x-ms-documentdb-query-iscontinuationexpected",
        "x-ms-thinclient-proxy-operation-type",
        "x-ms-thinclient-proxy-resource-type",
        "x-ms-version",
    }
)
_OWN: Final = frozenset(
    {
        "content-length",
        "if-match",
        "x-ms-activity-id",
        "x-ms-cosmos-correlated-activityid",
        "x-ms-date",
        "x-ms-documentdb-partitionkey",
        "x-ms-max-item-count",
    }
)
"""A session token is in neither list: an account with Session consistency is left to the SDK."""


def cosmos(sign: Sign | None) -> Dialect:
    """Return the dialect of Cosmos DB."""
    return Dialect("/colls/{}/docs/", _COPIED, _OWN, _is_final, sign)


def on_item(
    method: str, partition: str, id_: str, body: bytes = b"", *, if_match: str | None = None
) -> Request:
    """Return the request of a read, a replace, a patch or a delete."""
    headers = _headers(partition)
    if if_match is not None:
        headers["if-match"] = if_match
    return Request(method, f"{quote(id_)}/", headers, body)


def on_container(partition: str, body: bytes) -> Request:
    """Return the request of a create, an upsert or a batch."""
    return Request("POST", "", _headers(partition), body)


def query(partition: str, sql: str, parameters: Sequence[Any], page: int) -> Request:
    """Return the request of a query in one partition."""
    headers = _headers(partition)
    headers["x-ms-max-item-count"] = str(page)
    # it joins the requests of one query, and this query has one
    headers["x-ms-cosmos-correlated-activityid"] = headers["x-ms-activity-id"]
    return Request("POST", "", headers, orjson.dumps({"query": sql, "parameters": parameters}))


def patch_body(steps: Sequence[Mapping[str, Any]], predicate: str | None) -> bytes:
    """Return the body of a patch."""
    condition = {} if predicate is None else {"condition": predicate}
    return orjson.dumps({**condition, "operations": steps})


def batch_body(steps: Sequence[tuple[Any, ...]]) -> bytes:
    """Return the body of a batch. Each step has the form of the SDK: operation, values, options."""
    written: list[dict[str, Any]] = []
    for operation, values, options in steps:
        step: dict[str, Any] = {"operationType": operation.capitalize()}
        if operation not in {"create", "upsert"}:
            step["id"] = values[0]
        if operation != "delete":
            content = values[-1]
            step["resourceBody"] = {"operations": content} if operation == "patch" else content
        if "if_match_etag" in options:
            step["ifMatch"] = options["if_match_etag"]
        written.append(step)
    return orjson.dumps(written)


def refused(operation: str, status: int, content: Any) -> int:
    """Return the status of the refusal, or 0. That of a batch is the status of its failed step."""
    if status >= HTTPStatus.BAD_REQUEST:
        return status
    if operation == "batch":
        for code in (int(step["statusCode"]) for step in content):
            if code >= HTTPStatus.BAD_REQUEST and code != HTTPStatus.FAILED_DEPENDENCY:
                return code
    return 0


def _headers(partition: str) -> dict[str, str]:
    # a header is ASCII, so the other characters are escaped
    key = f"[{encode_basestring_ascii(partition)}]"
    return {"x-ms-activity-id": str(uuid.uuid4()), "x-ms-documentdb-partitionkey": key}


def _is_final(status: int, headers: Mapping[str, str]) -> bool:
    if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        # the SDK asks for the other pages of a query
        return CONTINUATION not in headers
    return status in FINAL and headers.get(SUB_STATUS, "0") == "0"
