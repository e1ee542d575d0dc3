"""Citizens choose for one service what it may send."""

import asyncio
from typing import Any, Final

import pytest

from infra.local.sandbox.seed import CITIZEN, SERVICE_ID
from lib.ports.documents import Container, Document, Stored
from lib.ports.schema.citizens import SERVICE_PREFERENCES
from tests.builders.profiles import with_activation, with_new_profile
from tests.builders.services import with_service
from tests.stack import Reply, Stack, refusal

MANUAL: Final = "MANUAL00A00A000A"
ON: Final[dict[str, Any]] = {
    "is_inbox_enabled": True,
    "is_email_enabled": True,
    "is_webhook_enabled": True,
    "settings_version": 0,
}
OFF: Final = {**ON, "is_inbox_enabled": False}
ACCESS: Final = "can_access_message_read_status"
REMINDS: Final = "is_reminder_enabled"


async def read(stack: Stack, citizen: str = CITIZEN, service_id: str = SERVICE_ID) -> Reply:
    """Read the citizen's choice."""
    path = {"service_id": service_id}
    return await stack.call("read_service_preference", path=path, citizen=citizen)


async def change(
    stack: Stack, body: dict[str, Any], citizen: str = CITIZEN, service_id: str = SERVICE_ID
) -> Reply:
    """Change the citizen's choice."""
    path = {"service_id": service_id}
    return await stack.call("change_service_preference", body, path=path, citizen=citizen)


async def make_special(stack: Stack, status: str | None = None) -> None:
    """Make the seeded service SPECIAL; with a status, add an activation."""
    await with_service(stack, category="SPECIAL")
    if status:
        await with_activation(stack, status)


@pytest.mark.parametrize(("citizen", "on"), [(CITIZEN, True), (MANUAL, False)])
async def test_the_mode_holds_without_a_choice(stack: Stack, citizen: str, on: bool) -> None:
    """Without a choice all is on in AUTO mode and off in MANUAL mode."""
    assert (await read(stack, citizen)).body == {
        "is_inbox_enabled": on,
        "is_email_enabled": on,
        "is_webhook_enabled": on,
        ACCESS: on,
        REMINDS: True,
        "settings_version": 0,
    }


async def test_a_choice_holds(stack: Stack) -> None:
    """A choice is read as it was made, and messages follow it."""
    made = {**ON, "is_webhook_enabled": False, ACCESS: False, REMINDS: False}

    assert (await change(stack, made, MANUAL)).body == made
    assert (await read(stack, MANUAL)).body == made
    await stack.deliver(fiscal_code=MANUAL)
    inbox = await stack.call("list_inbox", citizen=MANUAL)
    assert (len(inbox.body["items"]), stack.push.sent) == (1, [])


async def test_a_service_without_the_inbox_sends_no_message(stack: Stack) -> None:
    """No message comes while the inbox is off, and a later choice replaces the earlier one."""
    await change(stack, OFF)
    await stack.deliver()
    await change(stack, ON)
    id_ = await stack.deliver()

    inbox = await stack.call("list_inbox", citizen=CITIZEN)
    assert [item["id"] for item in inbox.body["items"]] == [id_]


async def test_the_read_status_stays_as_it_was_when_left_out(stack: Stack) -> None:
    """A choice without the read status keeps it; without the inbox it is off."""
    shown = [
        (await change(stack, body)).body[ACCESS]
        for body in (ON, {**ON, ACCESS: False}, ON, {**ON, ACCESS: True}, ON, OFF, ON)
    ]

    assert shown == [True, False, False, True, True, False, False]


async def test_reminders_stay_as_they_were_when_left_out(stack: Stack) -> None:
    """A choice without reminders keeps them, since IO's clients do not send the field."""
    shown = [
        (await change(stack, body)).body[REMINDS]
        for body in (ON, {**ON, REMINDS: False}, ON, {**ON, REMINDS: True}, ON)
    ]

    assert shown == [True, False, False, True, True]


@pytest.mark.parametrize("version", [1, 2**40])
async def test_another_settings_version_is_refused(stack: Stack, version: int) -> None:
    """A choice of another settings version gets 409."""
    reply = await change(stack, {**ON, "settings_version": version})

    assert refusal(reply) == (409, "Conflict", "The settings version is 0.")


