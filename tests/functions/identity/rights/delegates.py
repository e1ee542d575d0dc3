"""The part of the world that is about sessions and delegates of the citizen."""

from dataclasses import replace
from typing import Any, Final

from infra.local.sandbox.seed import CITIZEN
from lib.domain.shared.identifiers import FiscalCode
from tests.builders.parties import with_delegation
from tests.builders.sessions import a_session, with_session
from tests.doubles.representatives import Registers
from tests.functions.identity.rights import callers
from tests.stack import Stack

PERSONS: Final = {
    callers.DELEGATE: "DLGATE80A01H501U",
    callers.OTHER_DELEGATE: "DLGATF80A01H501U",
    callers.FORMER_DELEGATE: "DLGATG80A01H501U",
    callers.REPRESENTATIVE: "TUTORA80A01H501U",
    callers.FORMER_REPRESENTATIVE: "TUTORB80A01H501U",
    callers.COMPANY_STRANGER: "LEGALA80A01H501U",
}
COMPANY: Final = "01234567897"


def acting(call: dict[str, Any]) -> dict[str, Any]:
    """Return a call as that of a delegate of the citizen, from an address of their own.

    One address may make few calls of a public endpoint.
    """
    headers = {"x-forwarded-for": "198.51.100.8", **call.get("headers", {})}
    return {**call, "party": CITIZEN, "headers": headers}


async def keep_registered(stack: Stack, registers: Registers) -> str:
    """Let a register give delegations and end one; return the id of the one that is in force.

    Who has none in force is looked up now, so that refused calls write nothing.
    """
    persons = [PERSONS[caller] for caller in callers.REPRESENTATIVES]
    for person, party in zip(persons, (CITIZEN, CITIZEN, COMPANY), strict=True):
        registers.list(person, party)
        await stack.call("list_parties", citizen=person)
    former = PERSONS[callers.FORMER_REPRESENTATIVE]
    registers.strike(former)
    change = stack.app.repositories.parties.change_held
    await change(FiscalCode(former), lambda held: replace(held, asked_at=""))
    for person in (former, PERSONS[callers.FORMER_DELEGATE]):
        await stack.call("list_parties", citizen=person)
    (party,) = (await stack.call("list_parties", citizen=persons[0])).body["items"]
    return str(party["id"])


async def keep_access(
    stack: Stack, registers: Registers, service_id: str, other_id: str
) -> tuple[dict[str, str], set[str]]:
    """Give the citizen a session and delegates; return what they are called, and all secrets."""
    session = a_session(device_name="il-telefono-della-cittadina")
    await with_session(stack, CITIZEN, session)
    given = {
        caller: await with_delegation(
            stack, delegate=PERSONS[caller], service_ids=[id_], rights=["READ", "ACT"]
        )
        for caller, id_ in (
            (callers.DELEGATE, service_id),
            (callers.OTHER_DELEGATE, other_id),
            (callers.FORMER_DELEGATE, service_id),
        )
    }
    await stack.call("end_delegation", path={"id": given[callers.FORMER_DELEGATE]}, citizen=CITIZEN)
    given[callers.REPRESENTATIVE] = await keep_registered(stack, registers)
    things = {"session": session.id, "delegation": given[callers.DELEGATE]}
    return things, {session.id, session.device_name, *given.values()}
