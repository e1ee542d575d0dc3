"""A browser is one more device: its subscription has one owner, and gets each push once."""

import asyncio
from pathlib import Path

from infra.local.sandbox.seed import CITIZEN
from lib.adapters.embedded.captured.push import CapturedPush
from tests.builders.parties import DELEGATE
from tests.builders.profiles import OTHER_CITIZEN
from tests.doubles.hub import Hub
from tests.functions.devices.device_calls import (
    KEYS,
    channels,
    endpoint_of,
    listed,
    register,
    remove,
    subscribe,
)
from tests.functions.parties.told import with_told
from tests.stack import Stack


async def test_the_hub_gets_a_browser_in_its_own_form(pushing: Stack, hub: Hub) -> None:
    """The installation is that of the hub's documents, with a template for each kind of push."""
    reply = await subscribe(pushing, "page", "one")
    assert (reply.status, reply.body) == (200, {"message": "ok"})
    await pushing.drain()

    ((id_, sent),) = hub.installations.items()
    (own,) = sent["templates"]["message"]["tags"]
    assert sent == {
        "installationId": id_,
        "platform": "browser",
        "pushChannel": {"endpoint": endpoint_of("one"), **KEYS},
        "templates": {
            "message": {
                "body": '{"title":"$(title)","body":"$(message)","message_id":"$(message_id)",'
                '"tag":"$(message_id)"}',
                "tags": [own],
            },
            "delegated": {
                "body": '{"title":"$(title)","body":"$(message)","message_id":"$(message_id)",'
                '"tag":"$(message_id)","delegation_id":"$(delegation_id)"}',
                "tags": [own.replace("user:", "delegate:")],
            },
        },
    }


async def test_a_browser_rings_beside_the_phone(pushing: Stack, hub: Hub, tmp_path: Path) -> None:
    """The service worker gets what the sandbox shows of a captured push."""
    await register(pushing, "phone", "channel")
    await subscribe(pushing, "page", "one")
    await pushing.drain()

    id_ = await pushing.deliver()

    payload = {
        "title": "Comune di Esempio",
        "body": "Tassa sui rifiuti",
        "message_id": id_,
        "tag": id_,
    }
    assert hub.rung[endpoint_of("one")] == [payload]
    assert [one["message_id"] for one in hub.rung["channel"]] == [id_]
    assert hub.calls.count("POST") == 1
    captured = tmp_path / "captured.jsonl"
    sandbox = await Stack(tmp_path / "sandbox", push=CapturedPush(captured, pushing.clock)).start()
    try:
        await sandbox.deliver()
        reply = captured.read_text()
    finally:
        await sandbox.app.close()
    assert '"web_push":{"title":"Comune di Esempio","body":"Tassa sui rifiuti","m' in reply


async def test_a_citizen_who_chose_anonymous_pushes_gets_them(pushing: Stack, hub: Hub) -> None:
    """A browser learns no more than a phone."""
    await subscribe(pushing, "page", "one")
    await pushing.drain()
    read = await pushing.call("read_profile", citizen=CITIZEN)
    version = read.body["version"]
    choice = {"version": version, "push_notifications_content_type": "ANONYMOUS"}
    assert (await pushing.call("update_profile", choice, citizen=CITIZEN)).status == 200

    await pushing.deliver()

    ((payload,),) = hub.rung.values()
    assert "Tassa" not in str(payload)
    assert "Comune" not in str(payload)
    assert set(payload) == {"title", "body", "message_id", "tag"}


async def test_a_delegates_browser_learns_the_delegation(pushing: Stack, hub: Hub) -> None:
    """The page opens the other inbox by it."""
    delegation_id = await with_told(pushing)
    await subscribe(pushing, "page", "one", citizen=DELEGATE)
    await pushing.drain()

    id_ = await pushing.deliver()

    ((payload,),) = hub.rung.values()
    assert payload == {
        "title": "Nuovo messaggio in un'altra casella",
        "body": payload["body"],
        "message_id": id_,
        "tag": id_,
        "delegation_id": delegation_id,
    }


async def test_a_browser_of_two_citizens_rings_for_the_last_alone(pushing: Stack, hub: Hub) -> None:
    """A page subscribes once for all who log in there, so the address changes hands."""
    await subscribe(pushing, "page", "shared")
    await pushing.drain()
    await subscribe(pushing, "page", "shared", citizen=OTHER_CITIZEN)
    await pushing.drain()

    await pushing.deliver()
    assert not hub.rung
    id_ = await pushing.deliver(fiscal_code=OTHER_CITIZEN)
    assert await listed(pushing) == []
    await remove(pushing, "page")
    await pushing.drain()

    assert [one["message_id"] for one in hub.rung[endpoint_of("shared")]] == [id_]
    assert channels(hub) == {endpoint_of("shared")}
    assert len(await listed(pushing, OTHER_CITIZEN)) == 1


async def test_two_citizens_at_once_leave_one_owner(pushing: Stack, hub: Hub) -> None:
    """The hub ends with the owner that the store has."""
    for _ in range(5):
        await asyncio.gather(
            subscribe(pushing, "page", "shared"),
            subscribe(pushing, "page", "shared", citizen=OTHER_CITIZEN),
        )
        await pushing.drain()

        ((id_, installation),) = hub.installations.items()
        owned = await pushing.app.repositories.push_channels.get(id_)
        assert owned is not None
        assert installation["templates"]["message"]["tags"] == [f"user:{owned.recipient}"]
        lists = [await listed(pushing, one) for one in (CITIZEN, OTHER_CITIZEN)]
        assert sorted(map(len, lists)) == [0, 1]


async def test_new_keys_for_the_same_address_replace_the_former(pushing: Stack, hub: Hub) -> None:
    """The address is the channel: other keys for it make no second device."""
    other = {**KEYS, "auth": "AAAAAAAAAAAAAAAAAAAAAA"}
    for keys in (KEYS, other, other):
        await subscribe(pushing, "page", "one", keys=keys)
    await pushing.drain()

    (installation,) = hub.installations.values()
    assert installation["pushChannel"] == {"endpoint": endpoint_of("one"), **other}
    assert len(await listed(pushing)) == 1


async def test_a_subscription_that_the_browser_replaced_is_removed(
    pushing: Stack, hub: Hub
) -> None:
    """The same browser with another address is one device."""
    for name in ("first", "second"):
        await subscribe(pushing, "page", name)
    await pushing.drain()

    assert channels(hub) == {endpoint_of("second")}
