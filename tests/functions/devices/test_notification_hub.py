"""Devices and pushes against a hub on loopback: each rings once, whoever fails and however."""

import asyncio
import time
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from functions.queues.devices import sync_push_registrations
from functions.queues.notifications import send_notification
from infra.local.sandbox.seed import CITIZEN
from lib.adapters.outbound.hub_token import HubAddress, HubTokens
from lib.adapters.outbound.notification_hub import NotificationHub
from lib.domain.devices.devices import MAX_DEVICES
from lib.ports.errors import UnavailableError
from lib.ports.push import PushNotification
from lib.ports.queueing.items import InstallationChanged, NotificationRequested
from lib.ports.queueing.names import INSTALLATION_CHANGED
from lib.ports.schema import INSTALLATIONS
from lib.ports.send_errors import NotSentError
from lib.repositories.devices.devices import DEVICES_ID
from lib.use_cases.shared import breaker
from tests.builders.profiles import OTHER_CITIZEN
from tests.doubles.hub import HUB, Hub
from tests.stack import Reply, Stack, take
from tests.stored import delivery_status, stored_text

HANGS = [pytest.param(f"hang {when}", marks=pytest.mark.slow) for when in ("before", "after")]


@pytest.fixture
async def hub() -> AsyncIterator[Hub]:
    """Give a hub."""
    async with Hub() as listening:
        yield listening


@pytest.fixture
async def pushing(tmp_path: Path, hub: Hub) -> AsyncIterator[Stack]:
    """Give a stack that pushes through the hub."""
    client = NotificationHub(HubAddress.read(hub.connection, HUB), answer_seconds=0.5)
    stack = await Stack(tmp_path, push=client, devices=client).start()
    yield stack
    await stack.app.close()


async def register(
    stack: Stack, device: str, channel: str, *, citizen: str = CITIZEN, platform: str = "apns"
) -> Reply:
    """Register a device."""
    return await stack.call(
        "register_installation",
        {"platform": platform, "pushChannel": channel},
        path={"installation_id": device},
        citizen=citizen,
    )


async def remove(stack: Stack, device: str, *, citizen: str = CITIZEN) -> Reply:
    """Remove a device."""
    return await stack.call(
        "remove_installation", path={"installation_id": device}, citizen=citizen
    )


def channels(hub: Hub) -> set[str]:
    """Return the push channels that the hub knows."""
    return {str(one["pushChannel"]) for one in hub.installations.values()}


async def test_each_device_rings_once_in_its_platforms_form(pushing: Stack, hub: Hub) -> None:
    """Titles and texts by template, with the message's id; `gcm` is what fcmv1 was called."""
    for device, platform in (("one", "apns"), ("two", "gcm"), ("three", "fcmv1")):
        reply = await register(pushing, device, f"channel-{device}", platform=platform)
        assert (reply.status, reply.body) == (200, {"message": "ok"})
    await pushing.drain()

    id_ = await pushing.deliver()

    title, body = "Comune di Esempio", "Tassa sui rifiuti"
    android = {
        "message": {
            "notification": {"title": title, "body": body},
            "android": {"data": {"message_id": id_}, "notification": {"icon": "ic_notification"}},
        }
    }
    assert hub.rung == {
        "channel-one": [{"aps": {"alert": {"title": title, "body": body}}, "message_id": id_}],
        "channel-two": [android],
        "channel-three": [android],
    }
    assert {one["platform"] for one in hub.installations.values()} == {"apns", "fcmv1"}
    assert await delivery_status(pushing, id_) == "SENT"


async def test_the_hub_never_learns_who_a_citizen_is(pushing: Stack, hub: Hub) -> None:
    """Not even where an app calls its device by the fiscal code."""
    await register(pushing, CITIZEN, "channel")
    await pushing.drain()
    await pushing.deliver()
    await remove(pushing, CITIZEN)
    await pushing.drain()

    assert hub.calls == ["PUT", "POST", "DELETE"]
    assert CITIZEN not in hub.seen
    text = await stored_text(pushing, INSTALLATIONS, CITIZEN, DEVICES_ID, without="fiscal_code")
    assert CITIZEN not in text


