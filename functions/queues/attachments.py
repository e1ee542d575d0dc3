"""Consumes the queue of uploaded files."""

from typing import Any

from functions.queues.contract import Consumer
from lib.ports.queueing.items.messages import AttachmentUploaded
from lib.ports.queueing.names import ATTACHMENT_UPLOADED

check_attachment = Consumer(
    name="check_attachment",
    queue=ATTACHMENT_UPLOADED,
    item=AttachmentUploaded,
    handler=lambda app, item: app.attachments.check(item),
    # each holds a part of a file, and the scanner takes few at a time
    at_once=2,
)

CONSUMERS: tuple[Consumer[Any], ...] = (check_attachment,)
