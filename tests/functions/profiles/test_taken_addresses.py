"""A validated e-mail address has one owner."""

from typing import Final

import pytest

from infra.local.sandbox.seed import CITIZEN, EMAIL_CITIZEN
from lib.ports.errors import UnavailableError
from lib.ports.schema.citizens import EMAIL_ADDRESSES
from tests.builders.email_addresses import email_owners
from tests.builders.profiles import with_profile
from tests.functions.profiles.address_owners import (
    LATER,
    OTHER,
    THIRD,
    WANTED,
    ask,
    click,
    give,
    owned,
    owner,
    validated,
    wanted_by_both,
)
from tests.stack import Reply, Stack
from tests.stored import stored_profile, stored_text

TYPE: Final = "https://ioapp.it/problems/email-already-taken"


def assert_taken(reply: Reply) -> None:
    """Check that the answer is IO's refusal, without a name or an address."""
    assert reply.status == 412
    assert reply.body["type"] == TYPE
    assert (reply.body["title"], reply.body["status"]) == ("Precondition Failed", 412)
    assert not any(said in str(reply.body) for said in (CITIZEN, WANTED))


@pytest.mark.parametrize("spelling", [WANTED, "Wanted@EXAMPLE.org", "\u200bwanted@example.org"])
async def test_an_update_with_a_taken_address_is_refused(stack: Stack, spelling: str) -> None:
    """An update with another's address gets 412 in any spelling, and writes nothing."""
    await owned(stack)
    before = await stored_profile(stack, OTHER)

    assert_taken(await give(stack, OTHER, spelling, is_email_enabled=False))

    assert await stored_profile(stack, OTHER) == before


async def test_a_first_update_with_a_taken_address_is_refused(stack: Stack) -> None:
    """A first update with another's address creates no profile."""
    await owned(stack)
    body = {"version": 0, "email": WANTED}

    assert_taken(await stack.call("update_profile", body, citizen="NOPROF00A00A000A"))

    assert (await stack.call("read_profile", citizen="NOPROF00A00A000A")).body["version"] == 0


async def test_an_old_version_is_refused_before_a_taken_address(stack: Stack) -> None:
    """An update of an old version gets 409 before the address is checked."""
    await owned(stack)
    body = {"version": 7, "email": WANTED}

    assert (await stack.call("update_profile", body, citizen=OTHER)).status == 409


async def test_an_address_that_was_taken_meanwhile_is_refused_from_then_on(stack: Stack) -> None:
    """The request for the e-mail, its link and the profile show that the address is taken."""
    await wanted_by_both(stack)
    assert (await ask(stack, OTHER)).status == 202
    await owned(stack)

    assert_taken(await ask(stack, OTHER))
    page = await click(stack, OTHER)
    assert page.status == 412
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "Non è possibile confermare questo indirizzo email." in page.body.decode()
    assert "This email address cannot be confirmed." in page.body.decode()
    assert not any(said in page.body.decode() for said in (CITIZEN, OTHER, WANTED))
    read = await stack.call("read_profile", citizen=OTHER)
    assert (read.body["is_email_already_taken"], read.body["is_email_validated"]) == (True, False)
    assert (await give(stack, OTHER, is_email_enabled=False)).status == 200
    assert await validated(stack) == [CITIZEN]


async def test_an_owner_is_not_told_that_the_address_is_taken(stack: Stack) -> None:
    """The owner of an address, and one who wants a free address, see no such mark."""
    await wanted_by_both(stack)
    read = await stack.call("read_profile", citizen=OTHER)
    assert "is_email_already_taken" not in read.body

    await owned(stack)

    read = await stack.call("read_profile", citizen=CITIZEN)
    assert "is_email_already_taken" not in read.body
    assert (await give(stack, CITIZEN, "Wanted@example.org")).status == 200
    assert (await ask(stack, CITIZEN)).status == 202
    assert (await click(stack, CITIZEN, "Wanted@example.org")).status == 200
    assert await owner(stack) == CITIZEN


