"""`python -m tests.load.near_free`: serve the services on a free port of 127.0.0.1 each.

It prints the ports as JSON: cosmos, queue, blob, ingestion and bench. The bench's own port answers
with the calls by kind, and tells how many messages are on their way.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable

import orjson
import uvloop
from aiohttp import web

from infra.local.emulators.processes import ACCOUNT
from lib.ports.schema.messages import MESSAGES
from lib.ports.schema.notifications import NOTIFICATIONS
from tests.load.near_free.blobs import Blobs
from tests.load.near_free.documents import Documents
from tests.load.near_free.ingestion import Ingestion
from tests.load.near_free.queues import Queues

type Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Services:
    """The services, and the count of their calls by kind."""

    def __init__(self) -> None:
        self.documents, self.queues, self.blobs = Documents(), Queues(), Blobs()
        self._calls: Counter[str] = Counter()

    def apps(self) -> dict[str, web.Application]:
        """Return the application of each service, by name."""
        routes = {
            "cosmos": self.documents.routes(),
            "queue": self.queues.routes(ACCOUNT),
            "blob": self.blobs.routes(ACCOUNT),
            "ingestion": Ingestion().routes(),
        }
        made = {name: self._app(name, its) for name, its in routes.items()}
        own = web.Application()
        own.add_routes([web.get("/calls", self._report), web.get("/messages", self._messages)])
        return {**made, "bench": own}

    def _app(self, service: str, routes: list[web.RouteDef]) -> web.Application:
        @web.middleware
        async def count(request: web.Request, handler: Handler) -> web.StreamResponse:
            self._calls[_kind(service, request)] += 1
            return await handler(request)

        app = web.Application(middlewares=[count], client_max_size=8 * 1024 * 1024)
        app.add_routes(routes)
        return app

    async def _report(self, _: web.Request) -> web.Response:
        return web.json_response(dict(self._calls.most_common()))

    async def _messages(self, _: web.Request) -> web.Response:
        """Answer with the messages by status, the sent notifications, and the queued items."""
        statuses = Counter(
            str(document.get("status"))
            for partition in self.documents.partitions(MESSAGES.name).values()
            for document in partition.values()
        )
        sent = sum(
            document.get("status") == "SENT"
            for partition in self.documents.partitions(NOTIFICATIONS.name).values()
            for document in partition.values()
        )
        queued = self.queues.length()
        return web.json_response({"statuses": statuses, "sent": sent, "queued": queued})


def _kind(service: str, request: web.Request) -> str:
    """Name a call by its service, its container or queue, and its operation."""
    match, headers = request.match_info, request.headers
    operation = request.method.lower()
    for header, name in (
        ("x-ms-documentdb-isquery", "query"),
        ("x-ms-documentdb-is-upsert", "upsert"),
        ("x-ms-cosmos-is-batch-request", "batch"),
    ):
        if headers.get(header, "").lower() == "true":
            operation = name
    return f"{service} {operation} {match.get('container') or match.get('queue') or ''}".strip()


async def _serve() -> None:
    ports: dict[str, int] = {}
    for name, app in Services().apps().items():
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0, backlog=1024)
        await site.start()
        ports[name] = runner.addresses[0][1]
    print(orjson.dumps(ports).decode(), flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    uvloop.run(_serve())
