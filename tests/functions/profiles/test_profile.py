"""The citizen's own settings: IO's shapes and rules, merged for real, one version at a time."""

import asyncio
import json
import re
from typing import Any, Final

import jwt
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from infra.local.sandbox.seed import CITIZEN, SERVICE_ID
from lib.ports.errors import UnavailableError
from tests.builders.profiles import with_new_profile
from tests.stack import Reply, Stack, refusal
from tests.stored import stored_profile

NOBODY: Final = "NOPROF00A00A000A"
EVERYTHING: Final[dict[str, Any]] = {
    "email": "ada@example.com",
    "service_preferences_settings": {"mode": "MANUAL"},
    "preferred_languages": ["it_IT", "de_DE"],
    "is_inbox_enabled": True,
    "is_email_enabled": False,
    "is_webhook_enabled": False,
    "accepted_tos_version": 4.5,
    "reminder_status": "DISABLED",
    "push_notifications_content_type": "ANONYMOUS",
    "last_app_version": "3.38.0.18",
    "quiet_hours": {"from": "22:00", "to": "07:00"},
    "max_daily_notifications": 3,
}


async def read(stack: Stack, citizen: str = CITIZEN) -> dict[str, Any]:
    """Return the profile as shown."""
    reply = await stack.call("read_profile", citizen=citizen)
    assert reply.status == 200, reply
    return dict(reply.body)


async def update(stack: Stack, citizen: str = CITIZEN, version: int = 0, **changes: Any) -> Reply:
    """Send an update."""
    return await stack.call("update_profile", {"version": version, **changes}, citizen=citizen)


async def updated(stack: Stack, citizen: str = CITIZEN, **changes: Any) -> dict[str, Any]:
    """Send an update that is taken; return the profile as shown."""
    reply = await update(stack, citizen, **changes)
    assert reply.status == 200, reply
    return dict(reply.body)


async def in_legacy(stack: Stack, **changes: Any) -> None:
    """Put the citizen back into the mode in which IO's profiles begin."""
    legacy = {"mode": "LEGACY", "version": -1}
    await with_new_profile(stack, service_preferences_settings=legacy, **changes)


@pytest.mark.parametrize(
    "address", ["àda@example.org", "<ada@example.org>", "ada@[127.0.0.1]", "ada@x_y.example", "ada"]
)
async def test_an_address_that_no_mail_can_reach_is_refused(stack: Stack, address: str) -> None:
    """When it is given, not when the first e-mail to it fails."""
    reply = await update(stack, email=address)

    assert reply.status == 400
    assert reply.body["errors"][0]["pointer"] == "/email"
    assert re.search("@-sign|email address", reply.body["errors"][0]["detail"])
    assert "email" not in await read(stack)


async def test_invisible_characters_of_an_address_are_left_out(stack: Stack) -> None:
    """They come with copy and paste."""
    assert (await updated(stack, email="\u200bada@example.org"))["email"] == "ada@example.org"


async def test_a_profile_has_io_s_fields(stack: Stack) -> None:
    """InitializedProfile, with names from the token."""
    assert await read(stack) == {
        "version": 0,
        "service_preferences_settings": {"mode": "AUTO"},
        "is_inbox_enabled": True,
        "is_email_enabled": True,
        "is_webhook_enabled": True,
        "accepted_tos_version": 1,
        "reminder_status": "ENABLED",
        "push_notifications_content_type": "FULL",
        "last_app_version": "3.0.0",
        "max_daily_notifications": 50,
        "has_profile": True,
        "name": "Ada",
        "family_name": "Sandbox",
        "fiscal_code": CITIZEN,
    }


async def test_what_was_never_chosen_is_not_shown(stack: Stack) -> None:
    """UNSET and UNKNOWN are of the store."""
    await with_new_profile(
        stack,
        reminder_status="UNSET",
        push_notifications_content_type="UNSET",
        last_app_version="UNKNOWN",
    )

    assert not {"reminder_status", "push_notifications_content_type", "last_app_version"} & set(
        await read(stack)
    )


