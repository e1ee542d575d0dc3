"""The part of the world that is about files that senders upload."""

import json
from collections.abc import Mapping
from typing import Any, Final

from tests.builders.messages import a_message
from tests.functions.attachments.file_calls import BYTES, PDF, announced
from tests.functions.identity.rights import callers
from tests.stack import Reply

PART: Final = "a part"
"""The only part of a file whose upload is not complete; it is no PDF."""

OF_FILES: Final = ("partial_file", "ready_file", "attached_file")


async def keep_files(world: Any, caller: str, subject: str) -> Mapping[str, str]:
    """Upload files in several statuses, and deliver one; return what they are called."""

    async def ask(name: str, body: Any = None, **call: Any) -> Any:
        reply: Reply = await world.ask(caller, name, body, **call)
        assert reply.status < 300, reply
        return reply.body

    async def file(content: bytes, *, complete: bool) -> str:
        path = {"id": str((await ask("create_attachment", announced(content)))["id"])}
        headers = {"content-type": BYTES}
        part = {**path, "number": "1"}
        await ask("upload_attachment_part", content, path=part, headers=headers)
        if complete:
            await ask("complete_attachment", path=path)
            await world.drain()
        return path["id"]

    things = {
        "partial_file": await file(json.dumps(PART).encode(), complete=False),
        "ready_file": await file(PDF, complete=True),
        "attached_file": await file(PDF, complete=True),
    }
    body = a_message(content={"subject": subject}, attachments=[things["attached_file"]])
    things["message_with_file"] = (await ask("submit_message", body))["id"]
    await world.drain()
    keep = {"message_id": things["message_with_file"]}
    path = {"id": things["attached_file"]}
    kept = await world.ask(callers.CITIZEN_TOKEN, "keep_document", keep, path=path)
    assert kept.status == 200, kept
    return things
