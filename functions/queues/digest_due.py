"""Digests whose moment has come."""

from functions.queues.consumer import Consumer
from lib.domain.events import DigestDue
from lib.queues import DIGEST_DUE

send_digest = Consumer(
    name="send_digest",
    queue=DIGEST_DUE,
    item=DigestDue,
    handler=lambda app, item: app.send_digest(item),
)
