"""A SPECIAL service activates the citizens to whom it writes."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from infra.local.sandbox.seed import (
    CITIZEN,
    SENDER_KEY,
    SPECIAL_KEY,
    SPECIAL_SERVICE_ID,
)
from lib.domain.services.service import Group
from tests.builders.messages import a_message
from tests.builders.profiles import OTHER_CITIZEN, with_activation
from tests.builders.services import with_groups, with_service
from tests.stack import Reply, Stack, refusal
from tests.stored import stored_message

NOT_ALLOWED = (
    403,
    "You are not allowed here",
    "You do not have enough permission to complete the operation you requested",
)


async def put(stack: Stack, status: str, citizen: str = CITIZEN, key: str = SPECIAL_KEY) -> Reply:
    """Set the citizen's activation."""
    body = {"fiscal_code": citizen, "status": status}
    return await stack.call("change_activation", body, key=key)


async def find(stack: Stack, citizen: str = CITIZEN, key: str = SPECIAL_KEY) -> Reply:
    """Read the citizen's activation."""
    return await stack.call("find_activation", {"fiscal_code": citizen}, key=key)


async def reached(stack: Stack) -> bool:
    """Tell whether a message reaches the citizen; all ways to ask must agree."""
    sent = await stack.call("submit_message", a_message(), key=SPECIAL_KEY)
    asked = {"fiscal_code": CITIZEN}
    one = await stack.call("find_recipient", asked, key=SPECIAL_KEY)
    many = await stack.call("find_recipients", {"fiscal_codes": [CITIZEN]}, key=SPECIAL_KEY)
    dry = await stack.call("dry_run_message", a_message(), key=SPECIAL_KEY)
    await stack.drain()
    is_reached: bool = (await stored_message(stack, sent.body["id"])).status == "PROCESSED"
    assert one.body["sender_allowed"] is is_reached
    assert many.body["recipients"][0]["sender_allowed"] is is_reached
    assert (dry.body["recipient"] == "REACHABLE") is is_reached
    return bool(is_reached)


async def test_an_activation_is_stored_read_and_counted(stack: Stack) -> None:
    """The first version is 0; each write counts one up, and the last one holds."""
    absent = refusal(await find(stack))
    assert absent == (404, "Not Found", "Activation not found for the user")

    for version, status in enumerate(("PENDING", "ACTIVE", "ACTIVE", "INACTIVE")):
        written = await put(stack, status)
        expected = {
            "service_id": SPECIAL_SERVICE_ID,
            "fiscal_code": CITIZEN,
            "status": status,
            "version": version,
        }
        assert (written.status, written.body) == (200, expected)
        assert (await find(stack)).body == expected
    assert (await find(stack, OTHER_CITIZEN)).status == 404


async def test_the_activation_decides_who_is_reached(stack: Stack) -> None:
    """In the fan-out, for one and many recipients, and in the dry run."""
    assert not await reached(stack)
    await put(stack, "ACTIVE")
    assert await reached(stack)
    await put(stack, "INACTIVE")
    assert not await reached(stack)


async def test_a_pending_activation_counts_for_a_day(stack: Stack) -> None:
    """It counts for 86,400 seconds, which IO compares as milliseconds."""
    await put(stack, "PENDING")
    assert await reached(stack)
    stack.clock.moment += timedelta(seconds=86_399)
    assert await reached(stack)
    stack.clock.moment += timedelta(seconds=1)
    assert not await reached(stack)


async def test_a_message_that_waits_sees_the_activation(stack: Stack) -> None:
    """The activation is read when the message is processed, not when it is sent."""
    await put(stack, "ACTIVE")
    sent = await stack.call("submit_message", a_message(), key=SPECIAL_KEY)
    await put(stack, "INACTIVE")
    await stack.drain()

    assert (await stored_message(stack, sent.body["id"])).status == "REJECTED"


async def test_the_citizen_sees_the_activation_as_the_choice(stack: Stack) -> None:
    """The choice for the inbox is on while the service is activated."""
    path = {"service_id": SPECIAL_SERVICE_ID}
    for status, is_on in (("INACTIVE", False), ("ACTIVE", True), ("PENDING", True)):
        await put(stack, status)
        shown = await stack.call("read_service_preference", path=path, citizen=CITIZEN)
        assert shown.body["is_inbox_enabled"] is is_on


