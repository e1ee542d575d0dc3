"""The hub rings each device once, whatever it answers."""

import time
from datetime import timedelta

import pytest

from functions.queues.notifications import send_notification
from infra.local.sandbox.seed import CITIZEN
from lib.adapters.outbound.hub_token import HubAddress, HubTokens
from lib.adapters.outbound.notification_hub import NotificationHub
from lib.domain.shared.identifiers import MessageId
from lib.ports.push import PushNotification
from lib.ports.queueing.items.notifications import NotificationRequested
from lib.ports.schema.notifications import INSTALLATIONS
from lib.ports.send_errors import NotSentError
from lib.repositories.devices.devices import DEVICES_ID
from lib.use_cases.shared import breaker
from tests.builders.parties import DELEGATE
from tests.doubles.hub import HUB, Hub
from tests.functions.devices.device_calls import channels, register, remove
from tests.functions.parties.told import with_told
from tests.stack import Stack
from tests.stored import delivery_status, stored_text


async def test_each_device_rings_once_in_its_platforms_form(pushing: Stack, hub: Hub) -> None:
    """Each platform gets its own form of title, text and message id."""
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


async def test_a_push_about_another_inbox_has_its_own_form(pushing: Stack, hub: Hub) -> None:
    """It rings once, on the delegate's devices alone, with the id of the delegation beside."""
    delegation_id = await with_told(pushing)
    await register(pushing, "own", "channel-own")
    for device, platform in (("one", "apns"), ("two", "fcmv1")):
        await register(pushing, device, f"channel-{device}", platform=platform, citizen=DELEGATE)
    await pushing.drain()

    id_ = await pushing.deliver()

    ids = {"message_id": id_, "delegation_id": delegation_id}
    (own,), (apple,), (android,) = (hub.rung[f"channel-{one}"] for one in ("own", "one", "two"))
    assert "delegation_id" not in str(own)
    assert {name: apple[name] for name in ids} == ids
    assert apple["aps"]["alert"]["title"] == "Nuovo messaggio in un'altra casella"
    assert android["message"]["android"]["data"] == ids


async def test_the_hub_never_gets_a_fiscal_code(pushing: Stack, hub: Hub) -> None:
    """The hub gets no fiscal code, even where an app names its device by it."""
    await register(pushing, CITIZEN, "channel")
    await pushing.drain()
    await pushing.deliver()
    await remove(pushing, CITIZEN)
    await pushing.drain()

    assert hub.calls == ["PUT", "POST", "DELETE"]
    assert CITIZEN not in hub.seen
    text = await stored_text(pushing, INSTALLATIONS, CITIZEN, DEVICES_ID, without="fiscal_code")
    assert CITIZEN not in text


async def test_a_dead_device_fails_no_push(pushing: Stack, hub: Hub) -> None:
    """The hub drops a dead device by itself, and the others ring."""
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
async def test_a_push_is_repeated_where_the_hub_surely_did_not_take_it(
    pushing: Stack, hub: Hub, fault: int | str, retry_after: str | None, first: str
) -> None:
    """A push in doubt is not sent again; one that was surely not taken is."""
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
    """After an hour without the hub, each push rings once."""
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
    """A push is surely not sent where the hub accepts no connection."""
    async with Hub() as gone:
        client = NotificationHub(HubAddress.read(gone.connection, HUB))
    with pytest.raises(NotSentError):
        await client.send(
            PushNotification("id", ("0" * 32,), "title", "body", MessageId("message"))
        )
    await client.close()


def test_a_hub_token_is_renewed_before_it_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    """A token lasts an hour, and is renewed ten minutes before its end."""
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
