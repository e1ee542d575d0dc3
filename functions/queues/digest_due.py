"""Digests whose moment has come."""

from functions.queues.contract import Consumer
from lib.ports.queueing.items import DigestDue
from lib.ports.queueing.names import DIGEST_DUE

send_digest = Consumer(
    name="send_digest",
    queue=DIGEST_DUE,
    item=DigestDue,
    handler=lambda app, item: app.send_digest(item),
)
