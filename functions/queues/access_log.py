"""Consumes the queue of citizens about whom a sender learned by one call."""

from typing import Any

from functions.queues.contract import Consumer
from lib.ports.queueing.items.citizens import CitizensLookedUp
from lib.ports.queueing.names import CITIZENS_LOOKED_UP

note_accesses = Consumer(
    name="note_accesses",
    queue=CITIZENS_LOOKED_UP,
    item=CitizensLookedUp,
    handler=lambda app, item: app.access_log.note_many.write(item),
)

CONSUMERS: tuple[Consumer[Any], ...] = (note_accesses,)
