"""A validated e-mail address has one owner: of many citizens who want it, one has it."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any, Final

import pytest

from infra.local.sandbox.seed import CITIZEN, EMAIL_CITIZEN
from lib.ports.errors import UnavailableError
from lib.ports.schema import EMAIL_ADDRESSES
from tests.builders.email_addresses import email_owners, link_token, owners_of
from tests.builders.profiles import with_profile
from tests.stack import Reply, Stack
from tests.stored import stored_profile, stored_text

OTHER: Final = "RSSMRA80A01H501U"
THIRD: Final = "NOREMI00A00A000A"
WANTED: Final = "wanted@example.org"
TYPE: Final = "https://ioapp.it/problems/email-already-taken"
LATER: Final = timedelta(minutes=1)


async def give(stack: Stack, citizen: str, email: str | None = WANTED, **changes: Any) -> Reply:
    """Give the citizen an address, as the app does."""
    body = {"version": (await stored_profile(stack, citizen)).version, "email": email, **changes}
    return await stack.call("update_profile", body, citizen=citizen)


async def ask(stack: Stack, citizen: str) -> Reply:
    """Ask for the validation e-mail."""
    return await stack.call("request_email_validation", citizen=citizen)


async def click(stack: Stack, citizen: str, email: str = WANTED) -> Reply:
    """Open the link that validates the citizen's address."""
    token = link_token(stack, "validate", citizen, email)
    return await stack.call("do_validate_email", path={"token": token}, key=None)


async def wanted_by_both(stack: Stack) -> None:
    """Give two citizens the same address, which none of them has validated."""
    for citizen in (CITIZEN, OTHER):
        assert (await give(stack, citizen)).status == 200


async def owned(stack: Stack, citizen: str = CITIZEN, email: str = WANTED) -> None:
    """Let the citizen validate the address, some time ago."""
    assert (await give(stack, citizen, email)).status == 200
    assert (await click(stack, citizen, email)).status == 200
    stack.clock.advance(LATER)


async def validated(stack: Stack) -> list[str]:
    """Return who has validated the address."""
    found = {citizen: await stored_profile(stack, citizen) for citizen in (CITIZEN, OTHER, THIRD)}
    return [
        citizen
        for citizen, settings in found.items()
        if (settings.validated_email or "").lower() == WANTED
    ]


async def owner(stack: Stack, email: str = WANTED) -> str | None:
    """Return the citizen who has claimed the address; None where there is none."""
    found = await owners_of(stack, email, (CITIZEN, OTHER, THIRD, EMAIL_CITIZEN))
    return found[0] if found else None


def assert_taken(reply: Reply) -> None:
    """Find IO's refusal, which names nobody."""
    assert reply.status == 412
    assert reply.body["type"] == TYPE
    assert (reply.body["title"], reply.body["status"]) == ("Precondition Failed", 412)
    assert not any(said in str(reply.body) for said in (CITIZEN, WANTED))


@pytest.mark.parametrize("spelling", [WANTED, "Wanted@EXAMPLE.org", "\u200bwanted@example.org"])
async def test_an_update_with_a_taken_address_is_refused(stack: Stack, spelling: str) -> None:
    """Nothing of it is written, however the address is spelled."""
    await owned(stack)
    before = await stored_profile(stack, OTHER)

    assert_taken(await give(stack, OTHER, spelling, is_email_enabled=False))

    assert await stored_profile(stack, OTHER) == before


async def test_a_first_update_with_a_taken_address_is_refused(stack: Stack) -> None:
    """It makes no profile."""
    await owned(stack)
    body = {"version": 0, "email": WANTED}

    assert_taken(await stack.call("update_profile", body, citizen="NOPROF00A00A000A"))

    assert (await stack.call("read_profile", citizen="NOPROF00A00A000A")).body["version"] == 0


async def test_an_older_version_is_told_first(stack: Stack) -> None:
    """A client that is behind reads the profile before anything else."""
    await owned(stack)
    body = {"version": 7, "email": WANTED}

    assert (await stack.call("update_profile", body, citizen=OTHER)).status == 409


async def test_an_address_that_was_taken_meanwhile_is_refused_from_then_on(stack: Stack) -> None:
    """When its e-mail is asked for, and by its link, on a page of its own; and the profile says it.

    Other changes of the profile are taken.
    """
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
    """Nor is who wants an address that nobody has validated."""
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


async def test_of_two_who_validate_at_once_one_does(stack: Stack) -> None:
    """However often both open their links; the other one is refused."""
    await wanted_by_both(stack)

    replies = await asyncio.gather(
        *(click(stack, citizen) for citizen in (CITIZEN, OTHER) for _ in range(5))
    )

    (winner,) = await validated(stack)
    assert await owner(stack) == winner
    assert sorted(reply.status for reply in replies) == [200] * 5 + [412] * 5


@pytest.mark.parametrize("new", ["another@example.org", None])
async def test_an_address_that_leaves_is_free(stack: Stack, new: str | None) -> None:
    """At once: replaced or taken away, no claim of it is left."""
    await owned(stack)

    assert (await give(stack, CITIZEN, new)).status == 200

    assert await owner(stack) is None
    assert (await give(stack, OTHER)).status == 200
    assert (await click(stack, OTHER)).status == 200
    assert await validated(stack) == [OTHER]