async def test_a_new_mode_voids_the_choice(stack: Stack) -> None:
    """After a new mode its default holds, under the next version."""
    await change(stack, OFF)
    await stack.call(
        "update_profile",
        {"version": 0, "service_preferences_settings": {"mode": "MANUAL"}},
        citizen=CITIZEN,
    )

    reply = await read(stack)
    again = await change(stack, {**ON, "settings_version": 1})

    assert (reply.body["settings_version"], reply.body[ACCESS]) == (1, False)
    assert (again.status, again.body["is_inbox_enabled"]) == (200, True)


async def test_legacy_has_no_choices(stack: Stack) -> None:
    """A choice can be neither read nor made in LEGACY mode."""
    legacy = {"mode": "LEGACY", "version": -1}
    await with_new_profile(stack, service_preferences_settings=legacy)

    for reply in (await read(stack), await change(stack, ON)):
        assert refusal(reply)[::2] == (
            409,
            "In the mode LEGACY there are no choices per service.",
        )


async def test_an_unknown_citizen_or_service_is_not_found(stack: Stack) -> None:
    """A citizen without a profile and an unknown service get 404."""
    nobody = "NOPROF00A00A000A"
    for reply in (await read(stack, nobody), await change(stack, ON, nobody)):
        assert refusal(reply)[:2] == (404, "Profile not found")
    for reply in (await read(stack, service_id="none"), await change(stack, ON, CITIZEN, "none")):
        assert refusal(reply)[:2] == (404, "Service not found")


@pytest.mark.parametrize("status", [None, "ACTIVE", "INACTIVE", "PENDING"])
async def test_a_special_service_follows_its_activation(stack: Stack, status: str | None) -> None:
    """The inbox of a special service follows the activation, and another choice gets 409."""
    await make_special(stack, status)
    active = status in {"ACTIVE", "PENDING"}

    assert (await read(stack)).body["is_inbox_enabled"] is active
    agreed = await change(stack, {**ON, "is_inbox_enabled": active})
    refused = await change(stack, {**ON, "is_inbox_enabled": not active})

    assert (agreed.status, refused.status) == (200, 409)
    assert "activation" in refused.body["detail"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("is_inbox_enabled", None),
        ("is_email_enabled", 1),
        ("settings_version", -1),
        ("settings_version", "0"),
        (ACCESS, None),
    ],
)
async def test_a_wrong_choice_is_refused(stack: Stack, field: str, value: Any) -> None:
    """A wrong field gets 400 with its name."""
    reply = await change(stack, {**ON, field: value})

    assert refusal(reply)[:2] == (400, "Invalid ServicePreference")
    assert [error["pointer"] for error in reply.body["errors"]] == [f"/{field}"]


async def test_a_wrong_service_id_is_refused(stack: Stack) -> None:
    """A malformed service id gets 400."""
    assert (await read(stack, service_id="a/b")).status == 400


async def test_changes_at_once_are_all_accepted(stack: Stack) -> None:
    """Of changes at once the last one holds."""
    replies = await asyncio.gather(change(stack, ON), change(stack, OFF), change(stack, ON))

    assert [reply.status for reply in replies] == [200, 200, 200]
    assert (await read(stack)).body in [reply.body for reply in replies]


async def test_a_late_choice_does_not_undo_one_of_a_newer_mode(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A choice gets 409 where the mode changed between its read and its write."""
    create = stack.store.create

    async def late(container: Container, document: Document) -> Stored:
        if container is SERVICE_PREFERENCES:
            monkeypatch.undo()
            body = {"version": 0, "service_preferences_settings": {"mode": "MANUAL"}}
            assert (await stack.call("update_profile", body, citizen=CITIZEN)).status == 200
            assert (await change(stack, {**ON, "settings_version": 1})).status == 200
        return await create(container, document)

    monkeypatch.setattr(stack.store, "create", late)

    assert (await change(stack, OFF)).status == 409
    assert (await read(stack)).body == {**ON, "settings_version": 1, ACCESS: False, REMINDS: True}


async def test_a_choice_that_cannot_be_written_is_tried_later(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A choice that keeps losing gets 503."""
    replace, upsert = stack.store.replace, stack.store.upsert

    async def lost(*args: Any, **kwargs: Any) -> Stored:
        await upsert(SERVICE_PREFERENCES, args[1])
        return await replace(*args, **kwargs)

    monkeypatch.setattr(stack.store, "replace", lost)
    assert (await change(stack, ON)).status == 200

    assert (await change(stack, OFF)).status == 503
