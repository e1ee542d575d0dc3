"""Devices of which the push service is to be told."""

from functions.queues.contract import Consumer
from lib.ports.queueing.items import InstallationChanged
from lib.ports.queueing.names import INSTALLATION_CHANGED

sync_push_registrations = Consumer(
    name="sync_push_registrations",
    queue=INSTALLATION_CHANGED,
    item=InstallationChanged,
    handler=lambda app, item: app.sync_push_registrations(item),
)
