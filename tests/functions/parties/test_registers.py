"""A register of representatives gives delegations, confirms them and ends them."""

import asyncio
from collections.abc import AsyncIterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from infra.local.sandbox.seed import CITIZEN
from lib.adapters.embedded.registers import scripted_representatives as script
from lib.adapters.embedded.registers.scripted_representatives import ScriptedRepresentatives
from lib.domain.parties.delegation import DelegationKind
from lib.domain.personal_data.erasure_request import ErasureRequest
from lib.domain.shared.identifiers import FiscalCode
from tests.builders.parties import with_delegation
from tests.doubles.representatives import Registers
from tests.stack import Reply, Stack

PERSON = "PARENT80A01H501U"
STRANGER = "STRNGR80A01H501U"
CHILD = "FIGLIO10A01H501U"
"""Born on the first of January 2010, by the fiscal code."""


@pytest.fixture
def registers() -> Registers:
    """Return registers."""
    return Registers()


@pytest.fixture
async def stack(tmp_path: Path, registers: Registers) -> AsyncIterator[Stack]:
    """Give a stack that asks the registers."""
    stack = await Stack(tmp_path, representatives=registers).start()
    yield stack
    await stack.app.close()


async def parties(stack: Stack, person: str = PERSON) -> list[dict[str, Any]]:
    """Return for whom the person may act."""
    return list((await stack.call("list_parties", citizen=person)).body["items"])


async def act(stack: Stack, name: str = "list_inbox", party: str = CITIZEN, **call: Any) -> Reply:
    """Call an endpoint as the representative."""
    return await stack.call(name, call.pop("body", None), citizen=PERSON, party=party, **call)


async def log(stack: Stack, citizen: str) -> list[tuple[str, str]]:
    """Return actors and actions of a citizen's access log."""
    items = (await stack.call("list_accesses", citizen=citizen)).body["items"]
    return [(one["actor"], one["action"]) for one in items]


async def test_who_is_listed_acts_with_all_rights(stack: Stack, registers: Registers) -> None:
    """Both sides see the delegation and its entries in their logs; neither can end it here."""
    registers.list(PERSON, CITIZEN)
    (party,) = await parties(stack)
    (given,) = (await stack.call("list_own_delegations", citizen=CITIZEN)).body["items"]

    assert (party["party"], party["party_name"], party["kind"]) == (CITIZEN, "La Parte", "GUARDIAN")
    assert party["rights"] == ["ACT", "MANAGE", "READ"]
    assert (given["state"], given["delegate_name"], given["is_notified"]) == (
        *("ACTIVE", "Ada Sandbox"),
        True,
    )
    for name, citizen in (("end_delegation", CITIZEN), ("leave_party", PERSON)):
        reply = await stack.call(name, path={"id": given["id"]}, citizen=citizen)
        assert reply.status == 409, name
    for citizen in (CITIZEN, PERSON):
        assert ("REGISTER", "DELEGATION_REGISTERED") in await log(stack, citizen)


async def test_a_token_is_enough(stack: Stack, registers: Registers) -> None:
    """The first call for a party asks the register, and again after a day, for a stranger too."""
    registers.list(PERSON, CITIZEN)

    assert (await act(stack)).status == 200
    assert (await stack.call("list_inbox", citizen=STRANGER, party=CITIZEN)).status == 403
    assert (await stack.call("list_inbox", citizen=STRANGER, party=CITIZEN)).status == 403
    assert registers.asked == [PERSON, STRANGER]


async def test_a_representative_manages_the_account(stack: Stack, registers: Registers) -> None:
    """Profile, delegations, log and data, in the name of the party; each call is in its log."""
    registers.list(PERSON, CITIZEN)

    profile = await act(stack, "read_profile")
    change = {"version": profile.body["version"], "is_email_enabled": False}
    changed = await act(stack, "update_profile", body=change)
    offered = await act(
        stack, "offer_delegation", body={"rights": ["READ"], "ends_at": "2027-06-30T22:00:00Z"}
    )
    deletion = await act(stack, "request_user_data", body={"choice": "DELETE"})

    assert (profile.body["name"], profile.body["fiscal_code"]) == ("La Parte", CITIZEN)
    assert "date_of_birth" not in profile.body
    assert [one.status for one in (changed, offered, deletion)] == [200, 201, 200]
    taken = await stack.call("take_offer", {"code": offered.body["code"]}, citizen=STRANGER)
    assert taken.body["party_name"] == "La Parte"
    wanted = {"ACCOUNT_READ", "PROFILE_CHANGED", "DELEGATION_OFFERED", "DATA_REQUESTED"}
    assert {("DELEGATE", one) for one in wanted} <= set(await log(stack, CITIZEN))
    for name, path in (("register_installation", {"installation_id": "x"}), ("list_parties", {})):
        body = {"platform": "fcmv1", "pushChannel": "y"} if path else None
        assert (await act(stack, name, body=body, path=path)).status == 403, name