async def test_a_device_that_changes_hands_rings_for_its_new_owner_alone(
    pushing: Stack, hub: Hub
) -> None:
    """Whatever its app calls it; and the former owner's removal later does not silence it."""
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
    """An item that was put back for hours writes the owner of today."""
    await register(pushing, "old", "channel")
    (late,) = await take(pushing.queue, INSTALLATION_CHANGED)
    await register(pushing, "new", "channel", citizen=OTHER_CITIZEN)
    await pushing.drain()

    await sync_push_registrations.consume(pushing.app, late.text, last=False)
    await pushing.deliver()

    assert not hub.rung


async def test_two_who_register_one_device_at_once_leave_one_owner(
    pushing: Stack, hub: Hub
) -> None:
    """The hub ends with the owner that the store has, in whichever order it was told."""
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
        assert installation["tags"] == [f"user:{owned.recipient}"]


async def test_a_new_channel_of_a_device_takes_the_old_ones_place(pushing: Stack, hub: Hub) -> None:
    """Platforms change them; registering again changes nothing."""
    for channel in ("first", "second", "second"):
        await register(pushing, "one", channel)
    await pushing.drain()

    assert channels(hub) == {"second"}
    devices = await pushing.app.repositories.devices.get(CITIZEN)
    assert (len(devices.present), devices.leaving) == (1, ())


async def test_the_device_that_registered_longest_ago_makes_room(pushing: Stack, hub: Hub) -> None:
    """Ten of a citizen, at once too."""
    await asyncio.gather(*(register(pushing, f"{n}", f"channel-{n}") for n in range(5)))
    for n in range(5, MAX_DEVICES):
        await register(pushing, f"{n}", f"channel-{n}")
    await register(pushing, "0", "channel-0")
    await register(pushing, "new", "channel-new")
    await pushing.drain()

    assert len(hub.installations) == MAX_DEVICES
    assert {"channel-0", "channel-new"} < channels(hub)


async def test_a_removed_device_is_silent(pushing: Stack, hub: Hub) -> None:
    """The others ring on; removing it again, or what never was, is fine."""
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
    """As at each login of IO's app; the item of the removal may run at any moment of it."""
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


async def test_a_removal_outlives_whoever_dies_before_it_is_queued(
    pushing: Stack, hub: Hub
) -> None:
    """What left stays listed until the hub knows it: the next item of the citizen tells it."""
    await register(pushing, "one", "channel-one")
    await pushing.drain()
    await remove(pushing, "one")
    (lost,) = await take(pushing.queue, INSTALLATION_CHANGED)
    await pushing.queue.delete(INSTALLATION_CHANGED, lost)

    await register(pushing, "two", "channel-two")
    await pushing.drain()

    assert channels(hub) == {"channel-two"}


