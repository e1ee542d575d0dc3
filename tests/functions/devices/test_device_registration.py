"""The hub has each registered device once, for its last owner."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from functions.queues.devices import sync_push_registrations
from infra.local.sandbox.seed import CITIZEN
from lib.domain.devices.devices import MAX_DEVICES
from lib.ports.queueing.names import INSTALLATION_CHANGED
from tests.builders.profiles import OTHER_CITIZEN
from tests.doubles.hub import Hub
from tests.functions.devices.device_calls import channels, register, remove
from tests.stack import Stack, take

HANGS = [pytest.param(f"hang {when}", marks=pytest.mark.slow) for when in ("before", "after")]


async def test_a_device_that_changes_hands_rings_for_its_new_owner_alone(
    pushing: Stack, hub: Hub
) -> None:
    """A device rings for the citizen who registered it last, whatever the first owner does."""
    await register(pushing, "old", "channel")
    await pushing.drain()
    await register(pushing, "new", "channel", citizen=OTHER_CITIZEN)
    await pushing.drain()

    await pushing.deliver()
    assert not hub.rung
    id_ = await pushing.deliver(fiscal_code=OTHER_CITIZEN)
    await remove(pushing, "old")
    await pushing.drain()

    assert [one["message_id"] for one in hub.rung["channel"]] == [id_]
    assert channels(hub) == {"channel"}


async def test_a_late_item_does_not_give_a_device_back(pushing: Stack, hub: Hub) -> None:
    """An item that comes late registers the present owner of the device."""
    await register(pushing, "old", "channel")
    (late,) = await take(pushing.queue, INSTALLATION_CHANGED)
    await register(pushing, "new", "channel", citizen=OTHER_CITIZEN)
    await pushing.drain()

    await sync_push_registrations.consume(pushing.app, late.text, last=False)
    await pushing.deliver()

    assert not hub.rung


async def test_a_device_registered_twice_at_once_has_one_owner(pushing: Stack, hub: Hub) -> None:
    """The hub ends with the owner that the store has, in any order of the items."""
    for _ in range(10):
        await asyncio.gather(
            register(pushing, "a", "channel"),
            register(pushing, "b", "channel", citizen=OTHER_CITIZEN),
        )
        items = await take(pushing.queue, INSTALLATION_CHANGED)
        await asyncio.gather(
            *(
                sync_push_registrations.consume(pushing.app, item.text, last=False)
                for item in items
            ),
            register(pushing, "a", "channel"),
        )
        await pushing.drain()

        ((id_, installation),) = hub.installations.items()
        owned = await pushing.app.repositories.push_channels.get(id_)
        assert owned is not None
        assert installation["templates"]["message"]["tags"] == [f"user:{owned.recipient}"]


async def test_a_new_channel_replaces_the_old_one(pushing: Stack, hub: Hub) -> None:
    """A device that registers with a new channel is one device, also when it repeats that."""
    for channel in ("first", "second", "second"):
        await register(pushing, "one", channel)
    await pushing.drain()

    assert channels(hub) == {"second"}
    devices = await pushing.app.repositories.devices.get(CITIZEN)
    assert (len(devices.present), devices.leaving) == (1, ())


async def test_the_device_that_registered_longest_ago_makes_room(pushing: Stack, hub: Hub) -> None:
    """The device that registered longest ago makes room for the eleventh."""
    await asyncio.gather(*(register(pushing, f"{n}", f"channel-{n}") for n in range(5)))
    for n in range(5, MAX_DEVICES):
        await register(pushing, f"{n}", f"channel-{n}")
    await register(pushing, "0", "channel-0")
    await register(pushing, "new", "channel-new")
    await pushing.drain()

    assert len(hub.installations) == MAX_DEVICES
    assert {"channel-0", "channel-new"} < channels(hub)


async def test_a_channel_that_the_hub_refuses_is_not_tried_again(
    pushing: Stack, hub: Hub, caplog: pytest.LogCaptureFixture
) -> None:
    """A refused channel is logged without its name, and not tried again."""
    await register(pushing, "one", "no such channel")
    await pushing.drain()

    assert not hub.installations
    assert "RefusedError" in caplog.text
    assert "no such channel" not in caplog.text


@pytest.mark.parametrize("fault", [429, 500, 503, 401, 403, *HANGS])
async def test_a_registration_that_fails_is_repeated(
    pushing: Stack, hub: Hub, fault: int | str
) -> None:
    """A registration is repeated after any failure of the hub."""
    await register(pushing, "one", "channel")
    hub.faults = [fault]
    await pushing.drain()
    pushing.clock.advance(timedelta(seconds=30))
    await pushing.drain()

    assert hub.calls == ["PUT", "PUT"]
    assert channels(hub) == {"channel"}


async def test_a_stack_without_a_hub_accepts_registrations(stack: Stack) -> None:
    """A stack without a hub accepts registrations and queues nothing."""
    assert (await register(stack, "one", "channel")).status == 200
    assert (await remove(stack, "one")).status == 200
    await stack.drain()

    assert not await take(stack.queue, INSTALLATION_CHANGED)


@pytest.mark.parametrize(
    "body",
    [
        {"platform": "wns", "pushChannel": "x"},
        {"platform": "apns", "pushChannel": ""},
        {"platform": "apns"},
        {"platform": "apns", "pushChannel": "x" * 4097},
    ],
)
async def test_a_wrong_registration_is_refused(stack: Stack, body: dict[str, Any]) -> None:
    """A wrong registration gets 400, and nothing is queued."""
    reply = await stack.call(
        "register_installation_v1", body, path={"installation_id": "one"}, citizen=CITIZEN
    )

    assert (reply.status, reply.body["title"]) == (400, "Invalid Installation")
    assert not await take(stack.queue, INSTALLATION_CHANGED)
