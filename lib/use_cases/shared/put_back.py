"""Put a queue item back after an outage, with a growing delay."""

from datetime import datetime, timedelta

from lib import telemetry
from lib.ports.queue import Queue
from lib.ports.queueing.delays import GIVE_UP_SECONDS, drawn_delay
from lib.ports.queueing.item import Item


async def put_back(queue: Queue, name: str, item: Item, now: datetime) -> bool:
    """Put the item into the queue of this name, with a delay; return False if it is too old.

    Cost: one put. Raise UnavailableError.
    """
    first_seen = now.timestamp() if item.first_seen is None else item.first_seen
    if now.timestamp() - first_seen >= GIVE_UP_SECONDS:
        return False
    attempt = item.attempt + 1
    delay = timedelta(seconds=drawn_delay(attempt))
    later = telemetry.stamped(item, now + delay).model_copy(
        update={"attempt": attempt, "first_seen": first_seen}
    )
    await queue.put(name, later.text(), delay=delay)
    telemetry.item_put_back(name, later)
    return True
