"""The paths of profiles cost a limited number of operations (design, section 5)."""

import asyncio
from datetime import timedelta

import pytest

from functions.queues.profiles import follow_subscription_switch, send_validation_email
from infra.local.sandbox.seed import CITIZEN, EMAIL_CITIZEN, SERVICE_ID, SPECIAL_KEY
from lib.ports.queueing.names import EMAIL_VALIDATION_REQUESTED, SUBSCRIPTION_SWITCHED
from lib.use_cases.profiles.feed import announce_switch
from tests.doubles.counted_stack import CountedStack
from tests.stack import take


async def test_check_a_recipient(counted: CountedStack) -> None:
    """The check of a recipient costs 2 point reads, and 1 create for the log once a day."""
    reply = await counted.call("read_recipient", path={"fiscal_code": CITIZEN})

    assert reply.status == 200
    assert counted.documents == {"read": 2, "create": 1}
    assert not counted.queues


async def test_unsubscribe_by_a_link(counted: CountedStack) -> None:
    """One service costs 2 reads and 1 create, all cost 1 read and 1 replace, a look nothing."""
    await counted.deliver(fiscal_code=EMAIL_CITIZEN)
    (mail,) = counted.mailer.sent
    lines = [line for line in mail.text.splitlines() if "/unsubscribe/" in line]
    expected = [{"read": 2, "create": 1}, {"read": 1, "replace": 1}]
    for line, documents in zip(lines, expected, strict=True):
        path = {"token": line.rpartition("/")[2]}
        counted.reset()
        assert (await counted.call("show_unsubscribe", path=path, key=None)).status == 200
        assert counted.documents == {}

        assert (await counted.call("do_unsubscribe", path=path, key=None)).status == 200

        assert counted.documents == documents
        assert counted.queues == {}


async def test_validate_an_address(counted: CountedStack) -> None:
    """A request costs 3 reads, 2 writes, 1 put; its e-mail 1 read, 1 claim; its link 3 more."""
    body = {"version": 0, "email": "new@example.org"}
    await counted.call("update_profile", body, citizen=EMAIL_CITIZEN)
    counted.reset()

    await counted.call("request_email_validation", citizen=EMAIL_CITIZEN)
    assert counted.documents == {"read": 3, "create": 1, "patch": 1}
    assert counted.queues == {"put": 1}
    (item,) = await take(counted.queue, EMAIL_VALIDATION_REQUESTED)
    counted.reset()

    await send_validation_email.consume(counted.app, item.text, last=False)
    assert counted.documents == {"read": 1, "create": 1, "patch": 1}
    assert counted.queues == {}
    (mail,) = counted.mailer.sent
    (line,) = (line for line in mail.text.splitlines() if "/validate/" in line)
    counted.reset()

    path = {"token": line.rpartition("/")[2]}
    assert (await counted.call("do_validate_email", path=path, key=None)).status == 200
    assert counted.documents == {"read": 1, "create": 1, "patch": 1}
    assert counted.queues == {}
    counted.reset()

    assert (await counted.call("do_validate_email", path=path, key=None)).status == 200
    assert counted.documents == {"read": 1}


async def test_change_a_validated_address(counted: CountedStack) -> None:
    """A new address costs 3 reads, 1 replace, 1 put, and 1 delete of a claim."""
    claimed = await counted.call("read_profile", citizen=EMAIL_CITIZEN)
    assert counted.documents == {"read": 1, "create": 1, "patch": 1}
    counted.reset()

    body = {"version": 0, "email": claimed.body["email"]}
    assert (await counted.call("update_profile", body, citizen=EMAIL_CITIZEN)).status == 200
    assert counted.documents == {"read": 1, "replace": 1, "create": 1}
    counted.reset()

    body = {"version": 1, "email": "new@example.org"}
    assert (await counted.call("update_profile", body, citizen=EMAIL_CITIZEN)).status == 200
    assert counted.documents == {"read": 3, "replace": 1, "delete": 1}
    assert counted.queues == {"put": 1}
    counted.reset()

    await counted.call("read_profile", citizen=EMAIL_CITIZEN)
    assert counted.documents == {"read": 2}


async def test_read_the_profile(counted: CountedStack) -> None:
    """A profile costs 1 point read."""
    reply = await counted.call("read_profile", citizen=CITIZEN)

    assert reply.status == 200
    assert counted.documents == {"read": 1}


@pytest.mark.parametrize("mode", ["AUTO", "MANUAL"])
async def test_update_the_profile(counted: CountedStack, mode: str) -> None:
    """An update costs 1 point read and 1 replace, repeated 1 point read; the log 1 create a day."""
    body = {"version": 0, "service_preferences_settings": {"mode": mode}}
    first = await counted.call("update_profile", body, citizen=CITIZEN)
    assert counted.documents == {"read": 1, "replace": 1, "create": 1}
    counted.reset()

    again = await counted.call("update_profile", body, citizen=CITIZEN)

    assert (first.status, again.status) == (200, 200)
    assert counted.documents == {"read": 1}
    assert counted.queues == {}


