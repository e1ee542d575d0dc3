"""The sandbox's citizens and keys, each with its case, for the pages and the guides.

These are no secrets: a host has them only where SANDBOX is true.
"""

import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Final

from aiohttp import web

from infra.local.http.host import HttpHost
from infra.local.provider.citizens import CITIZENS, SandboxCitizen
from infra.local.sandbox import seed
from lib import __version__


@dataclass(frozen=True, slots=True)
class SandboxKey:
    """A key for the console. `role`: what its holder does."""

    key: str
    role: str


CASES: Final[Mapping[str, str]] = {
    seed.SAMPLE_CITIZEN: "sample",
    seed.CITIZEN: "ready",
    "RSSMRA80A01H501U": "person",
    seed.EMAIL_CITIZEN: "email",
    "MANUAL00A00A000A": "manual",
    "NOREMI00A00A000A": "no_reminders",
    "INBOFF00A00A000A": "inbox_off",
    "BLOCKD00A00A000A": "blocked",
    "NOPROF00A00A000A": "no_profile",
    "MINORE00A00A000A": "too_young",
}
"""The case of each citizen: the name of the start page's text about it."""
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
        "citizens": [_view(one) for one in CITIZENS],
        "keys": [asdict(one) for one in KEYS],
    }

    async def start(_: web.BaseRequest, __: dict[str, str]) -> web.Response:
        return web.json_response(answer, headers={"Cache-Control": "no-store"})

    http.add("GET", "sandbox/start", start)


def _view(one: SandboxCitizen) -> dict[str, str]:
    return {
        "fiscal_code": one.fiscal_code,
        "name": f"{one.given_name} {one.family_name}",
        "about": one.about,
        "case": CASES[one.fiscal_code],
    }