async def test_a_token_without_names_shows_none(stack: Stack) -> None:
    """Empty, for IO's clients require the fields."""
    token = stack.tokens.issue(CITIZEN, stack.clock.now())[0]
    claims = jwt.decode(token, options={"verify_signature": False}) | {"given_name": 1}
    del claims["family_name"]
    kid = jwt.get_unverified_header(token)["kid"]
    bare = jwt.encode(claims, stack.tokens.key, "ES256", headers={"kid": kid})

    reply = await stack.call("read_profile", headers={"authorization": f"Bearer {bare}"}, key=None)

    assert (reply.status, reply.body["name"], reply.body["family_name"]) == (200, "", "")


async def test_everything_can_be_set_and_shows(stack: Stack) -> None:
    """The answer is the profile as it is read from then on."""
    answer = await updated(stack, **EVERYTHING)

    assert {**EVERYTHING, "version": 1, "is_email_validated": False}.items() <= answer.items()
    assert await read(stack) == answer


async def test_a_whole_number_stays_one(stack: Stack) -> None:
    """Not 3.0, which some clients read as no integer."""
    reply = await updated(stack, accepted_tos_version=3)

    assert json.dumps(reply["accepted_tos_version"]) == "3"


@given(names=st.sets(st.sampled_from(sorted(EVERYTHING))))
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
async def test_what_is_left_out_keeps_its_value(stack: Stack, names: set[str]) -> None:
    """Whatever the update names; IO unset three fields and refused without a mode."""
    before = await read(stack)
    changes = {name: EVERYTHING[name] for name in names}

    after = await updated(stack, version=before["version"], **changes)

    expected = {**before, **changes, "version": before["version"] + 1}
    if "email" in expected:
        expected["is_email_validated"] = False
    assert after == expected


async def test_a_citizen_without_a_profile_reads_a_new_one(stack: Stack) -> None:
    """200 with version 0, inbox and push off: IO's app knows no 404 here, and goes no further."""
    reply = await stack.call("read_profile", citizen=NOBODY)

    assert reply.status == 200
    assert reply.body == {
        "version": 0,
        "is_inbox_enabled": False,
        "is_email_enabled": True,
        "is_webhook_enabled": False,
        "service_preferences_settings": {"mode": "LEGACY"},
        "has_profile": True,
        "name": reply.body["name"],
        "family_name": reply.body["family_name"],
        "fiscal_code": NOBODY,
    }
    assert await stack.app.repositories.profiles.settings(NOBODY) is None


async def test_the_first_update_makes_the_profile(stack: Stack) -> None:
    """As IO's log-in does: LEGACY, e-mail on, the rest off until the terms are accepted."""
    assert (await update(stack, NOBODY, version=1)).status == 409

    answer = await updated(stack, NOBODY, email="nobody@example.com")

    assert {
        "version": 1,
        "email": "nobody@example.com",
        "is_email_validated": False,
        "service_preferences_settings": {"mode": "LEGACY"},
        "is_inbox_enabled": False,
        "is_email_enabled": True,
        "is_webhook_enabled": False,
    }.items() <= answer.items()


async def test_the_first_terms_switch_inbox_and_push_on(stack: Stack) -> None:
    """Once: whatever the body says of both, since IO's app sends what it had read."""
    off = {"is_inbox_enabled": False, "is_webhook_enabled": False}

    first = await updated(stack, NOBODY, accepted_tos_version=1, **off)
    second = await updated(stack, NOBODY, version=1, accepted_tos_version=2, **off)

    assert (first["is_inbox_enabled"], first["is_webhook_enabled"]) == (True, True)
    assert (second["is_inbox_enabled"], second["is_webhook_enabled"]) == (False, False)


async def test_a_new_citizen_receives_messages(stack: Stack) -> None:
    """The fan-out reads what the update wrote."""
    await updated(stack, NOBODY, accepted_tos_version=1)
    assert len(stack.push.sent) == 0

    await stack.deliver(fiscal_code=NOBODY)

    inbox = await stack.call("list_inbox", citizen=NOBODY)
    assert (len(inbox.body["items"]), len(stack.push.sent)) == (1, 1)


