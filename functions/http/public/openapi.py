"""Endpoint that serves the OpenAPI documents to everybody."""

from functools import cache
from typing import Annotated, Any

from pydantic import RootModel

from functions.http.contract.endpoint import Answer, AnyEndpoint, Call, Endpoint
from functions.http.contract.policies import Everybody
from functions.http.openapi.about import Installation
from functions.http.openapi.audiences import Audience
from lib.composition.settings import Settings
from lib.domain.shared.described import says
from lib.domain.shared.model import Model


class OpenAPIDocument(RootModel[dict[str, Any]]):
    """An OpenAPI 3.1 document."""


class WhichDocument(Model):
    """The choice of a document."""

    audience: Annotated[
        Audience | None,
        says("The readers whose operations the document has. Absent: all operations."),
    ] = None


def _installation(settings: Settings) -> Installation:
    """Return what the settings say about the installation."""
    url = settings.public_url
    return Installation(
        url=url,
        contact_url=settings.api_contact_url,
        contact_email=settings.api_contact_email,
        terms_url=settings.api_terms_url,
        is_sandbox=settings.sandbox or url.startswith("http://"),
    )


def endpoint_of(described: tuple[AnyEndpoint, ...]) -> Endpoint[None, None, WhichDocument]:
    """Return the endpoint whose documents describe the given endpoints and itself."""

    @cache
    def document(audience: Audience | None, installation: Installation) -> OpenAPIDocument:
        from functions.http.openapi.document import build  # noqa: PLC0415 - few processes serve one

        return OpenAPIDocument(build((*described, endpoint), audience, installation))

    async def read(call: Call[None, None, WhichDocument]) -> Answer:
        return Answer(200, document(call.query.audience, _installation(call.app.settings)))

    endpoint: Endpoint[None, None, WhichDocument] = Endpoint(
        name="read_openapi",
        is_ours=True,
        method="GET",
        path="/openapi.json",
        summary="Read an OpenAPI document",
        description="The document describes the operations of one audience, or all operations.",
        tag="public",
        policy=Everybody(),
        handler=read,
        query=WhichDocument,
        answers={200: OpenAPIDocument},
    )
    return endpoint
