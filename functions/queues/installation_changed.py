"""Devices of which the push service is to be told."""

from functions.queues.consumer import Consumer
from lib.domain.events import InstallationChanged
from lib.queues import INSTALLATION_CHANGED

settle_devices = Consumer(
    name="settle_devices",
    queue=INSTALLATION_CHANGED,
    item=InstallationChanged,
    handler=lambda app, item: app.settle_devices(item),
)
