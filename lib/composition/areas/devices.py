"""Wires the use cases of devices."""

from lib.composition.repositories import Repositories
from lib.composition.secrets import pseudonyms_of
from lib.composition.settings import Settings
from lib.composition.stacks import Ports
from lib.use_cases.devices.list_devices import ListDevices
from lib.use_cases.devices.register_device import RegisterDevice
from lib.use_cases.devices.remove_device import RemoveDevice
from lib.use_cases.devices.sync_push_registrations import SyncPushRegistrations


class DeviceUseCases:
    """The devices that get push notifications."""

    def __init__(self, ports: Ports, settings: Settings, repositories: Repositories) -> None:
        queue, clock = ports.queue, ports.clock
        devices, channels = repositories.devices, repositories.push_channels
        pseudonyms = pseudonyms_of(settings)
        self.register = RegisterDevice(devices, channels, queue, clock, pseudonyms)
        self.list = ListDevices(devices, channels)
        self.remove = RemoveDevice(devices, queue, clock, pseudonyms)
        self.sync_push_registrations = SyncPushRegistrations(devices, channels, ports.devices)
