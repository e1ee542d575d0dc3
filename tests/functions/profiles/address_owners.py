"""Citizens who want one address, for the tests of its owner."""

from datetime import timedelta
from typing import Any, Final

from infra.local.sandbox.seed import CITIZEN, EMAIL_CITIZEN
from tests.builders.email_addresses import link_token, owners_of
from tests.stack import Reply, Stack
from tests.stored import stored_profile

OTHER: Final = "RSSMRA80A01H501U"


THIRD: Final = "NOREMI00A00A000A"


WANTED: Final = "wanted@example.org"


LATER: Final = timedelta(minutes=1)


async def give(stack: Stack, citizen: str, email: str | None = WANTED, **changes: Any) -> Reply:
    """Update the citizen's profile with this address."""
    body = {"version": (await stored_profile(stack, citizen)).version, "email": email, **changes}
    return await stack.call("update_profile", body, citizen=citizen)


async def ask(stack: Stack, citizen: str) -> Reply:
    """Request the validation e-mail."""
    return await stack.call("request_email_validation", citizen=citizen)


async def click(stack: Stack, citizen: str, email: str = WANTED) -> Reply:
    """Open the link that validates the citizen's address."""
    token = link_token(stack, "validate", citizen, email)
    return await stack.call("do_validate_email", path={"token": token}, key=None)


async def wanted_by_both(stack: Stack) -> None:
    """Give two citizens the same address, which none of them has validated."""
    for citizen in (CITIZEN, OTHER):
        assert (await give(stack, citizen)).status == 200


async def owned(stack: Stack, citizen: str = CITIZEN, email: str = WANTED) -> None:
    """Give the citizen the address, validate it, and advance the clock."""
    assert (await give(stack, citizen, email)).status == 200
    assert (await click(stack, citizen, email)).status == 200
    stack.clock.advance(LATER)


async def validated(stack: Stack) -> list[str]:
    """Return the citizens who have validated the address."""
    found = {citizen: await stored_profile(stack, citizen) for citizen in (CITIZEN, OTHER, THIRD)}
    return [
        citizen
        for citizen, settings in found.items()
        if (settings.validated_email or "").lower() == WANTED
    ]


async def owner(stack: Stack, email: str = WANTED) -> str | None:
    """Return the citizen who has claimed the address; None where there is none."""
    found = await owners_of(stack, email, (CITIZEN, OTHER, THIRD, EMAIL_CITIZEN))
    return found[0] if found else None
