"""A citizen reads who read or changed what about them, and when."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from infra.local.sandbox.seed import CITIZEN, SERVICE_ID
from lib.ports.errors import UnavailableError
from lib.ports.schema.citizens import ACCESS_LOG
from tests.builders.messages import a_message
from tests.builders.parties import DELEGATE, an_offer, with_delegation
from tests.builders.profiles import OTHER_CITIZEN, with_profile
from tests.doubles.counted_stack import CountedStack
from tests.stack import Stack

PATH = {"fiscal_code": CITIZEN}


async def entries(stack: Stack, citizen: str = CITIZEN, **query: str) -> list[dict[str, Any]]:
    """Return the access log that a citizen reads."""
    reply = await stack.call("list_accesses", citizen=citizen, query=query)
    assert reply.status == 200, reply
    return list(reply.body["items"])


async def actions(stack: Stack, citizen: str = CITIZEN) -> list[tuple[str, str]]:
    """Return who did what, the newest first."""
    return [(one["actor"], one["action"]) for one in await entries(stack, citizen)]


async def test_a_sender_that_asks_about_a_citizen_is_named(stack: Stack) -> None:
    """Its service and organisation, by their public names; a second look of the day is no more."""
    for name, body, path in (
        ("read_recipient", None, PATH),
        ("find_recipient", {"fiscal_code": CITIZEN}, {}),
    ):
        reply = await stack.call(name, body, path=path)
        assert reply.status == 200, reply
        stack.clock.advance(timedelta(minutes=1))

    (entry,) = await entries(stack)
    assert (entry["actor"], entry["action"]) == ("SENDER", "PROFILE_READ")
    assert entry["service_id"] == SERVICE_ID
    assert entry["name"]
    assert entry["organization_name"]
    assert "message_id" not in entry


async def test_a_sender_that_reads_a_status_names_the_message(stack: Stack) -> None:
    """A message that is sent makes no entry; the question what became of it does."""
    id_ = await stack.deliver()
    assert await entries(stack) == []

    await stack.call("read_sent_message", path={**PATH, "id": id_})

    (entry,) = await entries(stack)
    assert (entry["action"], entry["message_id"]) == ("MESSAGE_STATUS_READ", id_)


async def test_a_dry_run_counts_where_it_tells_of_a_citizen(stack: Stack) -> None:
    """A person without an inbox gets no log by it."""
    unknown = "NOPROF00A00A000A"
    for citizen in (CITIZEN, unknown):
        await stack.call("dry_run_message", a_message(fiscal_code=citizen))

    assert await actions(stack) == [("SENDER", "REACHABILITY_CHECKED")]
    assert await entries(stack, unknown) == []


async def test_a_refused_question_makes_no_entry(stack: Stack) -> None:
    """Who learns nothing is not in the log."""
    reply = await stack.call("read_recipient", path={"fiscal_code": "NOPROF00A00A000A"})

    assert reply.status == 404
    assert await entries(stack, "NOPROF00A00A000A") == []


async def test_an_owner_s_changes_are_logged_and_reads_are_not(stack: Stack) -> None:
    """The inbox that its owner reads would fill the log."""
    id_ = await stack.deliver()
    await stack.call("list_inbox", citizen=CITIZEN)
    await stack.call("read_message", path={"id": id_}, citizen=CITIZEN)
    assert await entries(stack) == []

    await stack.call("request_user_data", {"choice": "DOWNLOAD"}, citizen=CITIZEN)

    assert await actions(stack) == [("CITIZEN", "DATA_REQUESTED")]


async def test_a_delegate_is_named_as_the_delegation_does(stack: Stack) -> None:
    """Each list and message, newest first, in the owner's log alone, without a fiscal code."""
    id_ = await stack.deliver()
    await with_delegation(stack)
    stack.clock.advance(timedelta(minutes=1))
    acting: dict[str, Any] = {"citizen": DELEGATE, "party": CITIZEN}
    await stack.call("list_inbox", **acting)
    stack.clock.advance(timedelta(minutes=1))
    await stack.call("read_message", path={"id": id_}, **acting)

    opened, listed = (await entries(stack))[:2]
    assert (opened["actor"], opened["action"]) == ("DELEGATE", "MESSAGE_OPENED")
    assert opened["message_id"] == id_
    assert listed["action"] == "INBOX_READ"
    given = (await stack.call("list_own_delegations", citizen=CITIZEN)).body["items"]
    assert opened["delegation_id"] == given[0]["id"]
    assert opened["name"] == given[0]["delegate_name"]
    assert DELEGATE not in str(opened)
    assert await actions(stack, DELEGATE) == [("CITIZEN", "DELEGATION_TAKEN")]
    refused = await stack.call("list_accesses", **acting)
    assert refused.status == 403


