"""Consumes the queue of services: managed services that may have changed."""

from collections.abc import Awaitable
from typing import Any

from functions.queues.contract import Consumer
from lib.composition.app import App
from lib.ports.queueing.items.senders import ServiceChanged
from lib.ports.queueing.names import SERVICE_CHANGED


def _follow(app: App, item: ServiceChanged) -> Awaitable[None]:
    if item.organization_fiscal_code is not None:
        return app.services.follow_organization(item.organization_fiscal_code)
    return app.services.follow_change(item.service_id)


follow_service_change = Consumer(
    name="follow_service_change",
    queue=SERVICE_CHANGED,
    item=ServiceChanged,
    handler=_follow,
)

CONSUMERS: tuple[Consumer[Any], ...] = (follow_service_change,)
