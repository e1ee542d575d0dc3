"""The files of batches that are stored, for tests of how long they are kept."""

import hashlib
from collections.abc import Iterable
from datetime import timedelta
from typing import Any, Final

from functions.timers.operations import sweep
from infra.local.sandbox.seed import SENDER_KEY
from lib.repositories.batches.batch_sweeps import BatchSweeps
from tests.functions.batches.batch_calls import ask
from tests.stack import Reply, Stack

DAY: Final = timedelta(days=1)
BYTES: Final = "application/octet-stream"
KEPT: Final = timedelta(days=90)


def files(stack: Stack) -> int:
    """Count the stored files of batches."""
    folder = stack.app.settings.data_folder / "blobs" / "batches"
    return sum(path.is_file() for path in folder.rglob("*"))


async def sets(stack: Stack) -> list[str]:
    """Return the prefixes of the sets that are stored."""
    later = stack.clock.now() + timedelta(days=1000)
    return [one.blob for one in await BatchSweeps(stack.store).due_files(later, 1000)]


async def pass_days(stack: Stack, days: int) -> None:
    """Let days pass, with a sweep on each."""
    for _ in range(days):
        stack.clock.advance(DAY)
        await sweep.tick(stack.app)
        await stack.drain()


async def put_part(
    stack: Stack, id_: str, number: int, content: bytes, *, key: str = SENDER_KEY
) -> Reply:
    """Upload a part of a list."""
    return await stack.call(
        "upload_recipients_part",
        content,
        path={"id": id_, "number": str(number)},
        headers={"content-type": BYTES},
        key=key,
    )


def whole(sent: Iterable[bytes], /, **changes: Any) -> dict[str, Any]:
    """Return the request that completes these parts."""
    parts = list(sent)
    digest = hashlib.sha256(b"".join(parts)).hexdigest()
    return {"parts": len(parts), "sha256": digest, "content_type": "text/csv", **changes}


async def complete(stack: Stack, id_: str, parts: Iterable[bytes], **changes: Any) -> Reply:
    """Complete these parts."""
    return await ask(stack, "complete_recipients", id_, whole(parts, **changes))


async def expire(stack: Stack, after: timedelta) -> None:
    """Let time pass, and let the sweep look, retire and delete."""
    for step in (after, DAY, DAY):
        stack.clock.advance(step)
        await sweep.tick(stack.app)
