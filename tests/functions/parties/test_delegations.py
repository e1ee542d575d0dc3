"""Citizens offer, take, list and end delegations."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from infra.local.sandbox.seed import CITIZEN
from lib.domain.parties.given import MOST_GIVEN
from lib.domain.parties.held import MOST_HELD, Lead
from lib.domain.shared.identifiers import FiscalCode
from tests.builders.identity import an_access
from tests.builders.parties import DELEGATE, an_offer, offered, with_delegation
from tests.stack import Reply, Stack

STRANGER = "STRNGR80A01H501U"


async def given(stack: Stack, citizen: str = CITIZEN) -> list[dict[str, Any]]:
    """Return what the citizen gave."""
    return list((await stack.call("list_own_delegations", citizen=citizen)).body["items"])


async def parties(stack: Stack, citizen: str = DELEGATE) -> list[dict[str, Any]]:
    """Return for whom the citizen may act."""
    return list((await stack.call("list_parties", citizen=citizen)).body["items"])


async def take(stack: Stack, code: str, citizen: str = DELEGATE) -> Reply:
    """Take an offer."""
    return await stack.call("take_offer", {"code": code}, citizen=citizen)


async def test_both_sides_list_a_delegation(stack: Stack) -> None:
    """The owner sees who took the offer, and the delegate for whom to act."""
    offer = await offered(stack, service_ids=["a", "b"], rights=["ACT", "READ"], is_notified=True)
    assert offer["state"] == "OFFERED"
    assert [one["id"] for one in await given(stack)] == [offer["id"]]
    assert "code" not in (await given(stack))[0]

    reply = await take(stack, offer["code"])

    assert reply.status == 200
    (own,), (held,) = await given(stack), await parties(stack)
    assert held == reply.body
    assert held["party"] == CITIZEN
    assert (own["delegate_name"], held["party_name"]) == ("Ada Sandbox", "Ada Sandbox")
    for one in (own, held):
        assert one["state"] == "ACTIVE"
        assert one["service_ids"] == ["a", "b"]
        assert (one["rights"], one["is_notified"]) == (["ACT", "READ"], True)
    assert await parties(stack, CITIZEN) == await given(stack, DELEGATE) == []


async def test_a_code_is_taken_once_and_by_its_taker_again(stack: Stack) -> None:
    """Another person with the same code learns nothing, also by a code in other writing."""
    code = (await offered(stack))["code"]

    first, again = await take(stack, code), await take(stack, code.lower().replace("-", " "))
    other = await take(stack, code, STRANGER)
    none = await take(stack, "7KQ2M-9ZXH4-B3TWE-YD5RA-6CVN8", STRANGER)

    assert first.status == again.status == 200
    assert first.body == again.body
    assert (other.status, other.body) == (none.status, none.body)
    assert other.status == 404
    assert await parties(stack, STRANGER) == []


async def test_of_two_persons_at_once_one_takes_the_offer(stack: Stack) -> None:
    """The other has no party, and is told that no offer is open."""
    code = (await offered(stack))["code"]

    replies = await asyncio.gather(take(stack, code), take(stack, code, STRANGER))

    assert sorted(one.status for one in replies) == [200, 404]
    found = await asyncio.gather(parties(stack), parties(stack, STRANGER))
    assert sorted(map(len, found)) == [0, 1]


async def test_nobody_takes_an_own_offer_or_a_late_one(stack: Stack) -> None:
    """An offer is open for seven days; for 90 more the owner sees that nobody took it."""
    code = (await offered(stack))["code"]
    assert (await take(stack, code, CITIZEN)).status == 409

    stack.clock.advance(timedelta(days=7))

    assert (await take(stack, code)).status == 404
    assert [one["state"] for one in await given(stack)] == ["EXPIRED"]
    stack.clock.advance(timedelta(days=90))
    assert await given(stack) == []


@pytest.mark.parametrize("side", ["owner", "delegate"])
async def test_each_side_ends_a_delegation(stack: Stack, side: str) -> None:
    """Both see its end for 90 days; a repeated call changes nothing."""
    path = {"id": await with_delegation(stack)}
    call = ("end_delegation", CITIZEN) if side == "owner" else ("leave_party", DELEGATE)

    replies = [await stack.call(call[0], path=path, citizen=call[1]) for _ in range(2)]

    assert [one.status for one in replies] == [204, 204]
    (own,), (held,) = await given(stack), await parties(stack)
    assert own["state"] == held["state"] == "ENDED"
    stack.clock.advance(timedelta(days=90))
    assert await given(stack) == await parties(stack) == []


async def test_nobody_ends_what_is_another_s(stack: Stack) -> None:
    """A stranger, and each side by the call of the other, finds no such delegation."""
    path = {"id": await with_delegation(stack)}

    for name, citizen in (
        ("end_delegation", STRANGER),
        ("end_delegation", DELEGATE),
        ("leave_party", STRANGER),
        ("leave_party", CITIZEN),
    ):
        assert (await stack.call(name, path=path, citizen=citizen)).status == 404
    assert [one["state"] for one in await given(stack)] == ["ACTIVE"]


async def test_a_lead_without_its_delegation_leads_nowhere(stack: Stack) -> None:
    """A person who died before the delegation, which another then took, has and ends nothing."""
    offer = await offered(stack)
    await stack.app.parties.take.lead(an_access(STRANGER), Lead(FiscalCode(CITIZEN), offer["id"]))
    assert (await take(stack, offer["code"])).status == 200

    path = {"id": offer["id"]}
    assert await parties(stack, STRANGER) == []
    assert (await stack.call("leave_party", path=path, citizen=STRANGER)).status == 404
    assert [one["state"] for one in await given(stack)] == ["ACTIVE"]


@pytest.mark.parametrize(
    "terms",
    [
        {"ends_at": "2026-11-23T08:00:00Z"},
        {"ends_at": "2030-01-01T00:00:00Z"},
        {"rights": ["ACT"]},
        {"rights": []},
        {"rights": ["PROFILE"]},
        {"service_ids": []},
        {"service_ids": [f"service-{number}" for number in range(21)]},
        {"ends_at": "2027-01-01T00:00:00"},
    ],
)
async def test_terms_are_checked(stack: Stack, terms: dict[str, Any]) -> None:
    """A delegation ends within three years, gives READ at least, and names few services."""
    reply = await stack.call("offer_delegation", an_offer(**terms), citizen=CITIZEN)

    assert reply.status == 400
    assert reply.body["errors"][0]["pointer"].startswith(f"/{next(iter(terms))}")
    assert await given(stack) == []


async def test_an_owner_has_few_delegations_also_at_once(stack: Stack) -> None:
    """Ended ones make room."""
    for _ in range(MOST_GIVEN - 1):
        await offered(stack)

    replies = await asyncio.gather(
        *(stack.call("offer_delegation", an_offer(), citizen=CITIZEN) for _ in range(4))
    )

    assert sorted(one.status for one in replies) == [201, 400, 400, 400]
    found = await given(stack)
    assert len(found) == MOST_GIVEN
    await stack.call("end_delegation", path={"id": found[0]["id"]}, citizen=CITIZEN)
    assert (await stack.call("offer_delegation", an_offer(), citizen=CITIZEN)).status == 201


async def test_a_delegate_has_few_parties_and_dead_leads_make_room(stack: Stack) -> None:
    """A lead counts until its delegation has gone from the lists."""
    owners = [f"WNERAA80A{number % 31 + 1:02}H5{number:02}U" for number in range(MOST_HELD + 1)]
    for owner in owners[:-1]:
        await with_delegation(stack, owner)
    code = (await offered(stack, owners[-1]))["code"]
    assert (await take(stack, code)).status == 400

    id_ = (await parties(stack))[0]["id"]
    await stack.call("leave_party", path={"id": id_}, citizen=DELEGATE)
    stack.clock.advance(timedelta(days=90))
    code = (await offered(stack, owners[-1]))["code"]

    assert (await take(stack, code)).status == 200
    assert len(await parties(stack)) == MOST_HELD
