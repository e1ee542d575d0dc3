"""Helpers of the tests of the personal archive."""

from typing import Any

from infra.local.sandbox.seed import CITIZEN
from tests.stack import Reply, Stack


async def keep(stack: Stack, id_: str, citizen: str = CITIZEN, **body: Any) -> Reply:
    """Keep a file."""
    return await stack.call("keep_document", body, path={"id": id_}, citizen=citizen)


async def listed(stack: Stack, citizen: str = CITIZEN, **query: str) -> Reply:
    """List the archive."""
    return await stack.call("list_documents", query=query, citizen=citizen)


async def content(
    stack: Stack, id_: str, asked: str | None = None, citizen: str = CITIZEN
) -> Reply:
    """Download a document."""
    headers = {} if asked is None else {"range": asked}
    path = {"id": id_}
    return await stack.call("download_document", path=path, headers=headers, citizen=citizen)


async def remove(stack: Stack, id_: str, citizen: str = CITIZEN) -> Reply:
    """Remove a document."""
    return await stack.call("remove_document", path={"id": id_}, citizen=citizen)
