"""The REST interface of Azure Blob Storage: blobs in memory."""

import itertools
from email.utils import formatdate
from typing import Final, NamedTuple

from aiohttp import web

_META: Final = "x-ms-meta-"


class _Blob(NamedTuple):
    content: bytes
    headers: dict[str, str]


class Blobs:
    """The blobs of one account."""

    def __init__(self) -> None:
        self._blobs: dict[str, _Blob] = {}
        self._versions = itertools.count(1)

    def routes(self, account: str) -> list[web.RouteDef]:
        """Return the routes of the service."""
        blob = f"/{account}/{{container}}/{{name:.+}}"
        return [
            web.put(f"/{account}/{{container}}", self._make),
            web.put(blob, self._put),
            web.get(blob, self._get),
            web.delete(blob, self._delete),
        ]

    async def _make(self, request: web.Request) -> web.Response:
        return web.Response(status=201)

    async def _put(self, request: web.Request) -> web.Response:
        content = await request.read()
        if request.headers.get("If-None-Match") == "*" and request.path in self._blobs:
            return _error(409, "BlobAlreadyExists")
        own = {k: v for k, v in request.headers.items() if k.lower().startswith(_META)}
        headers = {
            **own,
            "ETag": f'"{next(self._versions)}"',
            "Last-Modified": formatdate(usegmt=True),
            "x-ms-blob-type": "BlockBlob",
            "Content-Type": request.headers.get("x-ms-blob-content-type", ""),
        }
        self._blobs[request.path] = _Blob(content, headers)
        answer = {name: headers[name] for name in ("ETag", "Last-Modified")}
        return web.Response(status=201, headers=answer)

    async def _get(self, request: web.Request) -> web.Response:
        found = self._blobs.get(request.path)
        if found is None:
            return _error(404, "BlobNotFound")
        size = len(found.content)
        headers = {**found.headers, "Content-Range": f"bytes 0-{max(size - 1, 0)}/{size}"}
        if not size:
            return _error(416, "InvalidRange")
        return web.Response(body=found.content, status=206, headers=headers)

    async def _delete(self, request: web.Request) -> web.Response:
        found = self._blobs.pop(request.path, None)
        return web.Response(status=202) if found else _error(404, "BlobNotFound")


def _error(status: int, code: str) -> web.Response:
    return web.Response(status=status, headers={"x-ms-error-code": code})
