"""What both sides of a delegation forget, no erasure and no copy of data finds later."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from lib.domain.identity.acting import DelegationId
from lib.domain.parties.held import MOST_HELD, Held, Lead
from lib.domain.shared.identifiers import FiscalCode
from lib.use_cases.parties.take_offer import TakeOffer
from tests.builders.parties import DELEGATE, offered, with_delegation
from tests.builders.profiles import OTHER_CITIZEN as OWNER
from tests.functions.personal_data.data_calls import archive_of
from tests.functions.personal_data.erasure_calls import erase
from tests.functions.personal_data.scans import places_of
from tests.stack import Stack

PAST = timedelta(days=91)
STRANGER = "STRNGR80A01H501U"


@pytest.fixture
async def ended(stack: Stack) -> str:
    """Return the id of a delegation that ended long ago."""
    id_ = await with_delegation(stack, OWNER)
    await stack.call("end_delegation", path={"id": id_}, citizen=OWNER)
    stack.clock.advance(PAST)
    return id_


@pytest.mark.usefixtures("ended")
async def test_an_owner_who_forgets_a_delegation_is_forgotten_by_its_delegate(
    stack: Stack, tmp_path: Path
) -> None:
    """The delegate's lead goes first: it names the owner, and nothing else leads to it."""
    await offered(stack, OWNER)

    await erase(stack, OWNER)
    assert places_of(tmp_path, OWNER) == set()


@pytest.mark.usefixtures("ended")
async def test_a_delegate_who_makes_room_is_forgotten_by_the_owner(
    stack: Stack, tmp_path: Path
) -> None:
    """The owner's document names the delegate, and the lead is all that leads to it."""
    nowhere = tuple(
        Lead(FiscalCode(STRANGER), DelegationId(str(number))) for number in range(MOST_HELD - 1)
    )
    repository = stack.app.repositories.parties
    await repository.change_held(FiscalCode(DELEGATE), lambda held: Held((*held.all, *nowhere)))
    await with_delegation(stack, STRANGER)

    await erase(stack, DELEGATE)

    assert places_of(tmp_path, DELEGATE) == set()


async def test_who_loses_a_race_for_an_offer_keeps_nothing_of_its_owner(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both have a lead for a moment; the loser's would have told the owner's fiscal code."""
    code, lead = (await offered(stack, OWNER))["code"], TakeOffer.lead
    both = asyncio.Barrier(2)

    async def together(*given: object) -> None:
        await lead(*given)  # type: ignore[arg-type]
        await both.wait()

    monkeypatch.setattr(TakeOffer, "lead", together)
    people = (DELEGATE, STRANGER)
    replies = await asyncio.gather(
        *(stack.call("take_offer", {"code": code}, citizen=one) for one in people)
    )

    assert sorted(one.status for one in replies) == [200, 404]
    loser = FiscalCode(people[0] if replies[0].status == 404 else people[1])
    assert (await stack.app.repositories.parties.held(loser)).all == ()


async def test_an_owner_s_copy_of_data_has_no_code_of_a_delegate(stack: Stack) -> None:
    """It has the delegate's name, which the owner knows."""
    await with_delegation(stack, OWNER)

    files = await archive_of(stack, OWNER)

    assert b"Ada Sandbox" in files["given-delegations.json"]
    assert not [name for name, content in files.items() if DELEGATE.encode() in content]
