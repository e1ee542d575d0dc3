"""The part of the world that is about sessions and delegates of the citizen."""

from typing import Any, Final

from infra.local.sandbox.seed import CITIZEN
from tests.builders.parties import with_delegation
from tests.builders.sessions import a_session, with_session
from tests.functions.identity.rights import callers
from tests.stack import Stack

PERSONS: Final = {
    callers.DELEGATE: "DLGATE80A01H501U",
    callers.OTHER_DELEGATE: "DLGATF80A01H501U",
    callers.FORMER_DELEGATE: "DLGATG80A01H501U",
}


def acting(call: dict[str, Any]) -> dict[str, Any]:
    """Return a call as that of a delegate of the citizen, from an address of their own.

    One address may make few calls of a public endpoint.
    """
    headers = {"x-forwarded-for": "198.51.100.8", **call.get("headers", {})}
    return {**call, "party": CITIZEN, "headers": headers}


async def keep_access(
    stack: Stack, service_id: str, other_id: str
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
    things = {"session": session.id, "delegation": given[callers.DELEGATE]}
    return things, {session.id, session.device_name, *given.values()}
