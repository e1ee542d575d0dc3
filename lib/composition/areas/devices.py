"""Wires the use cases of devices."""

from lib.composition.secrets import pseudonyms_of
from lib.composition.settings import Settings
from lib.composition.stacks import Ports
from lib.use_cases.devices.register_device import RegisterDevice
from lib.use_cases.devices.remove_device import RemoveDevice
from lib.use_cases.devices.sync_push_registrations import SyncPushRegistrations


class DeviceUseCases:
    """The devices that are pushed to."""

    def __init__(self, ports: Ports, settings: Settings) -> None:
        store, queue, clock = ports.store, ports.queue, ports.clock
        pseudonyms = pseudonyms_of(settings)
        self.register = RegisterDevice(store, queue, clock, pseudonyms)
        self.remove = RemoveDevice(store, queue, clock, pseudonyms)
        self.sync_push_registrations = SyncPushRegistrations(store, ports.devices)
