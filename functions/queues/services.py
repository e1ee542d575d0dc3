"""Consumes the queue of services: managed services that may have changed."""

from typing import Any

from functions.queues.contract import Consumer
from lib.ports.queueing.items import ServiceChanged
from lib.ports.queueing.names import SERVICE_CHANGED

follow_service_change = Consumer(
    name="follow_service_change",
    queue=SERVICE_CHANGED,
    item=ServiceChanged,
    handler=lambda app, item: app.services.follow_change(item.service_id),
)

CONSUMERS: tuple[Consumer[Any], ...] = (follow_service_change,)
