"""Endpoint that serves the OpenAPI document to everybody."""

from functools import cache
from typing import Any

from pydantic import RootModel

from functions.http.contract.endpoint import Answer, AnyEndpoint, Call, Endpoint
from functions.http.contract.policies import Everybody
from functions.http.openapi.document import build


class OpenAPIDocument(RootModel[dict[str, Any]]):
    """An OpenAPI 3.1 document."""


def endpoint_of(described: tuple[AnyEndpoint, ...]) -> Endpoint[None, None, None]:
    """Return the endpoint whose document describes the given endpoints and itself."""

    @cache
    def document() -> OpenAPIDocument:
        return OpenAPIDocument(build((*described, endpoint)))

    async def read(_: Call[None, None, None]) -> Answer:
        return Answer(200, document())

    endpoint = Endpoint(
        name="read_openapi",
        method="GET",
        path="/openapi.json",
        summary="Read this OpenAPI document",
        tag="operations",
        policy=Everybody(),
        handler=read,
        answers={200: OpenAPIDocument},
    )
    return endpoint
