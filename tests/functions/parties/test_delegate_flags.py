"""The flag in the owner's profile tells a fan-out whether a delegate may have to be told."""

import asyncio

from infra.local.sandbox.seed import CITIZEN
from lib.repositories.profiles.delegate_flags import DelegateFlags
from tests.builders.parties import DELEGATE, offered, with_delegation
from tests.functions.parties.told import told, with_told
from tests.stack import Stack

NEW = "NOPROF00A00A000A"


async def flag(stack: Stack, owner: str = CITIZEN) -> bool:
    """Return the flag of the owner."""
    profile = await stack.app.repositories.profiles.profile(owner)
    assert profile is not None
    settings = await stack.app.repositories.profiles.settings(owner)
    assert settings is not None
    assert settings.settings.profile == profile
    return profile.tells_delegates


async def end(stack: Stack, id_: str) -> None:
    """End a delegation by its owner."""
    reply = await stack.call("end_delegation", path={"id": id_}, citizen=CITIZEN)
    assert reply.status == 204, reply


async def test_the_flag_is_there_while_a_delegate_is_told(stack: Stack) -> None:
    """The last end clears it; an offer that waits keeps it."""
    await with_delegation(stack)
    assert not await flag(stack)
    ids = [await with_told(stack) for _ in range(2)]
    assert await flag(stack)

    await end(stack, ids[0])
    assert await flag(stack)
    offer = await offered(stack, is_notified=True)
    await end(stack, ids[1])
    assert await flag(stack)
    await end(stack, offer["id"])

    assert not await flag(stack)


async def test_an_update_of_the_profile_keeps_the_flag(stack: Stack) -> None:
    """IO's app replaces the profile, and nothing of its answer shows the flag."""
    await with_told(stack)

    body = {"version": 0, "is_email_enabled": False}
    reply = await stack.call("update_profile", body, citizen=CITIZEN)

    assert reply.status == 200
    assert "tells_delegates" not in reply.body
    assert await flag(stack)


async def test_a_profile_that_comes_after_the_delegation_has_the_flag(stack: Stack) -> None:
    """An owner may offer before the first update of the profile; also an open offer counts."""
    await with_told(stack, owner=NEW)

    body = {"version": 0, "accepted_tos_version": 1}
    assert (await stack.call("update_profile", body, citizen=NEW)).status == 200

    assert await flag(stack, NEW)
    await stack.deliver(fiscal_code=NEW)
    assert len(told(stack)) == 1


async def test_an_end_does_not_clear_what_a_taker_needs(stack: Stack) -> None:
    """An offer may be taken between the look at the delegations and the write."""
    id_ = await with_told(stack)
    flags = DelegateFlags(stack.store)

    async def is_needed() -> bool:
        await end(stack, id_)
        code = (await offered(stack, is_notified=True))["code"]
        taken = await stack.call("take_offer", {"code": code}, citizen=DELEGATE)
        assert taken.status == 200
        return False

    await flags.clear(CITIZEN, is_needed)

    assert await flag(stack)


async def test_takers_and_ends_at_once(stack: Stack) -> None:
    """Whatever comes first, a delegate who is told is never passed over."""
    for _ in range(5):
        id_ = await with_told(stack)
        code = (await offered(stack, is_notified=True))["code"]
        await asyncio.gather(
            end(stack, id_), stack.call("take_offer", {"code": code}, citizen=DELEGATE)
        )

        assert await flag(stack)
