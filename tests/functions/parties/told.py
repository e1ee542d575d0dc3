"""Helpers of the tests of delegates who are told of messages."""

from typing import Any, Final

from infra.local.sandbox.seed import CITIZEN
from lib.ports.push import PushNotification
from tests.builders.parties import DELEGATE, with_delegation
from tests.builders.profiles import with_new_profile
from tests.stack import Stack

ADDRESS: Final = "carer@example.org"
WITH_EMAIL: Final = {"email": ADDRESS, "is_email_validated": True}


async def with_told(
    stack: Stack, profile: dict[str, Any] | None = None, owner: str = CITIZEN, **terms: Any
) -> str:
    """Give a delegation whose delegate, with this profile, is told of messages; return its id."""
    await with_new_profile(stack, DELEGATE, **(profile or {}))
    return await with_delegation(stack, owner, **{"is_notified": True, **terms})


def told(stack: Stack) -> list[PushNotification]:
    """Return the pushes to delegates."""
    return [push for push in stack.push.sent if push.delegation_id is not None]


async def listed(stack: Stack, citizen: str) -> list[dict[str, Any]]:
    """Return the citizen's list of notifications."""
    reply = await stack.call("list_own_notifications", citizen=citizen)
    assert reply.status == 200, reply
    return list(reply.body["items"])