async def test_create_the_profile(counted: CountedStack) -> None:
    """A first update costs 3 point reads and 1 create, and 1 create for the log."""
    reply = await counted.call("update_profile", {"version": 0}, citizen="NOPROF00A00A000A")

    assert reply.status == 200
    assert counted.documents == {"read": 3, "create": 2}


async def test_read_a_service_preference(counted: CountedStack) -> None:
    """A choice costs 2 point reads."""
    path = {"service_id": SERVICE_ID}
    reply = await counted.call("read_service_preference", path=path, citizen=CITIZEN)

    assert reply.status == 200
    assert counted.documents == {"read": 2}


async def test_change_a_service_preference(counted: CountedStack) -> None:
    """A change of a choice costs 2 point reads and 1 write."""
    flags = dict.fromkeys(("is_inbox_enabled", "is_email_enabled", "is_webhook_enabled"), True)
    for expected in ({"read": 2, "create": 2}, {"read": 2, "replace": 1}):
        counted.reset()
        reply = await counted.call(
            "change_service_preference",
            {**flags, "settings_version": 0},
            path={"service_id": SERVICE_ID},
            citizen=CITIZEN,
        )

        assert reply.status == 200
        assert counted.documents == expected
    assert counted.queues == {}


@pytest.fixture
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a switch wait for a second only: the emulator's queues wait for as long as they say."""
    monkeypatch.setattr(announce_switch, "LATER", timedelta(seconds=1))


@pytest.mark.usefixtures("soon")
async def test_a_choice_in_the_feed(counted: CountedStack) -> None:
    """A choice for the inbox costs 1 put more, and its entry in the feed 1 read and 1 create."""
    flags = dict.fromkeys(("is_inbox_enabled", "is_email_enabled", "is_webhook_enabled"), False)
    body = {**flags, "settings_version": 0}
    path = {"service_id": SERVICE_ID}
    await counted.call("change_service_preference", body, path=path, citizen=CITIZEN)
    assert counted.documents == {"read": 2, "create": 2}
    assert counted.queues == {"put": 1}

    text = await announced(counted)
    await follow_subscription_switch.consume(counted.app, text, last=False)
    assert counted.documents == {"read": 1, "create": 1}
    assert counted.queues == {}
    counted.reset()

    await follow_subscription_switch.consume(counted.app, text, last=False)
    assert counted.documents == {"read": 2, "create": 1}


@pytest.mark.usefixtures("soon")
async def test_an_inbox_in_the_feed(counted: CountedStack) -> None:
    """The inbox costs 1 put more; switched on again, 1 query of the choices and 1 replace."""
    for number, is_on in enumerate((False, True)):
        body = {"version": number, "is_inbox_enabled": is_on}
        assert (await counted.call("update_profile", body, citizen=CITIZEN)).status == 200
        noted = {} if is_on else {"create": 1}
        assert counted.documents == {"read": 1, "replace": 1, **noted}
        assert counted.queues == {"put": 1}

        text = await announced(counted)
        await follow_subscription_switch.consume(counted.app, text, last=False)
        again = {"create": 1, "read": 2, "replace": 1, "query": 1}
        assert counted.documents == (again if is_on else {"read": 1, "create": 1})
        assert counted.queues == {}
        counted.reset()


async def test_read_the_feed(counted: CountedStack) -> None:
    """A day with less than a thousand entries costs 1 query for each level."""
    day = (counted.clock.moment.date() - timedelta(days=1)).isoformat()
    reply = await counted.call("read_subscriptions_feed", path={"date": day})

    assert reply.status == 200
    assert counted.documents == {"query": 2}


async def test_write_an_activation(counted: CountedStack) -> None:
    """A write costs 1 read and 1 write, a look-up 1 read."""
    body = {"fiscal_code": CITIZEN, "status": "ACTIVE"}
    asked = {"fiscal_code": CITIZEN}
    await counted.call("find_activation", asked, key=SPECIAL_KEY)
    for expected in ({"read": 1, "create": 2}, {"read": 1, "replace": 1}):
        counted.reset()
        reply = await counted.call("change_activation", body, key=SPECIAL_KEY)
        assert reply.status == 200
        assert counted.documents == expected

    # the first look of a day is in the citizen's access log
    for expected in ({"read": 1, "create": 1}, {"read": 1}):
        counted.reset()
        await counted.call("find_activation", asked, key=SPECIAL_KEY)
        assert counted.documents == expected


async def announced(counted: CountedStack) -> str:
    """Return the item of the switch, and forget the operations so far."""
    counted.clock.moment += timedelta(minutes=1)
    for _ in range(100):
        if taken := await take(counted.queue, SUBSCRIPTION_SWITCHED):
            break
        # the emulator's queues have a clock of their own
        await asyncio.sleep(0.5)
    (item,) = taken
    await counted.queue.delete(SUBSCRIPTION_SWITCHED, item)
    counted.reset()
    return item.text