async def test_a_granted_delegation_never_manages(stack: Stack) -> None:
    """An owner cannot give the right, and a delegate does not have it."""
    offer = {"rights": ["READ", "MANAGE"], "ends_at": "2027-06-30T22:00:00Z"}
    assert (await stack.call("offer_delegation", offer, citizen=CITIZEN)).status == 400
    await with_delegation(stack, delegate=PERSON, rights=["READ", "ACT"])

    for name in ("read_profile", "list_own_delegations", "list_accesses"):
        reply = await act(stack, name)
        assert (reply.status, "MANAGE" in reply.body["detail"]) == (403, True), name


async def test_who_is_struck_ends_within_a_day(stack: Stack, registers: Registers) -> None:
    """The answer counts for a day; then the same token is refused, and both logs tell why."""
    registers.list(PERSON, CITIZEN)
    assert (await act(stack)).status == 200
    registers.strike(PERSON)
    assert (await act(stack)).status == 200

    stack.clock.advance(timedelta(days=1))

    assert (await act(stack)).status == 403
    assert [one["state"] for one in await parties(stack)] == ["ENDED"]
    for citizen in (CITIZEN, PERSON):
        assert ("REGISTER", "DELEGATION_ENDED") in await log(stack, citizen)
    registers.list(PERSON, CITIZEN)
    stack.clock.advance(timedelta(days=1))
    assert (await act(stack)).status == 200
    assert [one["state"] for one in await parties(stack)] == ["ACTIVE"]


async def test_an_outage_leaves_what_is_stored_until_its_end(
    stack: Stack, registers: Registers
) -> None:
    """Thirty days after the last answer; a person who was never listed stays a stranger."""
    registers.list(PERSON, CITIZEN)
    assert len(await parties(stack)) == 1
    registers.is_away = True

    stack.clock.advance(timedelta(days=29))
    assert (await act(stack)).status == 200
    assert len(await parties(stack)) == 1
    assert (await stack.call("list_parties", citizen=STRANGER)).body["items"] == []
    stack.clock.advance(timedelta(days=1))
    assert (await act(stack)).status == 403


@pytest.mark.parametrize("born", [None, date(2008, 11, 26), date(2008, 2, 29)])
async def test_a_parent_acts_until_the_child_is_of_age(
    stack: Stack, registers: Registers, born: date | None
) -> None:
    """The day is Italy's; the fiscal code tells it where the register does not."""
    registers.list(PERSON, CHILD, DelegationKind.PARENT, born=born)

    found = await parties(stack)

    if born == date(2008, 2, 29):
        assert found == []
    elif born is not None:
        assert found[0]["ends_at"] == "2026-11-25T23:00:00.000Z"
        stack.clock.advance(timedelta(days=4))
        assert (await act(stack, party=CHILD)).status == 403
        assert [one["state"] for one in await parties(stack)] == ["EXPIRED"]
    else:
        assert found[0]["ends_at"].startswith("2026-12-23")


async def test_an_office_ends_with_its_last_day(stack: Stack, registers: Registers) -> None:
    """By Italy's midnight, although the register is not asked again."""
    registers.list(PERSON, CITIZEN, last_day=date(2026, 11, 23))

    (found,) = await parties(stack)

    assert found["ends_at"] == "2026-11-23T23:00:00.000Z"


async def test_two_calls_at_once_make_one_delegation(stack: Stack, registers: Registers) -> None:
    """Each side lists it once."""
    registers.list(PERSON, CITIZEN)

    lists = await asyncio.gather(parties(stack), parties(stack))

    assert all(len(one) <= 1 for one in lists)
    assert len(await parties(stack)) == 1
    assert len((await stack.call("list_own_delegations", citizen=CITIZEN)).body["items"]) == 1


@pytest.mark.parametrize("leaving", [CITIZEN, PERSON])
async def test_nothing_is_written_of_who_leaves(
    stack: Stack, registers: Registers, leaving: str
) -> None:
    """While the data of one side is being deleted, no delegation comes into being."""
    registers.list(PERSON, CITIZEN)
    at = "2026-11-23T09:00:00.000Z"
    request = ErasureRequest("1", at, at, at, 0, "WIP")
    await stack.app.repositories.erasures.write(leaving, request, None)

    assert await parties(stack) == []
    assert (await stack.app.repositories.parties.given(FiscalCode(CITIZEN))).all == ()


async def test_the_sandbox_has_a_family_and_a_company() -> None:
    """The made-up persons, as the sandbox's page names them."""
    register = ScriptedRepresentatives()

    found = {
        person: [(str(one.party), one.kind) for one in await register.represented_by(person)]
        for person in (script.MOTHER, script.GUARDIAN, script.REPRESENTATIVE, STRANGER)
    }

    assert found == {
        script.MOTHER: [(script.CHILD, DelegationKind.PARENT)],
        script.GUARDIAN: [(script.WARD, DelegationKind.GUARDIAN)],
        script.REPRESENTATIVE: [(script.COMPANY, DelegationKind.REPRESENTATIVE)],
        STRANGER: [],
    }
