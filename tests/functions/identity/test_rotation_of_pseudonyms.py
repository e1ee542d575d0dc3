"""The replacement of the pseudonym secret keeps devices and addresses with their owners."""

from datetime import timedelta
from pathlib import Path

import pytest

from infra.local.sandbox.seed import CITIZEN
from lib.domain.devices.devices import MAX_DEVICES
from tests.builders.email_addresses import link_token, owners_of
from tests.builders.profiles import OTHER_CITIZEN
from tests.doubles.hub import Hub
from tests.functions.identity.rotation import NEW, OLD, ended, rotated, under
from tests.stack import Stack

WANTED = "wanted@example.org"


OWNERS = (CITIZEN, OTHER_CITIZEN)


async def register(stack: Stack, device: str, channel: str, citizen: str = CITIZEN) -> None:
    """Register a device, and run the item that tells the push service."""
    answer = await stack.call(
        "register_installation",
        {"platform": "apns", "pushChannel": channel},
        path={"installation_id": device},
        citizen=citizen,
    )
    assert answer.status == 200
    await stack.drain()


async def test_a_device_rings_once_before_and_after_it_registers_anew(
    tmp_path: Path, hub: Hub
) -> None:
    """A device that registers again during the rotation is not registered twice."""
    before = await under(tmp_path, "pseudonym_secret", hub).start()
    await register(before, "phone", "channel")
    await register(before, "tablet", "another")
    await before.app.close()

    during = rotated(tmp_path, "pseudonym_secret", hub)
    await during.deliver()
    assert {name: len(rung) for name, rung in hub.rung.items()} == {"channel": 1, "another": 1}
    await register(during, "phone", "channel")
    await during.deliver()
    assert {name: len(rung) for name, rung in hub.rung.items()} == {"channel": 2, "another": 2}
    await during.app.close()

    after = ended(tmp_path, "pseudonym_secret", hub)
    await after.deliver()
    assert {name: len(rung) for name, rung in hub.rung.items()} == {"channel": 3, "another": 2}
    await after.app.close()


async def test_a_device_that_changed_hands_meanwhile_rings_for_its_owner_alone(
    tmp_path: Path, hub: Hub
) -> None:
    """A device rings for its new owner, though the old one registered under the previous secret."""
    before = await under(tmp_path, "pseudonym_secret", hub).start()
    await register(before, "phone", "channel", citizen=OTHER_CITIZEN)
    await before.app.close()

    during = rotated(tmp_path, "pseudonym_secret", hub)
    await register(during, "new phone", "channel")
    await during.deliver(fiscal_code=OTHER_CITIZEN)
    assert not hub.rung
    await during.deliver()
    assert len(hub.rung["channel"]) == 1
    await during.app.close()


async def validate(stack: Stack, citizen: str) -> int:
    """Give the citizen the wanted address, and open its validation link; return the status."""
    version = (await stack.call("read_profile", citizen=citizen)).body["version"]
    body = {"version": version, "email": WANTED}
    reply = await stack.call("update_profile", body, citizen=citizen)
    if reply.status != 200:
        return reply.status
    path = {"token": link_token(stack, "validate", citizen, WANTED)}
    return (await stack.call("do_validate_email", path=path, key=None)).status


@pytest.mark.parametrize("is_seen", [False, True])
async def test_an_address_keeps_its_owner_through_the_rotation(
    tmp_path: Path, is_seen: bool
) -> None:
    """An address keeps its owner where the profile was read during the rotation."""
    before = await under(tmp_path, "pseudonym_secret").start()
    assert await validate(before, CITIZEN) == 200
    await before.app.close()

    both = {"pseudonym_secret": NEW, "pseudonym_secret_previous": OLD}
    links = {"link_secret_previous": OLD}
    during = under(tmp_path, "link_secret", None, link_secret=NEW, **links, **both)
    during.clock.advance(timedelta(minutes=1))
    assert await validate(during, OTHER_CITIZEN) == 412
    if is_seen:
        await during.call("read_profile", citizen=CITIZEN)
    assert await owners_of(during, WANTED, OWNERS) == [CITIZEN]
    await during.app.close()

    after = ended(tmp_path, "pseudonym_secret")
    after.clock.advance(timedelta(minutes=2))
    assert await owners_of(after, WANTED, OWNERS) == ([CITIZEN] if is_seen else [])
    if not is_seen:
        # claimed anew by what the profile says, as an address from before there were owners
        await after.call("read_profile", citizen=CITIZEN)
    assert await validate(after, OTHER_CITIZEN) == 412
    await after.app.close()


async def test_an_address_that_leaves_is_free_under_both_secrets(tmp_path: Path) -> None:
    """An address that leaves a profile leaves no claim under either secret."""
    before = await under(tmp_path, "pseudonym_secret").start()
    assert await validate(before, CITIZEN) == 200
    await before.app.close()

    during = rotated(tmp_path, "pseudonym_secret")
    during.clock.advance(timedelta(minutes=1))
    body = {"version": 1, "email": None}
    assert (await during.call("update_profile", body, citizen=CITIZEN)).status == 200
    assert await owners_of(during, WANTED, OWNERS) == []
    assert await validate(during, OTHER_CITIZEN) == 200
    assert await owners_of(during, WANTED, OWNERS) == [OTHER_CITIZEN]
    await during.app.close()


async def test_a_device_under_the_previous_secret_can_be_removed(tmp_path: Path, hub: Hub) -> None:
    """It takes no second place beside the same device that registered again."""
    before = await under(tmp_path, "pseudonym_secret", hub).start()
    for number in range(MAX_DEVICES):
        await register(before, f"device {number}", f"channel-{number}")
    await before.app.close()

    during = rotated(tmp_path, "pseudonym_secret", hub)
    await register(during, "device 0", "channel-0")
    assert len(hub.installations) == MAX_DEVICES
    await during.call("remove_installation", path={"installation_id": "device 1"}, citizen=CITIZEN)
    await during.drain()
    assert len(hub.installations) == MAX_DEVICES - 1
    await during.deliver()
    assert "channel-1" not in hub.rung
    await during.app.close()
