"""The mode of a profile says which services may write without a choice."""

from typing import Any

import pytest

from infra.local.sandbox.seed import CITIZEN, SERVICE_ID
from lib.ports.errors import UnavailableError
from tests.builders.profiles import with_new_profile
from tests.functions.profiles.profile_calls import update, updated
from tests.stack import Stack, refusal
from tests.stored import stored_profile


async def in_legacy(stack: Stack, **changes: Any) -> None:
    """Give the citizen a profile in LEGACY mode."""
    legacy = {"mode": "LEGACY", "version": -1}
    await with_new_profile(stack, service_preferences_settings=legacy, **changes)


async def test_a_new_mode_voids_the_choices(stack: Stack) -> None:
    """A new mode raises the settings version; the same mode again does not."""
    await updated(stack, service_preferences_settings={"mode": "MANUAL"})
    await updated(stack, version=1, service_preferences_settings={"mode": "MANUAL"})

    after = await stored_profile(stack)
    assert (after.mode, after.settings_version) == ("MANUAL", 1)


async def test_there_is_no_way_back_to_legacy(stack: Stack) -> None:
    """A change back to LEGACY gets 409 with the reason."""
    reply = await update(stack, service_preferences_settings={"mode": "LEGACY"})

    assert refusal(reply)[::2] == (409, "The mode cannot change back to LEGACY.")


async def test_legacy_mode_blocks_by_the_map_of_services(stack: Stack) -> None:
    """The map of blocked channels shows in LEGACY mode alone, and is replaced as a whole."""
    await in_legacy(stack, blocked_inbox_or_channels={"another": ["EMAIL"]})

    answer = await updated(stack, blocked_inbox_or_channels={SERVICE_ID: ["INBOX", "WEBHOOK"]})
    await stack.deliver()

    assert answer["blocked_inbox_or_channels"] == {SERVICE_ID: ["INBOX", "WEBHOOK"]}
    assert (await stack.call("list_inbox", citizen=CITIZEN)).body["items"] == []


async def test_a_service_blocked_in_legacy_mode_stays_blocked_in_auto(stack: Stack) -> None:
    """The change to AUTO keeps the blocked services in the same write."""
    await in_legacy(stack, blocked_inbox_or_channels={SERVICE_ID: ["INBOX"]})

    answer = await updated(stack, service_preferences_settings={"mode": "AUTO"})
    await stack.deliver()
    choice = await stack.call(
        "read_service_preference", path={"service_id": SERVICE_ID}, citizen=CITIZEN
    )

    assert "blocked_inbox_or_channels" not in answer
    assert (await stack.call("list_inbox", citizen=CITIZEN)).body["items"] == []
    assert choice.body == {
        "is_inbox_enabled": False,
        "is_email_enabled": True,
        "is_webhook_enabled": True,
        "can_access_message_read_status": False,
        "is_reminder_enabled": True,
        "settings_version": 0,
    }


@pytest.mark.parametrize("written", [False, True])
async def test_a_failure_while_leaving_legacy_mode_unblocks_nothing(
    stack: Stack, monkeypatch: pytest.MonkeyPatch, written: bool
) -> None:
    """A failure before or after the write never unblocks the service."""
    await in_legacy(stack, blocked_inbox_or_channels={SERVICE_ID: ["INBOX"]})
    before = await stored_profile(stack)
    replace = stack.store.replace

    async def dies(*args: Any, **kwargs: Any) -> None:
        if written:
            await replace(*args, **kwargs)
        raise UnavailableError("away")

    monkeypatch.setattr(stack.store, "replace", dies)
    leaving: dict[str, Any] = {"service_preferences_settings": {"mode": "AUTO"}}
    assert (await update(stack, **leaving)).status == 503
    monkeypatch.undo()
    between = await stored_profile(stack)
    await stack.deliver()

    again = await updated(stack, **leaving)
    await stack.deliver()

    assert (between == before) is not written
    assert (again["version"], again["service_preferences_settings"]) == (1, {"mode": "AUTO"})
    assert (await stack.call("list_inbox", citizen=CITIZEN)).body["items"] == []


async def test_a_map_outside_legacy_is_ignored(stack: Stack) -> None:
    """Outside LEGACY mode an update ignores the map, as IO does, and keeps the old one."""
    await in_legacy(stack, blocked_inbox_or_channels={SERVICE_ID: ["WEBHOOK"]})
    await updated(stack, service_preferences_settings={"mode": "AUTO"})

    await updated(stack, version=1, blocked_inbox_or_channels={})
    await stack.deliver()

    assert len((await stack.call("list_inbox", citizen=CITIZEN)).body["items"]) == 1
    assert stack.push.sent == []


@pytest.mark.parametrize("modes", [("MANUAL",), ("AUTO", "MANUAL", "AUTO")])
async def test_a_further_mode_ends_the_blocks_of_legacy(
    stack: Stack, modes: tuple[str, ...]
) -> None:
    """The blocks end with the choices that a further mode voids."""
    await in_legacy(stack, blocked_inbox_or_channels={SERVICE_ID: ["INBOX"]})

    for version, mode in enumerate(modes):
        await updated(stack, version=version, service_preferences_settings={"mode": mode})

    assert (await stored_profile(stack)).blocked is None
