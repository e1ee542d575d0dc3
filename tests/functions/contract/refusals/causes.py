"""What provokes refusals of every endpoint: keys without a right, faults, unknown paths."""

import json
from typing import Final

import azure.functions as func

from functions.declared import ELSEWHERE
from infra.local.sandbox.seed import (
    CITIZEN,
)
from lib.domain.services.service import Group
from tests.builders.services import with_groups, with_manage_key
from tests.functions.contract.refusals.rows import (
    Ask,
)
from tests.stack import Reply, Stack

MISSING_KEY: Final = (
    "Access denied due to missing subscription key. Make sure to include subscription key when "
    "making requests to an API."
)
INVALID_KEY: Final = (
    "Access denied due to invalid subscription key. Make sure to provide a valid key for an active "
    "subscription."
)
FORBIDDEN: Final = "You are not allowed to issue requests for the recipient."
LATER: Final = (
    "IO's clients retry 429 and 500, and one of them gives a message up at another status; 429 "
    "with Retry-After says that nothing is broken."
)


def elsewhere(method: str, path: str) -> Ask:
    """Return a request for a path of no endpoint."""

    async def ask(_: Stack) -> Reply:
        answer = ELSEWHERE.answer(func.HttpRequest(method, f"http://127.0.0.1{path}", body=b""))
        return Reply(answer.status_code, json.loads(answer.get_body()), dict(answer.headers))

    return ask


async def no_groups(stack: Stack) -> str:
    """Return a key without any group."""
    return await with_groups(stack)


async def other_group(stack: Stack) -> str:
    """Return a key of a group that only the subscriptions feed admits."""
    return await with_groups(stack, Group.SUBSCRIPTIONS_FEED_READ)


async def other_network(stack: Stack) -> str:
    """Return a key of a service with another network."""
    return await with_groups(stack, *Group, authorized_cidrs=["192.0.2.0/24"])


async def manager_elsewhere(stack: Stack) -> str:
    """Return a manage key of another network."""
    return await with_manage_key(stack, cidrs=("192.0.2.0/24",))


async def one_call(stack: Stack) -> Reply:
    """Make a call more than the limit."""
    key = await with_groups(stack, Group.MESSAGE_READ, call_limit=1)
    path = {"fiscal_code": CITIZEN, "id": "01J0000000000000000000000A"}
    await stack.call("read_sent_message", path=path, key=key)
    return await stack.call("read_sent_message", path=path, key=key)


def broken(ask: Ask, error: Exception, *methods: str, port: str = "store") -> Ask:
    """Return the same call while methods of the store, or of the queue, raise the error."""

    async def asked(stack: Stack) -> Reply:
        async def fail(*_: object, **__: object) -> None:
            raise error

        for method in methods:
            setattr(getattr(stack, port), method, fail)
        return await ask(stack)

    return asked
