"""Consumes the queue of inboxes that are searched."""

from typing import Any

from functions.queues.contract import Consumer
from lib.ports.queueing.items.citizens import InboxSearched
from lib.ports.queueing.names import INBOX_SEARCHED

index_inbox = Consumer(
    name="index_inbox",
    queue=INBOX_SEARCHED,
    item=InboxSearched,
    handler=lambda app, item: app.inbox.index(item),
)

CONSUMERS: tuple[Consumer[Any], ...] = (index_inbox,)
