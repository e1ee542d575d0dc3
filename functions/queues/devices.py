"""Consumes the queue of changed devices, and tells the push service of each change."""

from typing import Any

from functions.queues.contract import Consumer
from lib.ports.queueing.items.notifications import InstallationChanged
from lib.ports.queueing.names import INSTALLATION_CHANGED

sync_push_registrations = Consumer(
    name="sync_push_registrations",
    queue=INSTALLATION_CHANGED,
    item=InstallationChanged,
    handler=lambda app, item: app.devices.sync_push_registrations(item),
)

CONSUMERS: tuple[Consumer[Any], ...] = (sync_push_registrations,)
