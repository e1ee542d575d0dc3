"""The REST interface of Azure Queue Storage: queues in memory."""

import heapq
import itertools
import time
from collections import defaultdict
from email.utils import formatdate
from html import unescape
from typing import Final
from xml.sax.saxutils import escape

from aiohttp import web

_XML: Final = "application/xml"
_WEEK: Final = 7 * 24 * 60 * 60


class _Item:
    """An item. `receipt` changes with each receive and update, which voids older ones."""

    __slots__ = ("count", "id", "put_at", "receipt", "text", "visible_at")

    def __init__(self, id_: str, text: str, visible_at: float) -> None:
        self.id, self.text, self.visible_at = id_, text, visible_at
        self.put_at, self.count, self.receipt = time.time(), 0, 0


class Queues:
    """The queues of one account."""

    def __init__(self) -> None:
        self._items: dict[str, dict[str, _Item]] = defaultdict(dict)
        self._order: dict[str, list[tuple[float, int, str]]] = defaultdict(list)
        self._ids = itertools.count(1)

    def routes(self, account: str) -> list[web.RouteDef]:
        """Return the routes of the service."""
        queue = f"/{account}/{{queue}}"
        return [
            web.put(queue, self._create),
            web.get(queue, self._properties),
            web.post(f"{queue}/messages", self._put),
            web.get(f"{queue}/messages", self._receive),
            web.put(f"{queue}/messages/{{id}}", self._update),
            web.delete(f"{queue}/messages/{{id}}", self._delete),
        ]

    def length(self) -> int:
        """Return how many items there are in all queues."""
        return sum(map(len, self._items.values()))

    async def _create(self, request: web.Request) -> web.Response:
        return web.Response(status=201)

    async def _properties(self, request: web.Request) -> web.Response:
        count = len(self._items[request.match_info["queue"]])
        return web.Response(headers={"x-ms-approximate-messages-count": str(count)})

    async def _put(self, request: web.Request) -> web.Response:
        name, text = request.match_info["queue"], _text(await request.read())
        hidden = int(request.query.get("visibilitytimeout", "0"))
        item = _Item(str(next(self._ids)), text, time.time() + hidden)
        self._items[name][item.id] = item
        self._line_up(name, item)
        return web.Response(text=_list([item], with_text=False), status=201, content_type=_XML)

    async def _receive(self, request: web.Request) -> web.Response:
        name, now = request.match_info["queue"], time.time()
        most = int(request.query.get("numofmessages", "1"))
        items, order, found = self._items[name], self._order[name], []
        if request.query.get("peekonly") == "true":
            found = [item for item in items.values() if item.visible_at <= now][:most]
            return web.Response(text=_list(found, with_text=True), content_type=_XML)
        hidden = int(request.query.get("visibilitytimeout", "30"))
        while order and len(found) < most and order[0][0] <= now:
            visible_at, _, id_ = heapq.heappop(order)
            item = items.get(id_)
            if item is None or item.visible_at != visible_at:
                continue
            item.count += 1
            item.receipt += 1
            item.visible_at = now + hidden
            found.append(item)
        for item in found:
            self._line_up(name, item)
        return web.Response(text=_list(found, with_text=True), content_type=_XML)

    async def _update(self, request: web.Request) -> web.Response:
        name, body = request.match_info["queue"], await request.read()
        item = self._held(request)
        if item is None:
            return _void()
        if body:
            item.text = _text(body)
        item.receipt += 1
        item.visible_at = time.time() + int(request.query["visibilitytimeout"])
        self._line_up(name, item)
        return web.Response(
            status=204,
            headers={
                "x-ms-popreceipt": str(item.receipt),
                "x-ms-time-next-visible": formatdate(item.visible_at, usegmt=True),
            },
        )

    async def _delete(self, request: web.Request) -> web.Response:
        item = self._held(request)
        if item is None:
            return _void()
        del self._items[request.match_info["queue"]][item.id]
        return web.Response(status=204)

    def _held(self, request: web.Request) -> _Item | None:
        item = self._items[request.match_info["queue"]].get(request.match_info["id"])
        if item is None or str(item.receipt) != request.query["popreceipt"]:
            return None
        return item

    def _line_up(self, name: str, item: _Item) -> None:
        heapq.heappush(self._order[name], (item.visible_at, int(item.id), item.id))


def _text(body: bytes) -> str:
    text = body.decode().partition("<MessageText>")[2].rpartition("</MessageText>")[0]
    return unescape(text)


def _list(items: list[_Item], *, with_text: bool) -> str:
    parts = ['<?xml version="1.0" encoding="utf-8"?><QueueMessagesList>']
    for item in items:
        put, expires = item.put_at, item.put_at + _WEEK
        parts.append(
            f"<QueueMessage><MessageId>{item.id}</MessageId>"
            f"<InsertionTime>{formatdate(put, usegmt=True)}</InsertionTime>"
            f"<ExpirationTime>{formatdate(expires, usegmt=True)}</ExpirationTime>"
            f"<PopReceipt>{item.receipt}</PopReceipt>"
            f"<TimeNextVisible>{formatdate(item.visible_at, usegmt=True)}</TimeNextVisible>"
        )
        if with_text:
            parts.append(
                f"<DequeueCount>{item.count}</DequeueCount>"
                f"<MessageText>{escape(item.text)}</MessageText>"
            )
        parts.append("</QueueMessage>")
    return "".join([*parts, "</QueueMessagesList>"])


def _void() -> web.Response:
    code = "PopReceiptMismatch"
    body = f"<?xml version='1.0'?><Error><Code>{code}</Code><Message>{code}</Message></Error>"
    return web.Response(text=body, status=400, content_type=_XML, headers={"x-ms-error-code": code})
