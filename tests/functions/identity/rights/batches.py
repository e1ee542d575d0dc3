"""The part of the world that is about batches and templates."""

from collections.abc import Mapping
from typing import Any, Final

from tests.functions.batches.batch_calls import CITIZENS, TEXT, with_citizens
from tests.functions.batches.kept_files import BYTES
from tests.functions.batches.template_calls import a_body
from tests.functions.identity.rights import callers
from tests.stack import Reply

RECIPIENT: Final = CITIZENS[1]
"""The citizen to whom the batches write."""
A_PART: Final = f"cf\r\n{RECIPIENT}\r\n".encode()
"""The only part of a list that is not complete."""


def a_batch(subject: str, **changes: Any) -> dict[str, Any]:
    """Return the body of a batch."""
    return {"name": subject, "content": {"subject": subject, "markdown": TEXT}, **changes}


async def keep_batches(world: Any, caller: str, serial: int, subject: str) -> Mapping[str, str]:
    """Keep a template, and batches in several statuses; return what they are called."""

    async def ask(name: str, body: Any = None, **call: Any) -> Any:
        reply: Reply = await world.ask(caller, name, body, **call)
        assert reply.status < 300, reply
        return reply.body

    async def batch(*steps: str, **changes: Any) -> str:
        body = a_batch(subject, recipients=[{"cf": RECIPIENT, "reference": subject}], **changes)
        path = {"id": str((await ask("create_batch", body))["id"])}
        await world.drain()
        for step in steps:
            await ask(step, {} if step == "send_batch" else None, path=path)
        await world.drain()
        return path["id"]

    await with_citizens(world, (RECIPIENT,))
    things = {"template": f"template-{serial}", "batch_key": f"batch-key-{serial}"}
    await ask("save_template", a_body(subject=subject), path={"name": things["template"]})
    key = {"idempotency-key": things["batch_key"]}
    things["draft_batch"] = (await ask("create_batch", a_batch(subject), headers=key))["id"]
    things["partial_batch"] = (await ask("create_batch", a_batch(subject)))["id"]
    path = {"id": things["partial_batch"], "number": "1"}
    headers = {"content-type": BYTES}
    await ask("upload_recipients_part", A_PART, path=path, headers=headers)
    things["checked_batch"] = await batch()
    things["paused_batch"] = await batch("send_batch", "pause_batch")
    things["waiting_batch"] = await batch("send_batch", needs_approval=True)
    things["finished_batch"] = await batch("send_batch")
    result = await ask("read_batch_results_file", path={"id": things["finished_batch"]})
    things["batch_message"] = result.decode().split(",")[-1].strip()
    return things


OF_BATCHES: Final = (
    *(
        "draft_batch",
        "partial_batch",
        "checked_batch",
        "paused_batch",
        "waiting_batch",
        "finished_batch",
    ),
)
SERVICE_ACCOUNT: Final = (callers.SERVICE, callers.VOUCHER)
"""Credentials of one account, which may not approve what it asked for itself."""
