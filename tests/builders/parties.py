"""Delegations between citizens, made by the calls of both."""

from typing import Any, Final

from infra.local.sandbox.seed import CITIZEN
from lib.domain.identity.citizen import Citizen
from lib.domain.shared.identifiers import FiscalCode
from lib.domain.shared.values import Masked
from lib.repositories.profiles.delegate_flags import DelegateFlags
from lib.use_cases.parties.follow_register import FollowRegister
from tests.doubles.representatives import Registers
from tests.stack import Stack

DELEGATE: Final = "DLGATE80A01H501U"
ENDS_AT: Final = "2027-06-30T22:00:00Z"


def an_offer(**changes: Any) -> dict[str, Any]:
    """Return the terms of an offer."""
    return {"rights": ["READ"], "ends_at": ENDS_AT, **changes}


async def offered(stack: Stack, owner: str = CITIZEN, **terms: Any) -> dict[str, Any]:
    """Make an offer; return the answer, with its code."""
    reply = await stack.call("offer_delegation", an_offer(**terms), citizen=owner)
    assert reply.status == 201, reply
    return dict(reply.body)


async def with_delegation(
    stack: Stack, owner: str = CITIZEN, delegate: str = DELEGATE, **terms: Any
) -> str:
    """Give a delegation; return its id."""
    code = (await offered(stack, owner, **terms))["code"]
    reply = await stack.call("take_offer", {"code": code}, citizen=delegate)
    assert reply.status == 200, reply
    return str(reply.body["id"])


async def with_registered(stack: Stack, person: str, party: str) -> None:
    """Let a register give a delegation."""
    registers = Registers()
    registers.list(person, party)

    async def is_leaving(_: str) -> bool:
        return False

    app = stack.app
    tell, parties = app.access_log.note_registered, app.repositories.parties
    flags = DelegateFlags(app.ports.store)
    follow = FollowRegister(registers, parties, flags, is_leaving, tell, stack.clock)
    name = Masked("Ada")
    assert (await follow(Citizen(FiscalCode(person), name, name))).asked_at
