"""Consumes the queues of batches: checks, starts, and chunks of rows."""

from typing import Any, Final

from functions.queues.contract import Consumer
from lib.composition.app import App
from lib.ports.queueing.items.batches import BatchChunkDue, BatchStarted, BatchUploaded
from lib.ports.queueing.names import (
    BATCH_CHUNK,
    BATCH_STARTED,
    BATCH_UPLOADED,
    URGENT_BATCH_CHUNK,
)

CHUNKS_AT_ONCE: Final = 2
"""Two, so that one is sent while the other waits for the disk."""

check_recipients = Consumer(
    name="check_recipients",
    queue=BATCH_UPLOADED,
    item=BatchUploaded,
    handler=lambda app, item: app.batches.check(item),
)

start_batch = Consumer(
    name="start_batch",
    queue=BATCH_STARTED,
    item=BatchStarted,
    handler=lambda app, item: app.batches.start(item),
)


async def _run_chunk(app: App, item: BatchChunkDue) -> None:
    await (app.batches.recall_chunk if item.recalls else app.batches.send_chunk)(item)


send_chunk = Consumer(
    name="send_chunk",
    queue=BATCH_CHUNK,
    item=BatchChunkDue,
    handler=_run_chunk,
    at_once=CHUNKS_AT_ONCE,
)

send_urgent_chunk = Consumer(
    name="send_urgent_chunk",
    queue=URGENT_BATCH_CHUNK,
    item=BatchChunkDue,
    handler=_run_chunk,
    at_once=CHUNKS_AT_ONCE,
)

CONSUMERS: tuple[Consumer[Any], ...] = (
    check_recipients,
    start_batch,
    send_chunk,
    send_urgent_chunk,
)