async def test_both_sides_of_a_delegation_see_its_steps(stack: Stack) -> None:
    """The offer is the owner's; who takes it and leaves is in both logs."""
    offer = await stack.call("offer_delegation", an_offer(), citizen=CITIZEN)
    await stack.call("take_offer", {"code": offer.body["code"]}, citizen=DELEGATE)
    await stack.call("leave_party", path={"id": offer.body["id"]}, citizen=DELEGATE)

    assert sorted(await actions(stack)) == [
        ("CITIZEN", "DELEGATION_OFFERED"),
        ("DELEGATE", "DELEGATION_ENDED"),
        ("DELEGATE", "DELEGATION_TAKEN"),
    ]
    assert sorted(await actions(stack, DELEGATE)) == [
        ("CITIZEN", "DELEGATION_ENDED"),
        ("CITIZEN", "DELEGATION_TAKEN"),
    ]


async def test_pages_have_each_entry_once_newest_first(stack: Stack) -> None:
    """The days of a sender, two a page."""
    for _ in range(5):
        await stack.call("read_recipient", path=PATH)
        stack.clock.advance(timedelta(days=1))

    found: list[str] = []
    query = {"page_size": "2"}
    while True:
        body = (await stack.call("list_accesses", citizen=CITIZEN, query=query)).body
        found += [one["at"] for one in body["items"]]
        if "cursor" not in body:
            break
        query["cursor"] = body["cursor"]

    assert len(found) == 5
    assert found == sorted(set(found), reverse=True)


async def test_entries_expire(stack: Stack) -> None:
    """After ACCESS_LOG_DAYS."""
    await stack.call("read_recipient", path=PATH)
    stack.clock.advance(timedelta(days=364))
    assert len(await entries(stack)) == 1

    stack.clock.advance(timedelta(days=2))

    assert await entries(stack) == []


async def test_an_entry_costs_one_write_a_day(counted: CountedStack) -> None:
    """A thousand calls cost what two do; another process makes no second entry."""
    for expected in ({"read": 2, "create": 1}, {"read": 2}):
        counted.reset()
        await counted.call("read_recipient", path=PATH)
        assert counted.documents == expected


async def test_equal_calls_at_the_same_time_make_one_entry(stack: Stack) -> None:
    """Of two creates one finds a conflict, and both callers get their answer."""
    calls = (stack.call("read_recipient", path=PATH) for _ in range(8))

    replies = await asyncio.gather(*calls)

    assert {reply.status for reply in replies} == {200}
    assert len(await entries(stack)) == 1


async def test_an_outage_of_the_log_fails_no_call(
    stack: Stack, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """It is logged, without the citizen; the next call makes the entry."""
    create = stack.app.ports.store.create

    async def failing(container: Any, document: Any) -> Any:
        if container is ACCESS_LOG:
            raise UnavailableError("away")
        return await create(container, document)

    with monkeypatch.context() as patched:
        patched.setattr(stack.app.ports.store, "create", failing)
        reply = await stack.call("read_recipient", path=PATH)

    assert reply.status == 200
    assert "was not noted" in caplog.text
    assert CITIZEN not in caplog.text
    await stack.call("read_recipient", path=PATH)
    assert len(await entries(stack)) == 1


async def test_the_copy_of_all_data_has_the_log(stack: Stack) -> None:
    """One's own alone."""
    await with_profile(stack, OTHER_CITIZEN)
    await stack.call("read_recipient", path={"fiscal_code": OTHER_CITIZEN})

    assert len(await entries(stack, OTHER_CITIZEN)) == 1
    assert await entries(stack) == []