async def test_a_release_that_failed_is_healed_by_the_next_citizen(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The update is done; the claim that stays does not hold, since the profile decides."""
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


async def interrupted(
    stack: Stack,
    monkeypatch: pytest.MonkeyPatch,
    meanwhile: Callable[[], Awaitable[object]],
    *,
    dies: bool = False,
) -> Reply:
    """Validate for the citizen; do something between the claim and the mark of the profile."""
    patch = stack.store.patch

    async def slow(*args: Any, **kwargs: Any) -> Any:
        monkeypatch.setattr(stack.store, "patch", patch)
        await meanwhile()
        if dies:
            raise UnavailableError("away")
        return await patch(*args, **kwargs)

    monkeypatch.setattr(stack.store, "patch", slow)
    return await click(stack, CITIZEN)


async def test_a_validation_that_died_after_its_claim_takes_nothing(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """For half a minute the claim holds; then it is anybody's, or the same link goes on."""
    await wanted_by_both(stack)

    async def nothing() -> None:
        assert await owner(stack) == CITIZEN

    assert (await interrupted(stack, monkeypatch, nothing, dies=True)).status == 503
    assert (await click(stack, OTHER)).status == 412
    stack.clock.advance(LATER)
    assert (await ask(stack, OTHER)).status == 202
    assert (await click(stack, OTHER)).status == 200

    assert await validated(stack) == [OTHER]
    assert (await click(stack, CITIZEN)).status == 412


async def test_the_same_link_goes_on_where_it_died(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The claim is the citizen's own."""
    await wanted_by_both(stack)

    async def nothing() -> None:
        """Do nothing."""

    assert (await interrupted(stack, monkeypatch, nothing, dies=True)).status == 503
    assert (await click(stack, CITIZEN)).status == 200
    assert await validated(stack) == [CITIZEN]


async def test_a_validation_that_slept_does_not_validate_what_was_taken_over(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between its claim and its mark another citizen took the stale claim over."""
    await wanted_by_both(stack)

    async def taken_over() -> None:
        stack.clock.advance(LATER)
        assert (await click(stack, OTHER)).status == 200

    assert (await interrupted(stack, monkeypatch, taken_over)).status == 412
    assert await validated(stack) == [OTHER]
    assert await owner(stack) == OTHER


async def test_a_take_over_that_slept_finds_the_address_validated(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other way round: the claim looked stale, and was marked before it was replaced."""
    await wanted_by_both(stack)
    recipients = stack.app.repositories.profiles
    end = recipients.renew_etag

    async def rival() -> None:
        stack.clock.advance(LATER)

        async def late(*args: Any) -> None:
            monkeypatch.setattr(recipients, "renew_etag", end)
            assert (await click(stack, CITIZEN)).status == 200
            await end(*args)

        monkeypatch.setattr(recipients, "renew_etag", late)
        assert (await click(stack, OTHER)).status == 412

    await interrupted(stack, monkeypatch, rival)
    assert await validated(stack) == [CITIZEN]
    assert await owner(stack) == CITIZEN


async def test_a_slow_release_leaves_a_newer_claim(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The citizen gave the address up and validated it again before the release came."""
    await owned(stack)
    delete = stack.store.delete

    async def slow(*args: Any, **kwargs: Any) -> None:
        monkeypatch.setattr(stack.store, "delete", delete)
        assert (await give(stack, CITIZEN)).status == 200
        assert (await click(stack, CITIZEN)).status == 200
        await delete(*args, **kwargs)

    monkeypatch.setattr(stack.store, "delete", slow)
    assert (await give(stack, CITIZEN, None)).status == 200

    assert await validated(stack) == [CITIZEN]
    assert await owner(stack) == CITIZEN


@pytest.mark.parametrize("by", ["read", "update"])
async def test_an_address_from_before_there_were_owners_is_claimed(stack: Stack, by: str) -> None:
    """When its citizen reads or changes the profile, once."""
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


async def test_two_who_validated_one_address_before_keep_it(stack: Stack) -> None:
    """The first whose profile is read owns it; the other is not cut off from e-mail."""
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
    """Where nothing can be written, the profile can still be read."""

    async def away(*_: object, **__: object) -> None:
        raise UnavailableError("away")

    monkeypatch.setattr(stack.store, "create", away)
    read = await stack.call("read_profile", citizen=EMAIL_CITIZEN)

    assert (read.status, read.body["is_email_validated"]) == (200, True)


async def test_a_change_without_a_version_does_not_refuse_an_update(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The profile's ETag changed under the update, its version did not: no 409."""
    replace = stack.store.replace

    async def overtaken(*args: Any, **kwargs: Any) -> Any:
        monkeypatch.setattr(stack.store, "replace", replace)
        profiles = stack.app.repositories.profiles
        stored = await profiles.settings(CITIZEN)
        assert stored is not None
        await profiles.renew_etag(CITIZEN, stack.clock.now(), stored.etag)
        return await replace(*args, **kwargs)

    monkeypatch.setattr(stack.store, "replace", overtaken)

    assert (await give(stack, CITIZEN)).status == 200


async def test_the_owner_document_does_not_show_the_address(stack: Stack) -> None:
    """It is kept under a keyed fingerprint, and for as long as the claim lasts."""
    await owned(stack)

    ((address, _),) = await email_owners(stack).claims_of(CITIZEN, WANTED)
    text = await stored_text(stack, EMAIL_ADDRESSES, address, "owner")

    assert CITIZEN in text
    assert "ttl" not in text
    assert WANTED not in text
