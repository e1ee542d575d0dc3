"""Cosmos DB's REST interface: items of containers, in memory."""

import itertools
from collections import defaultdict
from typing import Any, Final

import orjson
from aiohttp import web

from lib.adapters.embedded.sqlite.patching import apply_patch
from lib.adapters.rules.patches import check_patch
from lib.ports.documents import Container, PatchOperation
from lib.ports.errors import LimitError
from lib.ports.schema.containers import CONTAINERS
from tests.load.near_free.statements import Document, condition, read

_JSON: Final = "application/json"
_WHOLE_RANGE: Final = {"id": "0", "_rid": "range", "minInclusive": "", "maxExclusive": "FF"}
_DECLARED: Final = {container.name: container for container in CONTAINERS}

type Partitions = dict[str, dict[str, Document]]


class _RefusedError(Exception):
    def __init__(self, status: int, code: str) -> None:
        super().__init__(code)
        self.status, self.code = status, code


class Documents:
    """The containers of one account. Every request costs one request unit."""

    def __init__(self) -> None:
        self._containers: dict[str, Partitions] = defaultdict(lambda: defaultdict(dict))
        self._versions = itertools.count(1)

    def partitions(self, container: str) -> Partitions:
        """Return the documents of a container, by partition and id."""
        return self._containers[container]

    def routes(self) -> list[web.RouteDef]:
        """Return the routes of the service."""
        container = "/dbs/{database}/colls/{container}"
        item = f"{container}/docs/{{id}}"
        handlers = (
            ("GET", "/", self._account),
            ("POST", "/dbs", self._database),
            ("POST", "/dbs/{database}/colls", self._container),
            ("GET", container, self._container),
            ("GET", f"{container}/pkranges", self._ranges),
            ("POST", f"{container}/docs", self._post),
            *((method, item, self._item) for method in ("GET", "PUT", "PATCH", "DELETE")),
        )
        # the client library ends its paths with a slash
        return [
            web.route(method, path + end, handler)
            for method, path, handler in handlers
            for end in (("",) if path == "/" else ("", "/"))
        ]

    async def _account(self, request: web.Request) -> web.Response:
        here = {"name": "here", "databaseAccountEndpoint": f"http://{request.host}/"}
        return _answer(
            {
                "id": "near-free",
                "_rid": "near-free",
                "writableLocations": [here],
                "readableLocations": [here],
                "enableMultipleWriteLocations": False,
                "userConsistencyPolicy": {"defaultConsistencyLevel": "Session"},
                "queryEngineConfiguration": "{}",
            }
        )

    async def _database(self, request: web.Request) -> web.Response:
        return _answer({"id": "recapito", "_rid": "base", "_self": "dbs/base/"}, 201)

    async def _container(self, request: web.Request) -> web.Response:
        posted = orjson.loads(await request.read()) if request.method == "POST" else {}
        name = request.match_info.get("container") or str(posted["id"])
        key = {"paths": [f"/{_DECLARED[name].partition_key}"], "kind": "Hash", "version": 2}
        body = {"id": name, "_rid": name, "_self": f"dbs/base/colls/{name}/", "partitionKey": key}
        return _answer(body, 201 if posted else 200)

    async def _ranges(self, request: web.Request) -> web.Response:
        if request.headers.get("If-None-Match"):
            return web.Response(status=304, headers={"etag": '"ranges"'})
        ranges = {"_rid": "ranges", "PartitionKeyRanges": [_WHOLE_RANGE], "_count": 1}
        return _answer(ranges, etag='"ranges"')

    async def _post(self, request: web.Request) -> web.Response:
        name, body = request.match_info["container"], await request.read()
        headers = request.headers
        try:
            if headers.get("x-ms-documentdb-isquery", "").lower() == "true":
                return self._query(name, _key(request), orjson.loads(body))
            if headers.get("x-ms-cosmos-is-batch-request", "").lower() == "true":
                return self._batch(name, _key(request), orjson.loads(body))
            key = str(_key(request))
            document = orjson.loads(body)
            upserts = headers.get("x-ms-documentdb-is-upsert", "").lower() == "true"
            existed = document["id"] in self._containers[name][key]
            if existed and not upserts:
                return _refusal(_RefusedError(409, "Conflict"))
            written = self._put(name, key, document, headers.get("If-Match"))
        except _RefusedError as refused:
            return _refusal(refused)
        return _written(request, written, 200 if existed else 201)

    async def _item(self, request: web.Request) -> web.Response:
        name, id_, key = request.match_info["container"], request.match_info["id"], _key(request)
        body = await request.read()
        try:
            found = self._containers[name][str(key)].get(id_)
            if found is None:
                return _refusal(_RefusedError(404, "NotFound"))
            if request.method == "GET":
                return _answer(found, etag=str(found["_etag"]))
            match = request.headers.get("If-Match")
            if request.method == "DELETE":
                _check(found, match)
                del self._containers[name][str(key)][id_]
                return web.Response(status=204, headers={"x-ms-request-charge": "1"})
            document = orjson.loads(body)
            if request.method == "PATCH":
                document = self._patched(name, found, document)
            written = self._put(name, str(key), document, match)
        except _RefusedError as refused:
            return _refusal(refused)
        return _written(request, written, 200)

    def _put(self, name: str, key: str, document: Document, match: str | None) -> Document:
        partition = self._containers[name][key]
        if match is not None:
            _check(partition.get(document["id"]), match)
        etag = f'"{next(self._versions)}"'
        written = {**document, "_etag": etag, "_rid": "item", "_self": "", "_ts": 0}
        partition[document["id"]] = written
        return written

    def _patched(self, name: str, found: Document, patch: Document) -> Document:
        if not condition(patch.get("condition") or "")(found, {}):
            raise _RefusedError(412, "PreconditionFailed")
        container: Container = _DECLARED[name]
        operations = [
            PatchOperation(step["op"], step["path"], step.get("value"))
            for step in patch["operations"]
        ]
        document: Document = orjson.loads(orjson.dumps(found))
        try:
            apply_patch(container, document, check_patch(container, operations))
        except LimitError:
            raise _RefusedError(400, "BadRequest") from None
        return document

    def _query(self, name: str, key: Any, query: Document) -> web.Response:
        statement = read(query["query"])
        values = {one["name"]: one["value"] for one in query.get("parameters") or ()}
        partitions = self._containers[name]
        searched = partitions.values() if key is None else [partitions.get(str(key), {})]
        found = [
            document
            for partition in searched
            for document in list(partition.values())
            if statement.holds(document, values)
        ]
        if statement.order:
            found.sort(
                key=lambda document: tuple(document.get(field, "") for field in statement.order),
                reverse=statement.descending,
            )
        found = found[: statement.top]
        if statement.columns is not None:
            columns = statement.columns
            found = [{f: one[f] for f in columns if f in one} for one in found]
        return _answer({"_rid": name, "Documents": found, "_count": len(found)})

    def _batch(self, name: str, key: Any, steps: list[Document]) -> web.Response:
        """Run all steps or none; after a refusal, the other steps are answered with 424."""
        partition = self._containers[name][str(key)]
        before, results = dict(partition), []
        for place, step in enumerate(steps):
            try:
                results.append(self._step(name, str(key), step))
            except _RefusedError as refused:
                partition.clear()
                partition.update(before)
                codes = [424] * len(steps)
                codes[place] = refused.status
                return _answer([{"statusCode": code, "requestCharge": 0} for code in codes], 207)
        return _answer(results)

    def _step(self, name: str, key: str, step: Document) -> Document:
        document = step.get("resourceBody") or {}
        partition = self._containers[name][key]
        verb, id_ = step["operationType"], step.get("id") or document.get("id")
        found = partition.get(str(id_))
        if verb == "Create" and found is not None:
            raise _RefusedError(409, "Conflict")
        if verb in {"Replace", "Patch", "Delete"} and found is None:
            raise _RefusedError(404, "NotFound")
        if verb == "Delete":
            _check(found, step.get("ifMatch"))
            del partition[str(id_)]
            return {"statusCode": 204, "requestCharge": 1}
        if verb == "Patch" and found is not None:
            document = self._patched(name, found, document)
        written = self._put(name, key, document, step.get("ifMatch"))
        return {"statusCode": 200, "requestCharge": 1, "resourceBody": written}


def _key(request: web.Request) -> Any:
    header = request.headers.get("x-ms-documentdb-partitionkey")
    return orjson.loads(header)[0] if header else None


def _check(found: Document | None, match: str | None) -> None:
    if match not in {None, "*"} and (found is None or found["_etag"] != match):
        raise _RefusedError(412, "PreconditionFailed")


def _refusal(refused: _RefusedError) -> web.Response:
    return _answer({"code": refused.code, "message": refused.code}, refused.status)


def _written(request: web.Request, document: Document, status: int) -> web.Response:
    if request.headers.get("Prefer") == "return=minimal":
        headers = {"etag": document["_etag"], "x-ms-request-charge": "1"}
        return web.Response(status=status, headers=headers)
    return _answer(document, status, etag=document["_etag"])


def _answer(body: Any, status: int = 200, *, etag: str | None = None) -> web.Response:
    headers = {"x-ms-request-charge": "1", "x-ms-session-token": "0:-1#1"}
    if etag is not None:
        headers["etag"] = etag
    return web.Response(body=orjson.dumps(body), status=status, content_type=_JSON, headers=headers)
