"""A row of the table of refusals: what IO answers, how to provoke it, and what we answer."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final

from infra.local.sandbox.seed import SENDER_KEY
from tests.stack import Reply, Stack

NOT_ALLOWED: Final = "You are not allowed here"
NO_PERMISSION: Final = "You do not have enough permission to complete the operation you requested"
GATEWAY_SECRET: Final = "sandbox-gateway-secret"

type Ask = Callable[[Stack], Awaitable[Reply]]
"""Provokes the refusal."""


@dataclass(frozen=True)
class Ours:
    """An answer that differs from IO's on purpose; `title` is None for an accepted request."""

    status: int
    title: str | None
    why: str


@dataclass(frozen=True)
class Refusal:
    """A refusal of IO's API for administrations.

    `section`: that of the reference on IO's contract. `title` and `detail`: None where IO does not
    fix them. `ours`: our own answer where it is another one. Exactly one of these is given:
    `ask`, which provokes the refusal; `impossible`, why nothing can provoke it here; `awaits`, the
    beginning of the paths that would provoke it, which no endpoint has yet.
    """

    section: str
    condition: str
    status: int
    title: str | None = None
    detail: str | None = None
    ask: Ask | None = None
    ours: Ours | None = None
    impossible: str = ""
    awaits: str = ""

    @property
    def name(self) -> str:
        """The name of the test."""
        return f"{self.section}: {self.condition}"


def asking(name: str, body: Any = None, **call: Any) -> Ask:
    """Return a call of an endpoint; by default with the sandbox's key."""

    async def ask(stack: Stack) -> Reply:
        key = call.get("key", SENDER_KEY)
        with_key = {**call, "key": await key(stack) if callable(key) else key}
        return await stack.call(name, body, **with_key)

    return ask


def through_gateway(name: str, body: Any = None, **named: str) -> Ask:
    """Return a call by a trusted gateway; `named`: its headers about the caller."""
    headers = {f"x-{header.replace('_', '-')}": value for header, value in named.items()}
    return asking(name, body, key=None, headers={"x-recapito-gateway": GATEWAY_SECRET, **headers})
