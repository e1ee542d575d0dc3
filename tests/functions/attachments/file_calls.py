"""Helpers of the tests of files that senders upload."""

import hashlib
from typing import Any, Final

from infra.local.sandbox.seed import CITIZEN, SENDER_KEY
from lib.composition.stacks import BLOBS_FOLDER
from lib.domain.attachments.attachment import PART_BYTES
from lib.domain.shared.identifiers import MessageId
from lib.repositories.attachments.attachment_files import CONTAINER
from tests.builders.files import a_pdf
from tests.builders.messages import a_message
from tests.stack import Reply, Stack

BYTES: Final = "application/octet-stream"
PDF: Final = a_pdf()


def announced(content: bytes, name: str = "certificato.pdf", **changes: Any) -> dict[str, Any]:
    """Return the request that announces a file."""
    digest = hashlib.sha256(content).hexdigest()
    return {"name": name, "size": len(content), "sha256": digest, **changes}


async def create(stack: Stack, body: dict[str, Any], **call: Any) -> Reply:
    """Announce a file."""
    return await stack.call("create_attachment", body, **call)


async def put(stack: Stack, id_: str, number: int, content: bytes, **call: Any) -> Reply:
    """Upload a part."""
    path = {"id": id_, "number": str(number)}
    headers = {"content-type": BYTES}
    return await stack.call("upload_attachment_part", content, path=path, headers=headers, **call)


async def complete(stack: Stack, id_: str, **call: Any) -> Reply:
    """Complete a file."""
    return await stack.call("complete_attachment", path={"id": id_}, **call)


async def state(stack: Stack, id_: str, *, key: str = SENDER_KEY) -> dict[str, Any]:
    """Return where a file stands."""
    reply = await stack.call("read_attachment", path={"id": id_}, key=key)
    assert reply.status == 200, reply
    return dict(reply.body)


async def upload(stack: Stack, content: bytes = PDF, **announces: Any) -> str:
    """Upload a file, without its check; return its id."""
    key = announces.pop("key", SENDER_KEY)
    reply = await create(stack, announced(content, **announces), key=key)
    assert reply.status == 201, reply
    id_ = str(reply.body["id"])
    for number in range(reply.body["parts"]):
        part = content[number * PART_BYTES : (number + 1) * PART_BYTES]
        stored = await put(stack, id_, number + 1, part, key=key)
        assert stored.status == 200, stored
    completed = await complete(stack, id_, key=key)
    assert completed.status == 202, completed
    return id_


async def ready(stack: Stack, content: bytes = PDF, **announces: Any) -> str:
    """Upload a file that is then ready; return its id."""
    id_ = await upload(stack, content, **announces)
    await stack.drain()
    return id_


async def deliver(stack: Stack, *ids: str, **changes: Any) -> MessageId:
    """Deliver a message with these files."""
    return await stack.deliver(attachments=list(ids), **changes)


async def send(stack: Stack, *ids: str, **call: Any) -> Reply:
    """Submit a message with these files."""
    return await stack.call("submit_message", a_message(attachments=list(ids)), **call)


async def download(
    stack: Stack, message_id: str, id_: str, asked: str | None = None, citizen: str = CITIZEN
) -> Reply:
    """Download a file of a message, or a range of it."""
    path = {"id": message_id, "attachment_id": id_}
    headers = {} if asked is None else {"range": asked}
    return await stack.call("download_attachment", path=path, headers=headers, citizen=citizen)


def blobs(stack: Stack) -> list[bytes]:
    """Return the stored bytes of all files."""
    folder = stack.app.settings.data_folder / BLOBS_FOLDER / CONTAINER
    return [path.read_bytes() for path in folder.rglob("*") if path.is_file()]