async def test_another_version_is_refused(stack: Stack) -> None:
    """409, and nothing is changed."""
    before = await stored_profile(stack)

    reply = await update(stack, version=1, is_inbox_enabled=False)

    assert refusal(reply) == (409, "Conflict", "Version 1 is not the latest version.")
    assert await stored_profile(stack) == before


@pytest.mark.parametrize("citizen", [CITIZEN, NOBODY])
async def test_of_two_updates_at_once_one_holds(stack: Stack, citizen: str) -> None:
    """One 200, one 409; also of two that make the profile."""
    replies = await asyncio.gather(
        update(stack, citizen, reminder_status="DISABLED"),
        update(stack, citizen, is_email_enabled=False),
    )

    assert sorted(reply.status for reply in replies) == [200, 409]
    (won,) = (reply.body for reply in replies if reply.status == 200)
    assert won == await read(stack, citizen)
    assert (won["version"], won.get("reminder_status") == "DISABLED") == (
        1,
        won["is_email_enabled"],
    )


@pytest.mark.parametrize("citizen", [CITIZEN, NOBODY])
async def test_the_same_update_again_gets_what_it_made(stack: Stack, citizen: str) -> None:
    """One after the other, or at once: its answer may have been lost."""
    twice = [update(stack, citizen, **EVERYTHING, is_test=True) for _ in range(2)]
    replies = [*await asyncio.gather(*twice), await update(stack, citizen, **EVERYTHING)]

    assert [reply.status for reply in replies] == [200, 200, 200]
    assert [reply.body for reply in replies] == [await read(stack, citizen)] * 3
    assert replies[0].body["version"] == 1


async def test_the_same_update_is_stale_once_another_came(stack: Stack) -> None:
    """Else it would undo what came after."""
    await updated(stack, reminder_status="DISABLED")
    await updated(stack, version=1, reminder_status="ENABLED")

    assert (await update(stack, reminder_status="DISABLED")).status == 409


@pytest.mark.parametrize("changes", [{}, {"email": "ada@example.com"}])
async def test_the_same_address_stays_validated(stack: Stack, changes: dict[str, Any]) -> None:
    """Left out or repeated; another one is not validated."""
    address = {"email": "ada@example.com", "is_email_validated": True}
    await with_new_profile(stack, **address)

    same = await updated(stack, **changes)
    other = await updated(stack, version=1, email="lovelace@example.com")

    assert same["is_email_validated"] is True
    assert other["is_email_validated"] is False


async def test_a_new_mode_makes_choices_void(stack: Stack) -> None:
    """Its settings version is one more; the same mode again changes nothing."""
    await updated(stack, service_preferences_settings={"mode": "MANUAL"})
    await updated(stack, version=1, service_preferences_settings={"mode": "MANUAL"})

    after = await stored_profile(stack)
    assert (after.mode, after.settings_version) == ("MANUAL", 1)


async def test_there_is_no_way_back_to_legacy(stack: Stack) -> None:
    """409 that says so."""
    reply = await update(stack, service_preferences_settings={"mode": "LEGACY"})

    assert refusal(reply)[::2] == (409, "There is no way back to the mode LEGACY.")


async def test_legacy_blocks_by_the_map(stack: Stack) -> None:
    """Which shows in LEGACY alone and is replaced as a whole."""
    await in_legacy(stack, blocked_inbox_or_channels={"another": ["EMAIL"]})

    answer = await updated(stack, blocked_inbox_or_channels={SERVICE_ID: ["INBOX", "WEBHOOK"]})
    await stack.deliver()

    assert answer["blocked_inbox_or_channels"] == {SERVICE_ID: ["INBOX", "WEBHOOK"]}
    assert (await stack.call("list_inbox", citizen=CITIZEN)).body["items"] == []


async def test_what_legacy_blocked_stays_blocked_in_auto(stack: Stack) -> None:
    """Without a moment in which it is not: one write leaves LEGACY."""
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
async def test_leaving_legacy_is_whole_or_not_at_all(
    stack: Stack, monkeypatch: pytest.MonkeyPatch, written: bool
) -> None:
    """The process dies, or the store is away, before the one write or after it."""
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


