"""Helpers of the tests of profiles."""

from typing import Any, Final

from infra.local.sandbox.seed import CITIZEN
from tests.stack import Reply, Stack

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
    """Return the profile that the citizen reads."""
    reply = await stack.call("read_profile", citizen=citizen)
    assert reply.status == 200, reply
    return dict(reply.body)


async def update(stack: Stack, citizen: str = CITIZEN, version: int = 0, **changes: Any) -> Reply:
    """Send an update."""
    return await stack.call("update_profile", {"version": version, **changes}, citizen=citizen)


async def updated(stack: Stack, citizen: str = CITIZEN, **changes: Any) -> dict[str, Any]:
    """Send an update that is accepted; return the profile of the answer."""
    reply = await update(stack, citizen, **changes)
    assert reply.status == 200, reply
    return dict(reply.body)
