"""Citizens read and set their own settings."""

import json
from typing import Any

import jwt
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from infra.local.sandbox.seed import CITIZEN
from tests.builders.profiles import with_new_profile
from tests.functions.profiles.profile_calls import EVERYTHING, NOBODY, read, update, updated
from tests.stack import Stack
from tests.stored import stored_profile


async def test_a_profile_has_io_s_fields(stack: Stack) -> None:
    """A profile has IO's fields."""
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
        "date_of_birth": "1980-01-01",
        "fiscal_code": CITIZEN,
    }


async def test_a_choice_that_was_not_made_is_not_shown(stack: Stack) -> None:
    """The stored values UNSET and UNKNOWN are left out of the answer."""
    await with_new_profile(
        stack,
        reminder_status="UNSET",
        push_notifications_content_type="UNSET",
        last_app_version="UNKNOWN",
    )

    assert not {"reminder_status", "push_notifications_content_type", "last_app_version"} & set(
        await read(stack)
    )


async def test_names_are_empty_where_the_token_has_none(stack: Stack) -> None:
    """The names are empty strings, since IO's clients require the fields."""
    token = stack.tokens.issue(CITIZEN, stack.clock.now())[0]
    claims = jwt.decode(token, options={"verify_signature": False}) | {"given_name": 1}
    del claims["family_name"]
    kid = jwt.get_unverified_header(token)["kid"]
    bare = jwt.encode(claims, stack.tokens.key, "ES256", headers={"kid": kid})

    reply = await stack.call("read_profile", headers={"authorization": f"Bearer {bare}"}, key=None)

    assert (reply.status, reply.body["name"], reply.body["family_name"]) == (200, "", "")


async def test_the_profile_has_the_address_and_the_birth_date_of_the_token(stack: Stack) -> None:
    """They are absent where the token has none, or a year alone."""
    token = stack.tokens.issue(CITIZEN, stack.clock.now())[0]
    kid = jwt.get_unverified_header(token)["kid"]
    known = jwt.decode(token, options={"verify_signature": False})
    for claims, expected in (
        (
            {"email": "ada@spid.example", "birthdate": "1979-12-10"},
            ("ada@spid.example", "1979-12-10"),
        ),
        ({"email": 5, "birthdate": "1979-12-10"}, (None, "1979-12-10")),
        ({"birthdate": "1980-01-01"}, (None, "1980-01-01")),
    ):
        signed = jwt.encode({**known, **claims}, stack.tokens.key, "ES256", headers={"kid": kid})
        bearer = {"authorization": f"Bearer {signed}"}
        reply = await stack.call("read_profile", headers=bearer, key=None)
        assert (reply.body.get("spid_email"), reply.body.get("date_of_birth")) == expected


async def test_every_setting_can_be_set(stack: Stack) -> None:
    """The answer to an update is the profile as it is read afterwards."""
    answer = await updated(stack, **EVERYTHING)

    assert {**EVERYTHING, "version": 1, "is_email_validated": False}.items() <= answer.items()
    assert await read(stack) == answer


async def test_a_whole_terms_version_stays_an_integer(stack: Stack) -> None:
    """A terms version of 3 is 3 in the answer, not 3.0."""
    reply = await updated(stack, accepted_tos_version=3)

    assert json.dumps(reply["accepted_tos_version"]) == "3"


@given(names=st.sets(st.sampled_from(sorted(EVERYTHING))))
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
async def test_a_field_that_is_left_out_keeps_its_value(stack: Stack, names: set[str]) -> None:
    """An update changes the fields that it names, and no other."""
    before = await read(stack)
    changes = {name: EVERYTHING[name] for name in names}

    after = await updated(stack, version=before["version"], **changes)

    expected = {**before, **changes, "version": before["version"] + 1}
    if "email" in expected:
        expected["is_email_validated"] = False
    assert after == expected


async def test_a_citizen_without_a_profile_reads_a_new_one(stack: Stack) -> None:
    """The answer is 200 with version 0, inbox and push off; nothing is stored."""
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
        "date_of_birth": "1980-01-01",
        "fiscal_code": NOBODY,
    }
    assert await stack.app.repositories.profiles.settings(NOBODY) is None


async def test_the_first_update_makes_the_profile(stack: Stack) -> None:
    """The first update creates a profile in LEGACY mode, with e-mail on and the rest off."""
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


async def test_the_first_accepted_terms_switch_inbox_and_push_on(stack: Stack) -> None:
    """The first acceptance of the terms switches inbox and push on, whatever the body says."""
    off = {"is_inbox_enabled": False, "is_webhook_enabled": False}

    first = await updated(stack, NOBODY, accepted_tos_version=1, **off)
    second = await updated(stack, NOBODY, version=1, accepted_tos_version=2, **off)

    assert (first["is_inbox_enabled"], first["is_webhook_enabled"]) == (True, True)
    assert (second["is_inbox_enabled"], second["is_webhook_enabled"]) == (False, False)


async def test_a_new_citizen_receives_messages(stack: Stack) -> None:
    """A message reaches a citizen whose profile is new."""
    await updated(stack, NOBODY, accepted_tos_version=1)
    assert len(stack.push.sent) == 0

    await stack.deliver(fiscal_code=NOBODY)

    inbox = await stack.call("list_inbox", citizen=NOBODY)
    assert (len(inbox.body["items"]), len(stack.push.sent)) == (1, 1)


@pytest.mark.parametrize("changes", [{}, {"email": "ada@example.com"}])
async def test_the_same_address_stays_validated(stack: Stack, changes: dict[str, Any]) -> None:
    """An address that is left out or repeated stays validated; another one is not."""
    address = {"email": "ada@example.com", "is_email_validated": True}
    await with_new_profile(stack, CITIZEN, **address)

    same = await updated(stack, **changes)
    other = await updated(stack, version=1, email="lovelace@example.com")

    assert same["is_email_validated"] is True
    assert other["is_email_validated"] is False


async def test_null_ends_quiet_hours(stack: Stack) -> None:
    """Null removes the quiet hours; an update without the field keeps them."""
    await updated(stack, quiet_hours={"from": "13:00", "to": "14:30"})

    kept = await updated(stack, version=1)
    ended = await updated(stack, version=2, quiet_hours=None)

    assert kept["quiet_hours"] == {"from": "13:00", "to": "14:30"}
    assert "quiet_hours" not in ended
    assert (await stored_profile(stack)).quiet_hours is None


async def test_null_restores_the_default_number_of_notifications(stack: Stack) -> None:
    """Null removes the daily number; 0 is a number, and a missing field keeps it."""
    await updated(stack, max_daily_notifications=0)

    kept = await updated(stack, version=1)
    ended = await updated(stack, version=2, max_daily_notifications=None)

    assert kept["max_daily_notifications"] == 0
    assert "max_daily_notifications" not in ended
    assert (await stored_profile(stack)).max_daily_notifications is None
