"""Profiles and preferences in the store of a stack."""

from datetime import datetime
from typing import Any

from infra.local.sandbox.seed import CITIZEN, SERVICE_ID, a_profile
from lib.domain.shared.values import timestamp
from lib.ports.schema.citizens import ACTIVATIONS, PROFILES, SERVICE_PREFERENCES, STANDINGS
from lib.repositories.profiles.profiles import PROFILE_ID
from tests.doubles.clock import START
from tests.stack import Stack

OTHER_CITIZEN = "RSSMRA80A01H501U"
ADDRESS = "emails@example.org"
"""The address of the sandbox's EMAIL_CITIZEN."""


async def with_profile(stack: Stack, citizen: str = CITIZEN, **changes: Any) -> None:
    """Change the citizen's profile; ... takes a field away."""
    profile = (await stack.store.read(PROFILES, citizen, PROFILE_ID)).document
    changed = {**profile, **changes}
    kept = {name: value for name, value in changed.items() if value is not ...}
    await stack.store.upsert(PROFILES, kept)


async def with_preference(
    stack: Stack, citizen: str = CITIZEN, *, version: int = 0, **changes: Any
) -> None:
    """Give the citizen a choice for the seeded service."""
    choice = {
        "id": SERVICE_ID,
        "fiscal_code": citizen,
        "settings_version": version,
        "is_inbox_enabled": True,
        "is_email_enabled": True,
        "is_webhook_enabled": True,
        **changes,
    }
    await stack.store.upsert(SERVICE_PREFERENCES, choice)


async def with_activation(
    stack: Stack, status: str, updated_at: datetime = START, citizen: str = CITIZEN
) -> None:
    """Give the citizen an activation of the seeded service."""
    activation = {
        "id": SERVICE_ID,
        "fiscal_code": citizen,
        "status": status,
        "updated_at": timestamp(updated_at),
    }
    await stack.store.upsert(ACTIVATIONS, activation)


async def with_standing(stack: Stack, citizen: str = CITIZEN) -> None:
    """Store an answer of the register of residents, which the stack does not ask."""
    await stack.store.upsert(STANDINGS, {"id": "resident", "fiscal_code": citizen})


async def with_new_profile(stack: Stack, citizen: str = CITIZEN, **changes: Any) -> None:
    """Give the citizen the profile of one who accepts everything, with some changes."""
    await stack.store.upsert(PROFILES, a_profile(citizen, **changes))
