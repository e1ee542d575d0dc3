"""The sandbox's citizens and keys, each with its case, for the start page and the guides.

These are no secrets: a host has them only where SANDBOX is true.
"""

import os
from dataclasses import asdict, dataclass
from typing import Final

from aiohttp import web

from infra.local.http.host import HttpHost
from infra.local.sandbox import seed
from lib import __version__


@dataclass(frozen=True, slots=True)
class SandboxCitizen:
    """A citizen whose fiscal code names a case. `case`: the name of the page's text about it."""

    fiscal_code: str
    case: str


@dataclass(frozen=True, slots=True)
class SandboxKey:
    """A key for the console. `role`: what its holder does."""

    key: str
    role: str


CITIZENS: Final = (
    SandboxCitizen(seed.SAMPLE_CITIZEN, "sample"),
    SandboxCitizen(seed.CITIZEN, "ready"),
    SandboxCitizen("RSSMRA80A01H501U", "person"),
    SandboxCitizen(seed.EMAIL_CITIZEN, "email"),
    SandboxCitizen("MANUAL00A00A000A", "manual"),
    SandboxCitizen("NOREMI00A00A000A", "no_reminders"),
    SandboxCitizen("INBOFF00A00A000A", "inbox_off"),
    SandboxCitizen("BLOCKD00A00A000A", "blocked"),
    SandboxCitizen("NOPROF00A00A000A", "no_profile"),
)
KEYS: Final = (
    SandboxKey(seed.SENDER_KEY, "sender"),
    SandboxKey(seed.MANAGE_KEY, "manager"),
    SandboxKey(seed.OPERATOR_KEY, "operator"),
    SandboxKey(seed.LIMITED_KEY, "limited_sender"),
    SandboxKey(seed.SPECIAL_KEY, "special_sender"),
    SandboxKey(seed.SLOW_KEY, "slow_sender"),
    SandboxKey(seed.PAYMENTS_KEY, "payments"),
)


def mount(http: HttpHost) -> None:
    """Add `GET /sandbox/start`, which says what runs and who is in it."""
    answer = {
        "version": __version__,
        "stack": os.environ.get("STACK", "embedded"),
        "citizens": [asdict(one) for one in CITIZENS],
        "keys": [asdict(one) for one in KEYS],
    }

    async def start(_: web.BaseRequest, __: dict[str, str]) -> web.Response:
        return web.json_response(answer, headers={"Cache-Control": "no-store"})

    http.add("GET", "sandbox/start", start)
