"""The entries of a call about many citizens, and of a call that dies before its entry."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from functions.queues.access_log import note_accesses
from infra.local.sandbox.seed import CITIZEN
from lib.ports.errors import UnavailableError
from lib.ports.queueing.names import CITIZENS_LOOKED_UP
from lib.ports.schema.citizens import PROFILES
from lib.repositories.access_log.access_entries import AccessEntries
from lib.repositories.profiles.profiles import PROFILE_ID
from tests.builders.parties import DELEGATE, with_delegation
from tests.builders.profiles import OTHER_CITIZEN
from tests.stack import Stack, take

PATH = {"fiscal_code": CITIZEN}


async def entries_of(stack: Stack, citizen: str = CITIZEN) -> list[dict[str, Any]]:
    """Return the access log that a citizen reads."""
    return list((await stack.call("list_accesses", citizen=citizen)).body["items"])


async def actions_of(stack: Stack) -> list[tuple[str, str]]:
    """Return who did what."""
    return [(one["actor"], one["action"]) for one in await entries_of(stack)]


async def test_a_look_at_many_citizens_is_in_the_log_of_each(stack: Stack) -> None:
    """It is the same entry as that of a single look; who cannot be reached gets none."""
    unknown = "NOPROF00A00A000A"
    await stack.call("read_recipient", path=PATH)
    codes = [CITIZEN, OTHER_CITIZEN, unknown, CITIZEN]

    reply = await stack.call("find_recipients", {"fiscal_codes": codes})

    assert reply.status == 200
    assert await entries_of(stack, OTHER_CITIZEN) == []
    await stack.drain()
    (own,), (other,) = await entries_of(stack), await entries_of(stack, OTHER_CITIZEN)
    assert {**other, "at": own["at"]} == own
    assert await entries_of(stack, unknown) == []


async def test_entries_that_come_late_bring_no_citizen_back(stack: Stack) -> None:
    """The queue was away for hours, and the account was deleted meanwhile."""
    await stack.call("find_recipients", {"fiscal_codes": [CITIZEN, OTHER_CITIZEN]})
    (item,) = await take(stack.queue, CITIZENS_LOOKED_UP)
    stack.clock.advance(timedelta(hours=2))
    await stack.store.delete(PROFILES, OTHER_CITIZEN, PROFILE_ID)

    for _ in range(2):
        await note_accesses.consume(stack.app, item.text, last=False)

    assert await entries_of(stack, OTHER_CITIZEN) == []
    assert len(await entries_of(stack)) == 1


async def test_an_outage_of_the_queue_fails_no_look(
    stack: Stack, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """As an outage of the store: it is logged without the citizens."""

    async def failing(*_: Any, **__: Any) -> None:
        raise UnavailableError("away")

    monkeypatch.setattr(stack.queue, "put", failing)
    reply = await stack.call("find_recipients", {"fiscal_codes": [CITIZEN]})

    assert reply.status == 200
    assert "was not noted" in caplog.text
    assert CITIZEN not in caplog.text


async def test_a_death_before_the_entry_gives_no_answer(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A delegate's change may be done without an entry; the call that is sent again makes it."""
    id_ = await stack.deliver()
    await with_delegation(stack, rights=["READ", "ACT"])
    change = {"change_type": "archiving", "is_archived": True}
    acting: dict[str, Any] = {"path": {"id": id_}, "citizen": DELEGATE, "party": CITIZEN}

    async def dead(*_: Any) -> None:
        raise asyncio.CancelledError

    with monkeypatch.context() as patched:
        patched.setattr(AccessEntries, "add", dead)
        with pytest.raises(asyncio.CancelledError):
            await stack.call("change_message_status", change, **acting)
    archived = await stack.call("list_inbox", citizen=CITIZEN, query={"archived": "true"})
    assert [one["id"] for one in archived.body["items"]] == [id_]
    assert ("DELEGATE", "MESSAGE_CHANGED") not in await actions_of(stack)

    assert (await stack.call("change_message_status", change, **acting)).status == 200

    assert ("DELEGATE", "MESSAGE_CHANGED") in await actions_of(stack)
