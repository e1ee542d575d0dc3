"""A device that is removed rings no more, whatever fails meanwhile."""

import asyncio

import pytest

from functions.queues.devices import sync_push_registrations
from infra.local.sandbox.seed import CITIZEN
from lib.ports.errors import UnavailableError
from lib.ports.queueing.items.notifications import InstallationChanged
from lib.ports.queueing.names import INSTALLATION_CHANGED
from tests.doubles.hub import Hub
from tests.functions.devices.device_calls import channels, register, remove
from tests.stack import Stack, take


async def test_a_removed_device_is_silent(pushing: Stack, hub: Hub) -> None:
    """A removed device does not ring, and the others do; a repeated removal succeeds."""
    await register(pushing, "one", "channel-one")
    await register(pushing, "two", "channel-two")
    await pushing.drain()
    for device in ("one", "one", "never"):
        assert (await remove(pushing, device)).status == 200
    await pushing.drain()

    await pushing.deliver()
    assert set(hub.rung) == {"channel-two"}

    await register(pushing, "one", "channel-one")
    await pushing.drain()
    assert channels(hub) == {"channel-one", "channel-two"}


async def test_a_device_that_leaves_and_comes_back_at_once_stays(pushing: Stack, hub: Hub) -> None:
    """A device that registers right after its removal stays, whenever the item runs."""
    for _ in range(20):
        await register(pushing, "one", "channel")
        await remove(pushing, "one")
        items = await take(pushing.queue, INSTALLATION_CHANGED)
        await asyncio.gather(
            *(
                sync_push_registrations.consume(pushing.app, item.text, last=False)
                for item in items
            ),
            register(pushing, "one", "channel"),
        )
        await pushing.drain()

        assert channels(hub) == {"channel"}
        assert not (await pushing.app.repositories.devices.get(CITIZEN)).leaving


async def test_a_removal_whose_item_was_lost_is_made_later(pushing: Stack, hub: Hub) -> None:
    """The next item of the citizen removes the device from the hub."""
    await register(pushing, "one", "channel-one")
    await pushing.drain()
    await remove(pushing, "one")
    (lost,) = await take(pushing.queue, INSTALLATION_CHANGED)
    await pushing.queue.delete(INSTALLATION_CHANGED, lost)

    await register(pushing, "two", "channel-two")
    await pushing.drain()

    assert channels(hub) == {"channel-two"}


async def test_a_long_outage_of_the_queue_locks_no_citizen_out(
    pushing: Stack, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A registration that is refused for lack of room queues what makes room again."""

    async def away(*_: object, **__: object) -> None:
        raise UnavailableError("away")

    with monkeypatch.context() as while_away:
        while_away.setattr(pushing.queue, "put", away)
        for number in range(60):
            assert (await register(pushing, "phone", f"channel-{number}")).status == 503

    assert (await register(pushing, "phone", "channel-60")).status == 503
    assert (await remove(pushing, "phone")).status == 503
    await pushing.drain()
    assert (await register(pushing, "phone", "channel-60")).status == 200
    await pushing.drain()

    assert channels(hub) == {"channel-60"}


def test_an_item_without_a_channel_is_readable() -> None:
    """The item of a removal, which has no channel, is valid."""
    item = InstallationChanged.model_validate_json(InstallationChanged(fiscal_code=CITIZEN).text())

    assert item.channel is None
