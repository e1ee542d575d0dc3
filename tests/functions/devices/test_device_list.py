"""A citizen lists the devices that get push notifications, and removes one by its id there."""

from tests.builders.altered import without_platform
from tests.builders.profiles import OTHER_CITIZEN
from tests.doubles.hub import Hub
from tests.functions.devices.device_calls import channels, listed, register, remove, subscribe
from tests.stack import Stack


async def test_the_list_shows_apps_and_browsers(pushing: Stack, hub: Hub) -> None:
    """A device of the list can be removed by its id there, by its own citizen alone."""
    await register(pushing, "phone", "channel", platform="gcm")
    await subscribe(pushing, "page", "one")
    await pushing.drain()

    browser, phone = await listed(pushing)
    await remove(pushing, browser["id"], citizen=OTHER_CITIZEN)
    assert len(await listed(pushing)) == 2
    await remove(pushing, browser["id"])
    await pushing.drain()

    at = "2026-11-23T09:00:00.000Z"
    assert (browser["platform"], browser["registered_at"]) == ("browser", at)
    assert (phone["platform"], phone["registered_at"]) == ("fcmv1", at)
    assert await listed(pushing) == [phone]
    assert channels(hub) == {"channel"}


async def test_a_device_of_the_former_release_gets_its_platform(pushing: Stack) -> None:
    """It is listed without, until it registers again."""
    await register(pushing, "phone", "channel")
    await without_platform(pushing)
    (former,) = await listed(pushing)
    await register(pushing, "phone", "channel")
    (present,) = await listed(pushing)

    assert set(former) == {"id"}
    assert present == {
        **former,
        "platform": "apns",
        "registered_at": "2026-11-23T09:00:00.000Z",
    }