async def test_a_queue_that_is_away_for_long_locks_nobody_out(
    pushing: Stack, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A phone gets a new channel each time: the refusal itself queues what makes room again."""

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


async def test_a_dead_device_is_the_hubs_own_business(pushing: Stack, hub: Hub) -> None:
    """It drops the channel itself; the others ring, and nothing fails here."""
    for n in (1, 2):
        await register(pushing, f"{n}", f"channel-{n}")
    await pushing.drain()
    hub.dead = {"channel-1"}

    id_ = await pushing.deliver()

    assert await delivery_status(pushing, id_) == "SENT"
    assert set(hub.rung) == channels(hub) == {"channel-2"}
    hub.dead.clear()
    await register(pushing, "1", "channel-1")
    await pushing.drain()
    assert channels(hub) == {"channel-1", "channel-2"}


async def test_a_channel_that_the_hub_refuses_is_not_tried_again(
    pushing: Stack, hub: Hub, caplog: pytest.LogCaptureFixture
) -> None:
    """It is reported, without the channel."""
    await register(pushing, "one", "no such channel")
    await pushing.drain()

    assert not hub.installations
    assert "RefusedError" in caplog.text
    assert "no such channel" not in caplog.text


@pytest.mark.parametrize("fault", [429, 500, 503, 401, 403, *HANGS])
async def test_a_registration_that_fails_comes_back(
    pushing: Stack, hub: Hub, fault: int | str
) -> None:
    """It may be repeated, whatever became of it."""
    await register(pushing, "one", "channel")
    hub.faults = [fault]
    await pushing.drain()
    pushing.clock.advance(timedelta(seconds=30))
    await pushing.drain()

    assert hub.calls == ["PUT", "PUT"]
    assert channels(hub) == {"channel"}


@pytest.mark.parametrize(
    ("fault", "retry_after", "first"),
    [
        (429, "12", "RELEASED"),
        (429, None, "RELEASED"),
        (401, None, "RELEASED"),
        (403, None, "RELEASED"),
        (404, None, "RELEASED"),
        (503, "5", "RELEASED"),
        (503, None, "UNCONFIRMED"),
        (500, None, "UNCONFIRMED"),
        (408, None, "UNCONFIRMED"),
        (400, None, "FAILED"),
        (413, None, "FAILED"),
        pytest.param("hang before", None, "UNCONFIRMED", marks=pytest.mark.slow),
        pytest.param("hang after", None, "UNCONFIRMED", marks=pytest.mark.slow),
        ("reset after", None, "UNCONFIRMED"),
    ],
)
async def test_what_the_hub_answers_says_whether_it_comes_back(
    pushing: Stack, hub: Hub, fault: int | str, retry_after: str | None, first: str
) -> None:
    """What was surely not taken comes back and rings once; all else is asked once, and settled."""
    await register(pushing, "one", "channel")
    await pushing.drain()
    hub.faults, hub.retry_after = [fault], retry_after
    id_ = await pushing.deliver()
    assert await delivery_status(pushing, id_) == first

    pushing.clock.advance(timedelta(hours=1))
    await pushing.drain()
    request = NotificationRequested(
        fiscal_code=CITIZEN, message_id=id_, kind="MESSAGE", channel="PUSH", full=True
    )
    await send_notification.consume(pushing.app, request.text(), last=False)

    again = first == "RELEASED"
    assert await delivery_status(pushing, id_) == ("SENT" if again else first)
    assert hub.calls.count("POST") == (2 if again else 1)
    taken = again or fault in {"hang after", "reset after"}
    assert len(hub.rung["channel"]) == (1 if taken else 0)


async def test_an_hour_without_the_hub_loses_nothing(
    pushing: Stack, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody listens: items come back with growing delays, and each rings once."""
    monkeypatch.setattr(breaker, "AWAY_SECONDS", 0)
    await register(pushing, "one", "channel")
    await pushing.drain()
    await hub.__aexit__()

    ids = [await pushing.deliver(time_to_live=86400) for _ in range(5)]
    await register(pushing, "two", "channel-two")
    for _ in range(12):
        pushing.clock.advance(timedelta(minutes=5))
        await pushing.drain()
    assert not hub.rung
    async with hub:
        pushing.clock.advance(timedelta(hours=1))
        await pushing.drain()

        assert sorted(one["message_id"] for one in hub.rung["channel"]) == ids
        assert channels(hub) == {"channel", "channel-two"}


async def test_a_hub_that_takes_no_connection_has_taken_nothing() -> None:
    """The one doubt that is none."""
    async with Hub() as gone:
        client = NotificationHub(HubAddress.read(gone.connection, HUB))
    with pytest.raises(NotSentError):
        await client.send(PushNotification("id", ("0" * 32,), "title", "body", "message"))
    await client.close()


async def test_a_stack_without_a_hub_takes_registrations(stack: Stack) -> None:
    """As the sandbox does; there is nobody to tell."""
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
    """Before anything is stored."""
    reply = await stack.call(
        "register_installation_v1", body, path={"installation_id": "one"}, citizen=CITIZEN
    )

    assert (reply.status, reply.body["title"]) == (400, "Invalid Installation")
    assert not await take(stack.queue, INSTALLATION_CHANGED)


def test_a_token_is_kept_and_made_anew_before_it_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    """An hour's, and ten minutes to spare."""
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now)
    address = HubAddress.read(
        "Endpoint=sb://ns.example/;SharedAccessKeyName=a;SharedAccessKey=b=", HUB
    )
    tokens = HubTokens(address)
    first = tokens.current()
    assert "sr=https%3A%2F%2Fns.example%2Fcitizens&" in first
    assert "b=" not in repr(address)

    for minutes, same in ((49, True), (2, False)):
        now += 60 * minutes
        assert (tokens.current() == first) is same


def test_an_item_without_a_channel_is_readable() -> None:
    """A removal's."""
    item = InstallationChanged.model_validate_json(InstallationChanged(fiscal_code=CITIZEN).text())

    assert item.channel is None
