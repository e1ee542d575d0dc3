"""A process dies after any write of a delegation: it is there or not, and a repetition ends it."""

import pytest

from infra.local.sandbox.seed import CITIZEN
from lib.adapters.embedded.registers.scripted_representatives import GUARDIAN, WARD
from lib.domain.shared.identifiers import FiscalCode
from tests.builders.parties import DELEGATE, an_offer, offered
from tests.faults.mortal_stack import DeathError, MortalStack


@pytest.mark.parametrize("writes", [1, 2, 3, 4])
async def test_an_offer_that_died_is_open_or_absent(mortal: MortalStack, writes: int) -> None:
    """The owner repeats the call; what is listed can be taken back, and no code opens nothing."""
    mortal.life.left = writes
    reply = await mortal.insist(
        lambda: mortal.call("offer_delegation", an_offer(), citizen=CITIZEN)
    )
    mortal.life.revive()

    assert reply.status == 201
    listed = (await mortal.call("list_own_delegations", citizen=CITIZEN)).body["items"]
    # the third write is the entry of the access log, after that of the offer
    assert len(listed) == (2 if writes in {2, 3} else 1)
    for one in listed:
        ended = await mortal.call("end_delegation", path={"id": one["id"]}, citizen=CITIZEN)
        assert ended.status == 204
    taken = await mortal.call("take_offer", {"code": reply.body["code"]}, citizen=DELEGATE)
    assert taken.status == 404


@pytest.mark.parametrize("writes", [1, 2, 3, 4, 5, 6])
async def test_an_offer_is_taken_after_a_death(mortal: MortalStack, writes: int) -> None:
    """After a death at any write, the same code makes the same person the delegate."""
    offer = await offered(mortal, is_notified=True)
    mortal.life.left = writes

    reply = await mortal.insist(
        lambda: mortal.call("take_offer", {"code": offer["code"]}, citizen=DELEGATE)
    )
    mortal.life.revive()

    assert reply.status == 200
    # lead, flag and delegation; and each of the two citizens gets an entry in the access log
    assert mortal.deaths == (writes <= 5)
    profile = await mortal.app.repositories.profiles.profile(CITIZEN)
    assert profile is not None
    assert profile.tells_delegates
    held = (await mortal.call("list_parties", citizen=DELEGATE)).body["items"]
    assert [(one["id"], one["state"]) for one in held] == [(offer["id"], "ACTIVE")]
    acted = await mortal.call("list_inbox", citizen=DELEGATE, party=CITIZEN)
    assert acted.status == 200


@pytest.mark.parametrize("writes", range(1, 7))
async def test_a_delegation_of_a_register_begins_after_a_death(
    mortal: MortalStack, writes: int
) -> None:
    """The lead, two entries of logs, the delegation, the time of the answer: any may be last."""
    mortal.life.left = writes

    reply = await mortal.insist(lambda: mortal.call("list_parties", citizen=GUARDIAN))
    mortal.life.revive()

    assert mortal.deaths == (writes <= 5)
    (party,) = reply.body["items"]
    assert (party["party"], party["state"]) == (WARD, "ACTIVE")
    logs = [
        (await mortal.call("list_accesses", citizen=citizen)).body["items"]
        for citizen in (WARD, GUARDIAN)
    ]
    assert [[one["action"] for one in log] for log in logs] == [["DELEGATION_REGISTERED"]] * 2
    held = await mortal.app.repositories.parties.held(FiscalCode(GUARDIAN))
    assert [one.id for one in held.all] == [party["id"]]


@pytest.mark.parametrize("writes", [1, 2])
async def test_a_delegation_whose_end_died_has_ended(mortal: MortalStack, writes: int) -> None:
    """The first write of an end is the end, and nothing acts after it; the second is the flag."""
    offer = await offered(mortal, is_notified=True)
    await mortal.call("take_offer", {"code": offer["code"]}, citizen=DELEGATE)
    mortal.life.left = writes

    with pytest.raises(DeathError):
        await mortal.call("end_delegation", path={"id": offer["id"]}, citizen=CITIZEN)
    mortal.life.revive()

    reply = await mortal.call("list_inbox", citizen=DELEGATE, party=CITIZEN)
    assert reply.status == 403
