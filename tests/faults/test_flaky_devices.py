"""Devices on ports and a hub that fail at random: the hub ends with the citizens' devices."""

import asyncio
import random
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from functions.declared import CONSUMERS
from infra.local.sandbox.seed import CITIZEN
from lib.composition.stacks import embedded_ports
from lib.domain.devices.devices import channel_hash
from lib.domain.shared.pseudonym import Pseudonyms
from lib.ports.errors import NotFoundError
from lib.ports.queueing.names import INSTALLATION_CHANGED
from lib.ports.schema.notifications import INSTALLATIONS, PUSH_CHANNELS
from tests.builders.settings import settings_for
from tests.doubles.channels import KeptDevices
from tests.doubles.clock import StillClock
from tests.faults.flaky import Faults, Flaky, FlakyQueue
from tests.faults.listeners import listeners_of, step
from tests.stack import Stack

CITIZENS = (CITIZEN, "RSSMRA80A01H501U", "NOREMI00A00A000A")
CHANNELS = tuple(f"channel-{number}" for number in range(6))


class FlakyDevices(Stack):
    """The app on ports and a list of devices that fail."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.faults = Faults(random.Random(seed))
        self.kept = KeptDevices()
        still = StillClock()
        self.real = embedded_ports(settings_for(folder), still)
        super().__init__(
            folder,
            clock=still,
            store=Flaky("store", self.real.store, self.faults),
            queue=FlakyQueue(self.real.queue, self.faults),
            devices=Flaky("devices", self.kept, self.faults),
        )
        self.clock = still
        self.listeners = listeners_of(self, timedelta(seconds=60))

    async def phone(self, citizen: str, device: str, rng: random.Random) -> None:
        """Register and remove a device many times; repeat each call until its answer is 200."""
        for _ in range(30):
            name = rng.choice(("register_installation", "remove_installation"))
            body = {"platform": "fcmv1", "pushChannel": rng.choice(CHANNELS)}
            path = {"installation_id": device}
            status = 0
            while status != 200:
                status = (await self.call(name, body, path=path, citizen=citizen)).status

    async def settle(self) -> None:
        """Run the host and the clock until every queue is empty."""
        for _ in range(10_000):
            if not sum([await self.real.queue.length(one.queue) for one in CONSUMERS]):
                return
            await step(self.listeners)
            self.clock.advance(timedelta(seconds=10))
        raise AssertionError(await self.real.queue.length(INSTALLATION_CHANGED))


@pytest.fixture
async def flaky(tmp_path: Path, seed: int) -> AsyncIterator[FlakyDevices]:
    """Yield a seeded stack whose ports work until a test makes them fail."""
    stack = FlakyDevices(tmp_path, seed)
    await stack.start()
    yield stack
    await stack.app.close()


@pytest.mark.slow
async def test_the_hub_ends_with_the_devices_of_the_citizens(
    flaky: FlakyDevices, seed: int
) -> None:
    """Nine phones share six channels; one call in ten fails, before or after the deed."""
    flaky.faults.rate = 0.1
    async with asyncio.TaskGroup() as group:
        phones = [
            group.create_task(flaky.phone(citizen, f"{n}", random.Random(f"{seed}{citizen}{n}")))
            for citizen in CITIZENS
            for n in range(3)
        ]
        while not all(one.done() for one in phones):
            await step(flaky.listeners)
            await asyncio.sleep(0)
    await flaky.settle()

    store = flaky.real.store
    hashes = Pseudonyms(flaky.app.settings.pseudonym_secret.get_secret_value().encode())
    lists = {
        hashes.of(citizen): (await store.read(INSTALLATIONS, citizen, "devices")).document
        for citizen in CITIZENS
    }
    assert not any(one["leaving"] for one in lists.values())
    for channel in CHANNELS:
        id_ = channel_hash(hashes, channel)
        installation = flaky.kept.installations.pop(id_, None)
        try:
            document = (await store.read(PUSH_CHANNELS, id_, id_)).document
        except NotFoundError:
            assert installation is None
            continue
        assert installation is not None
        assert installation.recipient == document["owner"]
        present = {one["channel"]: one["claim"] for one in lists[document["owner"]]["present"]}
        assert present[id_] == document["claim"]
    assert not flaky.kept.installations