async def test_a_write_that_the_client_sent_twice_is_taken(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second of them meets the first: 200, not 409."""
    replace = stack.store.replace

    async def twice(*args: Any, **kwargs: Any) -> Any:
        await replace(*args, **kwargs)
        return await replace(*args, **kwargs)

    monkeypatch.setattr(stack.store, "replace", twice)

    assert (await updated(stack, is_email_enabled=False))["version"] == 1


async def test_a_map_outside_legacy_is_ignored(stack: Stack) -> None:
    """As in IO: it is neither taken nor does it undo what LEGACY left."""
    await in_legacy(stack, blocked_inbox_or_channels={SERVICE_ID: ["WEBHOOK"]})
    await updated(stack, service_preferences_settings={"mode": "AUTO"})

    await updated(stack, version=1, blocked_inbox_or_channels={})
    await stack.deliver()

    assert len((await stack.call("list_inbox", citizen=CITIZEN)).body["items"]) == 1
    assert stack.push.sent == []


@pytest.mark.parametrize("modes", [("MANUAL",), ("AUTO", "MANUAL", "AUTO")])
async def test_another_mode_ends_what_legacy_blocked(stack: Stack, modes: tuple[str, ...]) -> None:
    """It goes with the choices that the mode makes void."""
    await in_legacy(stack, blocked_inbox_or_channels={SERVICE_ID: ["INBOX"]})

    for version, mode in enumerate(modes):
        await updated(stack, version=version, service_preferences_settings={"mode": mode})

    assert (await stored_profile(stack)).blocked is None


async def test_null_ends_quiet_hours(stack: Stack) -> None:
    """Left out, they stay."""
    await updated(stack, quiet_hours={"from": "13:00", "to": "14:30"})

    kept = await updated(stack, version=1)
    ended = await updated(stack, version=2, quiet_hours=None)

    assert kept["quiet_hours"] == {"from": "13:00", "to": "14:30"}
    assert "quiet_hours" not in ended
    assert (await stored_profile(stack)).quiet_hours is None


async def test_null_brings_the_usual_number_of_notifications_back(stack: Stack) -> None:
    """0 is a number as well; left out, it stays."""
    await updated(stack, max_daily_notifications=0)

    kept = await updated(stack, version=1)
    ended = await updated(stack, version=2, max_daily_notifications=None)

    assert kept["max_daily_notifications"] == 0
    assert "max_daily_notifications" not in ended
    assert (await stored_profile(stack)).max_daily_notifications is None


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("version", None),
        ("version", "0"),
        ("version", 0.5),
        ("email", "nowhere"),
        ("service_preferences_settings", {}),
        ("service_preferences_settings", {"mode": "SEMI"}),
        ("blocked_inbox_or_channels", {SERVICE_ID: ["FAX"]}),
        ("blocked_inbox_or_channels", {"a/b": ["INBOX"]}),
        ("preferred_languages", ["fr_CH"]),
        ("is_inbox_enabled", None),
        ("is_webhook_enabled", "true"),
        ("accepted_tos_version", 0),
        ("accepted_tos_version", True),
        ("accepted_tos_version", 1e300),
        ("reminder_status", "UNSET"),
        ("push_notifications_content_type", "UNSET"),
        ("last_app_version", "3.1"),
        ("last_app_version", "3.01.0"),
        ("quiet_hours", {"from": "22:00"}),
        ("quiet_hours", {"from": "22:00", "to": "24:00"}),
        ("quiet_hours", {"from": "22:00", "to": "7:00"}),
        ("quiet_hours", {"from": "22:00", "to": "22:00"}),
        ("max_daily_notifications", -1),
        ("max_daily_notifications", 51),
        ("max_daily_notifications", 2.5),
        ("max_daily_notifications", "10"),
        ("max_daily_notifications", True),
    ],
)
async def test_a_wrong_value_is_refused(stack: Stack, field: str, value: Any) -> None:
    """400 with the field's name, and nothing is changed."""
    before = await stored_profile(stack)

    reply = await stack.call("update_profile", {"version": 0, field: value}, citizen=CITIZEN)

    assert refusal(reply)[:2] == (400, "Invalid Profile")
    assert reply.body["errors"][0]["pointer"].startswith(f"/{field}")
    assert await stored_profile(stack) == before
