"""Run the operations of the document store: straight to Cosmos DB, or through the SDK."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final, NamedTuple

import orjson
from azure.core.exceptions import HttpResponseError
from azure.core.pipeline import PipelineRequest
from azure.core.rest import HttpRequest
from azure.cosmos.aio import ContainerProxy

from lib.adapters.azure.clients import AzureClients
from lib.adapters.azure.direct.documents import FINAL, refused
from lib.adapters.azure.direct.requests import Request
from lib.adapters.azure.errors import answered, refusal
from lib.ports.documents import Container

CHARGE: Final = "x-ms-request-charge"

type Charged = Callable[[str, str, float], None]
"""Called for each answer with the container, the operation and the request units."""
type Call = Callable[[ContainerProxy, dict[str, Any]], Awaitable[Any]]
"""An operation of the SDK, with options that it passes on."""


class Result(NamedTuple):
    """The JSON of an answer, and its headers."""

    content: Any
    headers: Mapping[str, str]


class CosmosCalls:
    """The operations on one database.

    An operation with a `request` goes straight to the service after the example of an earlier one,
    once (decision 0053). If the service does not answer it for good, it runs through the SDK, with
    the SDK's retries and regions.
    """

    def __init__(self, clients: AzureClients, charged: Charged) -> None:
        self._clients, self._charged = clients, charged
        self._direct = clients.direct_cosmos()

    async def run(
        self, container: Container, operation: str, call: Call, request: Request | None = None
    ) -> Result:
        """Run an operation. Raise the port's errors."""
        async with answered(container.name):
            if request is not None:
                result = await self._straight(container, operation, request)
                if result is not None:
                    return result
            return await self._by_sdk(container, operation, call, request)

    def charge(self, container: Container, operation: str, headers: Mapping[str, str]) -> None:
        """Tell the cost of an answer."""
        charge = headers.get(CHARGE)
        if charge is not None:
            self._charged(container.name, operation, float(charge))

    async def close(self) -> None:
        """Release the clients."""
        self._direct.forget()
        await self._clients.close()

    async def _straight(
        self, container: Container, operation: str, request: Request
    ) -> Result | None:
        """Return the result, or None if the operation must go through the SDK."""
        answer = await self._direct.send((container.name, operation), request)
        if answer is None:
            return None
        try:
            content = orjson.loads(answer.body) if answer.body else None
            status = refused(operation, answer.status, content)
        except (LookupError, TypeError, ValueError):
            return None
        if status and status not in FINAL:
            return None
        self.charge(container, operation, answer.headers)
        if status:
            raise refusal(container.name, status)
        return Result(content, answer.headers)

    async def _by_sdk(
        self, container: Container, operation: str, call: Call, request: Request | None
    ) -> Result:
        items = await self._clients.container(container.name)
        options: dict[str, Any] = {}
        if request is not None:
            hook = self._direct.learn((container.name, operation), request.method)
            options["raw_response_hook"] = hook
        try:
            content = await call(items, options)
        except HttpResponseError as error:
            # a refused request costs request units too
            self.charge(container, operation, getattr(error, "headers", None) or {})
            raise
        if not hasattr(content, "get_response_headers"):
            return Result(content, {})
        headers = content.get_response_headers()
        self.charge(container, operation, headers)
        return Result(content, headers)


def relaxed(request: PipelineRequest[HttpRequest]) -> None:
    """Let a query read older data at half the price; point reads stay current (decision 0010)."""
    request.http_request.headers["x-ms-consistency-level"] = "ConsistentPrefix"
