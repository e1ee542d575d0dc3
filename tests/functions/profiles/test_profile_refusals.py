"""An update of a profile with a wrong value is refused, and changes nothing."""

import re
from typing import Any

import pytest

from infra.local.sandbox.seed import CITIZEN, SERVICE_ID
from tests.functions.profiles.profile_calls import read, update, updated
from tests.stack import Stack, refusal
from tests.stored import stored_profile


@pytest.mark.parametrize(
    "address", ["àda@example.org", "<ada@example.org>", "ada@[127.0.0.1]", "ada@x_y.example", "ada"]
)
async def test_an_address_that_no_mail_can_reach_is_refused(stack: Stack, address: str) -> None:
    """An address that no mail can reach gets 400 with a reason."""
    reply = await update(stack, email=address)

    assert reply.status == 400
    assert reply.body["errors"][0]["pointer"] == "/email"
    assert re.search("@-sign|email address", reply.body["errors"][0]["detail"])
    assert "email" not in await read(stack)


async def test_invisible_characters_are_removed_from_an_address(stack: Stack) -> None:
    """Invisible characters, which come with copy and paste, are removed from an address."""
    assert (await updated(stack, email="\u200bada@example.org"))["email"] == "ada@example.org"


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
    """A wrong value gets 400 with the field's name, and nothing is changed."""
    before = await stored_profile(stack)

    reply = await stack.call("update_profile", {"version": 0, field: value}, citizen=CITIZEN)

    assert refusal(reply)[:2] == (400, "Invalid Profile")
    assert reply.body["errors"][0]["pointer"].startswith(f"/{field}")
    assert await stored_profile(stack) == before