async def test_two_writes_at_once_make_two_versions(stack: Stack) -> None:
    """None is lost, and one of them holds."""
    statuses = ["ACTIVE", "INACTIVE"] * 3
    replies = await asyncio.gather(*(put(stack, status) for status in statuses))

    assert sorted(reply.body["version"] for reply in replies) == list(range(6))
    (last,) = [reply.body for reply in replies if reply.body["version"] == 5]
    assert (await find(stack)).body == last


async def test_only_special_services_have_activations(stack: Stack) -> None:
    """Another service is answered 403, in IO's words."""
    assert refusal(await put(stack, "ACTIVE", key=SENDER_KEY)) == NOT_ALLOWED
    assert refusal(await find(stack, key=SENDER_KEY)) == NOT_ALLOWED


async def test_services_have_activations_of_their_own(stack: Stack) -> None:
    """A service neither reads nor changes another's; its intermediary does as the service."""
    await put(stack, "ACTIVE")
    other = await with_groups(stack, Group.MESSAGE_WRITE, category="SPECIAL")
    assert (await find(stack, key=other)).status == 404
    assert (await put(stack, "INACTIVE", key=other)).body["version"] == 0
    assert (await find(stack)).body["status"] == "ACTIVE"

    intermediary = await with_groups(
        stack,
        Group.MESSAGE_WRITE,
        service_id=SPECIAL_SERVICE_ID,
        key="sandbox-intermediary-key",
        intermediary="an-intermediary",
        category="SPECIAL",
    )
    assert (await find(stack, key=intermediary)).body["status"] == "ACTIVE"


@pytest.mark.parametrize(
    ("groups", "citizen", "expected"),
    [
        ((Group.MESSAGE_READ,), CITIZEN, (403, "You are not allowed here")),
        ((Group.LIMITED_MESSAGE_WRITE,), CITIZEN, (403, "You are not allowed here")),
        (
            (Group.LIMITED_MESSAGE_WRITE, Group.MESSAGE_WRITE),
            OTHER_CITIZEN,
            (403, "Recipient forbidden"),
        ),
        ((Group.LIMITED_MESSAGE_WRITE, Group.MESSAGE_WRITE), CITIZEN, None),
        ((Group.MESSAGE_WRITE,), OTHER_CITIZEN, None),
    ],
)
async def test_the_rights_are_those_of_messages(
    stack: Stack, groups: tuple[Group, ...], citizen: str, expected: Any
) -> None:
    """A key with limited recipients activates these alone, and reads these alone."""
    key = await with_groups(stack, *groups, category="SPECIAL", authorized_recipients=[CITIZEN])
    written, found = await put(stack, "ACTIVE", citizen, key), await find(stack, citizen, key)

    if expected is None:
        assert (written.status, found.status) == (200, 200)
    else:
        assert refusal(written)[:2] == refusal(found)[:2] == expected


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"fiscal_code": "x", "status": "ACTIVE"}, "/fiscal_code"),
        ({"fiscal_code": CITIZEN, "status": "active"}, "/status"),
        ({"fiscal_code": CITIZEN}, "/status"),
        ({"status": "ACTIVE"}, "/fiscal_code"),
    ],
)
async def test_a_wrong_body_is_refused_by_field(stack: Stack, body: Any, pointer: str) -> None:
    """The refusal has IO's title."""
    reply = await stack.call("change_activation", body, key=SPECIAL_KEY)

    assert refusal(reply)[:2] == (400, "Invalid ActivationPayload")
    assert reply.body["errors"][0]["pointer"] == pointer


async def test_an_activation_of_an_earlier_version_is_read(stack: Stack) -> None:
    """Version 2026.11.0 stored no number of writes."""
    await with_service(stack, category="SPECIAL")
    await with_activation(stack, "ACTIVE")

    assert (await find(stack, key=SENDER_KEY)).body["version"] == 0
    assert (await put(stack, "INACTIVE", key=SENDER_KEY)).body["version"] == 1
