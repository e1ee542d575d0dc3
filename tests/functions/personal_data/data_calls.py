"""Helpers of the tests of personal data."""

import json
from io import BytesIO
from typing import Any
from zipfile import ZipFile

from infra.local.sandbox.seed import CITIZEN
from tests.stack import Reply, Stack


async def ask(stack: Stack, citizen: str = CITIZEN) -> Reply:
    """Ask for a copy of all data."""
    return await stack.call("request_user_data", {"choice": "DOWNLOAD"}, citizen=citizen)


async def state(stack: Stack, citizen: str = CITIZEN) -> dict[str, Any]:
    """Return where the request stands."""
    reply = await stack.call("read_user_data_request", path={"choice": "DOWNLOAD"}, citizen=citizen)
    assert reply.status == 200, reply
    return dict(reply.body)


async def download(stack: Stack, citizen: str = CITIZEN, asked: str | None = None) -> Reply:
    """Download the archive, or a range of it."""
    headers = {} if asked is None else {"range": asked}
    return await stack.call("download_user_data", headers=headers, citizen=citizen)


async def downloaded(stack: Stack, citizen: str = CITIZEN) -> bytes:
    """Download the archive in ranges."""
    content = bytearray()
    while True:
        reply = await download(stack, citizen, f"bytes={len(content)}-")
        assert reply.status == 206, reply
        content += reply.body
        if len(content) == int(reply.headers["Content-Range"].rpartition("/")[2]):
            return bytes(content)


async def archive_of(stack: Stack, citizen: str = CITIZEN) -> dict[str, bytes]:
    """Ask for all data, and return the files of the archive by their names."""
    asked = await ask(stack, citizen)
    assert asked.status == 200, asked
    await stack.drain()
    with ZipFile(BytesIO(await downloaded(stack, citizen))) as file:
        assert file.testzip() is None
        return {name: file.read(name) for name in file.namelist()}


def read_json(files: dict[str, bytes], name: str) -> Any:
    """Return the value of a JSON file."""
    return json.loads(files[name])
