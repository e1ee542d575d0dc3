"""The paths of devices cost a limited number of operations (design, section 5)."""

from functions.queues.devices import sync_push_registrations
from infra.local.sandbox.seed import CITIZEN
from lib.ports.queueing.names import INSTALLATION_CHANGED
from tests.doubles.counted_stack import CountedStack, register
from tests.functions.devices.device_calls import listed, subscribe
from tests.stack import take


async def test_register_and_remove_a_device(counted: CountedStack) -> None:
    """A registration costs 1 read and 2 writes, repeated 2 reads; a removal 1 read and 1 write."""
    for documents in ({"read": 1, "upsert": 1, "create": 2}, {"read": 2}):
        counted.reset()
        await register(counted)
        assert counted.documents == documents
        assert counted.queues == {"put": 1}

    counted.reset()
    await counted.call("remove_installation", path={"installation_id": "one"}, citizen=CITIZEN)

    assert counted.documents == {"read": 1, "replace": 1, "create": 1}
    assert counted.queues == {"put": 1}


async def test_register_and_list_a_browser(counted: CountedStack) -> None:
    """A browser costs what a device does; the list costs a read, and one for each device."""
    for documents in ({"read": 1, "upsert": 1, "create": 2}, {"read": 2}):
        counted.reset()
        assert (await subscribe(counted, "page", "one")).status == 200
        assert counted.documents == documents
        assert counted.queues == {"put": 1}
    await register(counted)
    counted.reset()

    platforms = [one["platform"] for one in await listed(counted)]

    assert platforms == ["apns", "browser"]
    assert counted.documents == {"read": 3}


async def test_settle_a_device(counted: CountedStack) -> None:
    """The item costs 1 read of the citizen's list and 2 of the channel, around the hub's call."""
    await register(counted)
    (item,) = await take(counted.queue, INSTALLATION_CHANGED)
    counted.reset()

    await sync_push_registrations.consume(counted.app, item.text, last=False)

    assert counted.documents == {"read": 3}
    assert counted.queues == {}
