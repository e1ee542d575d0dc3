"""The ingestion of Application Insights: it accepts all telemetry, and keeps none."""

from typing import Final

from aiohttp import web

_ACCEPTED: Final = '{"itemsReceived": 0, "itemsAccepted": 0, "errors": []}'


class Ingestion:
    """The ingestion of one resource."""

    def routes(self) -> list[web.RouteDef]:
        """Return the routes of the service."""
        return [web.post("/{version}/track", self._take)]

    async def _take(self, request: web.Request) -> web.Response:
        await request.read()
        return web.Response(text=_ACCEPTED, content_type="application/json")
