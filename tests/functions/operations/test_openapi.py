"""Everybody reads the OpenAPI documents, with the address and the contact of the installation."""

import re
from pathlib import Path

import pytest

from functions.http.openapi.about import Installation, servers
from functions.http.openapi.audiences import Audience
from tests.builders.settings import settings_for
from tests.stack import Stack, refusal


async def test_a_document_has_the_installation_s_own_words(tmp_path: Path) -> None:
    """Address, contact and terms are those of the settings."""
    stack = Stack(
        tmp_path,
        settings_for(
            tmp_path,
            public_url="https://api.ente.example",
            api_contact_url="https://ente.example/api",
            api_contact_email="api@ente.example",
            api_terms_url="https://ente.example/terms",
        ),
    )

    document = (await stack.call("read_openapi", query={"audience": "senders"}, key=None)).body

    assert document["servers"][0]["url"] == "https://api.ente.example"
    assert document["info"]["contact"]["email"] == "api@ente.example"
    assert document["info"]["contact"]["url"] == "https://ente.example/api"
    assert document["info"]["termsOfService"] == "https://ente.example/terms"


async def test_the_sandbox_says_that_it_is_one(stack: Stack) -> None:
    """The catalogue's checker admits http for a sandbox alone."""
    document = (await stack.call("read_openapi", key=None)).body

    assert document["servers"][0]["x-sandbox"] is True
    real = Installation(url="https://api.ente.example")
    assert servers(real) == [{"url": real.url, "description": "This installation"}]


@pytest.mark.parametrize("audience", Audience)
async def test_an_audience_reads_its_own_operations(stack: Stack, audience: Audience) -> None:
    """Each document has the public operations, and no operation of another audience."""
    whole = (await stack.call("read_openapi", key=None)).body["paths"]
    document = (await stack.call("read_openapi", query={"audience": audience}, key=None)).body

    schemes = document["components"]["securitySchemes"]
    own, all_ = (
        {re.sub(r"{\w+}", "{}", path) for path in one} for one in (document["paths"], whole)
    )
    assert {"/status", "/openapi.json"} < own < all_
    assert ("CitizenToken" in schemes) == (audience is Audience.CITIZENS)
    assert ("OperatorKey" in schemes) == (audience is Audience.OPERATIONS)
    assert ("SenderKey" in schemes) == (audience is Audience.SENDERS)


async def test_an_unknown_audience_is_refused(stack: Stack) -> None:
    """The refusal names the parameter."""
    reply = await stack.call("read_openapi", query={"audience": "everybody"}, key=None)

    assert refusal(reply)[:2] == (400, "Invalid query parameters")
    assert reply.body["errors"][0]["pointer"] == "#/query/audience"
