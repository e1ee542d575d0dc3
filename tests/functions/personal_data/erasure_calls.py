"""Calls about the deletion of all of a citizen's data."""

from datetime import timedelta
from typing import Any

from lib.domain.personal_data.erasure_request import SETTLING
from tests.builders.profiles import OTHER_CITIZEN
from tests.stack import Reply, Stack

GRACE = timedelta(days=7)
DELETE = {"choice": "DELETE"}


async def ask_erasure(stack: Stack, citizen: str = OTHER_CITIZEN) -> Reply:
    """Ask for the deletion of all data."""
    return await stack.call("request_user_data", DELETE, citizen=citizen)


async def abort(stack: Stack, citizen: str = OTHER_CITIZEN, choice: str = "DELETE") -> Reply:
    """Take the request back."""
    path = {"choice": choice}
    return await stack.call("abort_user_data_request", path=path, citizen=citizen)


async def erasure(stack: Stack, citizen: str = OTHER_CITIZEN) -> Reply:
    """Read where the request stands."""
    return await stack.call("read_user_data_request", path=DELETE, citizen=citizen)


async def status(stack: Stack, citizen: str = OTHER_CITIZEN) -> Any:
    """Return the status of the request; None where there is none."""
    reply = await erasure(stack, citizen)
    return reply.body["status"] if reply.status == 200 else None


async def begin(stack: Stack, citizen: str = OTHER_CITIZEN) -> None:
    """Ask, and let the first stage run."""
    reply = await ask_erasure(stack, citizen)
    assert reply.status == 200, reply
    await stack.drain()
    stack.clock.advance(GRACE)
    await stack.tick()


async def next_stage(stack: Stack) -> None:
    """Let the next stage run."""
    stack.clock.advance(SETTLING)
    await stack.tick()


async def erase(stack: Stack, citizen: str = OTHER_CITIZEN) -> None:
    """Ask for the deletion of all data, and let it come to its end."""
    await begin(stack, citizen)
    assert await status(stack, citizen) == "WIP"
    await next_stage(stack)
    assert await status(stack, citizen) == "WIP"
    await next_stage(stack)
    assert await status(stack, citizen) is None
