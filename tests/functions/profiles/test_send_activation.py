"""The citizen switches SEND on and off, and its messages arrive, or no longer."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from infra.local.sandbox.seed import CITIZEN, SPECIAL_KEY, SPECIAL_SERVICE_ID
from tests.builders.messages import a_message
from tests.builders.profiles import OTHER_CITIZEN
from tests.builders.settings import settings_for
from tests.stack import Reply, Stack, refusal
from tests.stored import stored_message


@pytest.fixture
async def without_send(tmp_path: Path) -> AsyncIterator[Stack]:
    """Give an installation that has no service of SEND."""
    stack = await Stack(tmp_path, settings_for(tmp_path, send_service_id="")).start()
    yield stack
    await stack.app.close()


async def switch(stack: Stack, status: Any, citizen: str = CITIZEN, **query: str) -> Reply:
    """Switch SEND."""
    body = {"activation_status": status}
    return await stack.call("change_send_activation", body, query=query, citizen=citizen)


async def is_on(stack: Stack, citizen: str = CITIZEN, name: str = "read_send_activation") -> bool:
    """Read the switch."""
    reply = await stack.call(name, citizen=citizen, query={"isTest": "true"})
    assert reply.status == 200, reply
    assert reply.body.keys() == {"activation_status"}
    return bool(reply.body["activation_status"])


async def arrives(stack: Stack) -> bool:
    """Tell whether a message of SEND reaches the citizen."""
    sent = await stack.call("submit_message", a_message(), key=SPECIAL_KEY)
    await stack.drain()
    return (await stored_message(stack, sent.body["id"])).status == "PROCESSED"


async def test_the_switch_decides_which_messages_arrive(stack: Stack) -> None:
    """It is off at first; each citizen has an own one."""
    assert not await is_on(stack)
    assert not await arrives(stack)

    written = await switch(stack, status=True, isTest="false")
    assert (written.status, written.body) == (204, None)
    assert await is_on(stack)
    assert await is_on(stack, name="read_send_activation_v1")
    assert await arrives(stack)
    assert not await is_on(stack, OTHER_CITIZEN)

    await switch(stack, status=False)
    assert not await is_on(stack)
    assert not await arrives(stack)


async def test_the_service_and_the_preferences_see_the_same_switch(stack: Stack) -> None:
    """The activation of the service, with a version that grows."""
    await switch(stack, status=True)
    asked = {"fiscal_code": CITIZEN}
    found = await stack.call("find_activation", asked, key=SPECIAL_KEY)
    assert (found.body["status"], found.body["version"]) == ("ACTIVE", 0)
    path = {"service_id": SPECIAL_SERVICE_ID}
    shown = await stack.call("read_service_preference", path=path, citizen=CITIZEN)
    assert shown.body["is_inbox_enabled"] is True

    pending = {"fiscal_code": CITIZEN, "status": "PENDING"}
    await stack.call("change_activation", pending, key=SPECIAL_KEY)
    assert await is_on(stack)
    await switch(stack, status=False)
    found = await stack.call("find_activation", asked, key=SPECIAL_KEY)
    assert (found.body["status"], found.body["version"]) == ("INACTIVE", 2)


async def test_switches_at_once_are_all_counted(stack: Stack) -> None:
    """One of them holds; a repeated switch is accepted."""
    replies = await asyncio.gather(*(switch(stack, status=one) for one in (True, False) * 3))
    assert {one.status for one in replies} == {204}
    found = await stack.call("find_activation", {"fiscal_code": CITIZEN}, key=SPECIAL_KEY)
    assert found.body["version"] == 5


@pytest.mark.parametrize("body", [{}, {"activation_status": "true"}, {"activation_status": None}])
async def test_a_wrong_body_is_refused(stack: Stack, body: Any) -> None:
    """And the switch stays."""
    reply = await stack.call("change_send_activation", body, citizen=CITIZEN)
    assert refusal(reply)[:2] == (400, "Invalid PNActivation")
    assert not await is_on(stack)


async def test_an_installation_without_send_says_so(without_send: Stack) -> None:
    """With 404, for reading and switching."""
    assert refusal(await switch(without_send, status=True))[:2] == (404, "SEND not available")
    read = await without_send.call("read_send_activation", citizen=CITIZEN)
    assert refusal(read)[:2] == (404, "SEND not available")