@pytest.mark.parametrize("new", ["another@example.org", None])
async def test_an_address_that_leaves_is_free(stack: Stack, new: str | None) -> None:
    """An address that is replaced or removed is free at once."""
    await owned(stack)

    assert (await give(stack, CITIZEN, new)).status == 200

    assert await owner(stack) is None
    assert (await give(stack, OTHER)).status == 200
    assert (await click(stack, OTHER)).status == 200
    assert await validated(stack) == [OTHER]


async def test_a_release_that_failed_is_healed_by_the_next_citizen(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A claim that was not deleted has no effect, since the profile decides."""
    await owned(stack)

    async def dies(*_: object, **__: object) -> None:
        raise UnavailableError("away")

    monkeypatch.setattr(stack.store, "delete", dies)
    assert (await give(stack, CITIZEN, None)).status == 200
    monkeypatch.undo()
    assert await owner(stack) == CITIZEN

    assert (await give(stack, OTHER)).status == 200
    assert (await ask(stack, OTHER)).status == 202
    assert (await click(stack, OTHER)).status == 200
    assert await owner(stack) == OTHER
    assert_taken(await give(stack, CITIZEN))


@pytest.mark.parametrize("by", ["read", "update"])
async def test_an_address_from_before_there_were_owners_is_claimed(stack: Stack, by: str) -> None:
    """An address that was validated before there were owners is claimed at the next call."""
    email = (await stored_profile(stack, EMAIL_CITIZEN)).email
    assert email is not None
    assert await owner(stack, email) is None

    if by == "read":
        read = await stack.call("read_profile", citizen=EMAIL_CITIZEN)
        assert read.body["is_email_validated"]
    else:
        body = {"version": 0, "reminder_status": "DISABLED"}
        assert (await stack.call("update_profile", body, citizen=EMAIL_CITIZEN)).status == 200

    assert await owner(stack, email) == EMAIL_CITIZEN
    assert_taken(await give(stack, OTHER, email))
    claim = await stored_profile(stack, EMAIL_CITIZEN)
    await stack.call("read_profile", citizen=EMAIL_CITIZEN)
    assert await stored_profile(stack, EMAIL_CITIZEN) == claim


async def test_two_citizens_with_one_validated_address_keep_it(stack: Stack) -> None:
    """The first citizen whose profile is read owns the address; the other keeps it validated."""
    for citizen in (CITIZEN, OTHER):
        await with_profile(stack, citizen, email=WANTED, is_email_validated=True)

    for citizen in (OTHER, CITIZEN):
        read = await stack.call("read_profile", citizen=citizen)
        assert read.body["is_email_validated"]
        assert "is_email_already_taken" not in read.body
        stack.clock.advance(LATER)

    assert await owner(stack) == OTHER
    assert_taken(await give(stack, THIRD))
    assert (await give(stack, OTHER, None)).status == 200
    await stack.call("read_profile", citizen=CITIZEN)
    assert await owner(stack) == CITIZEN


async def test_a_read_does_not_fail_by_the_claim(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A profile can be read where its address cannot be claimed."""

    async def away(*_: object, **__: object) -> None:
        raise UnavailableError("away")

    monkeypatch.setattr(stack.store, "create", away)
    read = await stack.call("read_profile", citizen=EMAIL_CITIZEN)

    assert (read.status, read.body["is_email_validated"]) == (200, True)


async def test_the_owner_document_does_not_show_the_address(stack: Stack) -> None:
    """The owner is stored under a keyed fingerprint of the address."""
    await owned(stack)

    ((address, _),) = await email_owners(stack).claims_of(CITIZEN, WANTED)
    text = await stored_text(stack, EMAIL_ADDRESSES, address, "owner")

    assert CITIZEN in text
    assert "ttl" not in text
    assert WANTED not in text
