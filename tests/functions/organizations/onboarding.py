"""The calls with which an organisation joins."""

import re
from typing import Final

from lib.adapters.embedded.registers.scripted_public_bodies import BODIES
from tests.stack import Reply, Stack

BODY: Final = BODIES[0]
UNION: Final = BODIES[1]
UNKNOWN: Final = "00000000059"
"""A valid fiscal code that the register of the sandbox does not have."""


async def apply(
    stack: Stack, fiscal_code: str = BODY.fiscal_code, address: str = "198.51.100.7", **body: str
) -> Reply:
    """Apply for an organisation, and let the check run."""
    reply = await stack.call(
        "apply_organization",
        {"fiscal_code": fiscal_code, **body},
        key=None,
        headers={"x-forwarded-for": f"{address}:1024"},
    )
    await stack.drain()
    return reply


def codes(stack: Stack) -> list[str]:
    """Return the codes in all e-mails, the oldest first."""
    return [re.findall(r"[0-9A-Z]{26}-[0-9a-f]{32}", mail.text)[0] for mail in stack.mailer.sent]


async def confirm(stack: Stack, code: str, address: str = "198.51.100.7") -> Reply:
    """Confirm with a code."""
    headers = {"x-forwarded-for": f"{address}:1024"}
    return await stack.call("confirm_organization", {"code": code}, key=None, headers=headers)


async def joined(stack: Stack, fiscal_code: str = BODY.fiscal_code) -> str:
    """Let an organisation join, and return its first manage key."""
    await apply(stack, fiscal_code)
    reply = await confirm(stack, codes(stack)[-1])
    assert reply.status == 200, reply
    key: str = reply.body["primary_key"]
    return key
