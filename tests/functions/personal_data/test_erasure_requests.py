"""A request for the deletion of all data: its answers, its grace period, and its abortion."""

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from infra.local.sandbox.seed import EMAIL_CITIZEN
from lib.domain.shared.identifiers import FiscalCode
from lib.domain.shared.values import Masked
from lib.ports.errors import UnavailableError
from tests.builders.profiles import OTHER_CITIZEN
from tests.builders.sessions import a_session, with_session
from tests.functions.personal_data.data_calls import ask, download
from tests.functions.personal_data.erasure_calls import (
    GRACE,
    abort,
    ask_erasure,
    begin,
    erase,
    erasure,
    next_stage,
    status,
)
from tests.functions.personal_data.scans import places_of
from tests.stack import Stack, refusal

UPDATE = {"version": 0, "is_inbox_enabled": True}


async def test_a_request_waits_for_its_grace_period(stack: Stack) -> None:
    """In IO's shape; until then the citizen reads and gets messages as before."""
    assert refusal(await erasure(stack))[:2] == (404, "Not found")
    asked = await ask_erasure(stack)
    at = asked.body["created_at"]
    assert asked.body == {
        "choice": "DELETE",
        "status": "PENDING",
        "version": 0,
        "created_at": at,
        "updated_at": at,
    }
    assert (await erasure(stack)).body == asked.body
    assert refusal(await ask_erasure(stack))[:2] == (409, "Conflict")
    await stack.drain()

    await stack.live_until(stack.clock.moment + timedelta(hours=1))
    stack.clock.advance(GRACE - timedelta(hours=2))
    await stack.tick()

    id_ = await stack.deliver(fiscal_code=OTHER_CITIZEN)
    (only,) = (await stack.call("list_inbox", citizen=OTHER_CITIZEN)).body["items"]
    assert (only["id"], await status(stack)) == (id_, "PENDING")
    stack.clock.advance(timedelta(hours=1))
    await stack.tick()
    assert await status(stack) == "WIP"


async def test_of_several_requests_at_once_one_is_taken(stack: Stack) -> None:
    """The others conflict with it."""
    replies = await asyncio.gather(*(ask_erasure(stack) for _ in range(4)))
    assert sorted(reply.status for reply in replies) == [200, 409, 409, 409]


async def test_the_citizen_is_told_at_once_by_push_and_by_mail(stack: Stack) -> None:
    """Once by each channel, without a word of the data."""
    await ask_erasure(stack, EMAIL_CITIZEN)
    await stack.drain()
    stack.clock.advance(timedelta(minutes=5))
    await stack.drain()

    (push,) = stack.push.sent
    (mail,) = stack.mailer.sent
    assert mail.subject == push.title == "I tuoi dati saranno eliminati"
    assert "annullare" in push.body
    assert EMAIL_CITIZEN not in mail.text + mail.html + push.body


async def test_an_aborted_request_deletes_nothing(stack: Stack) -> None:
    """It is aborted once; another request counts on."""
    id_ = await stack.deliver(fiscal_code=OTHER_CITIZEN)
    assert (await ask_erasure(stack)).status == 200
    aborted = await abort(stack)
    assert (aborted.status, aborted.body) == (202, None)
    assert await status(stack) == "ABORTED"
    assert refusal(await abort(stack))[:2] == (409, "Conflict")

    stack.clock.advance(GRACE)
    await stack.tick()
    await next_stage(stack)

    assert await status(stack) == "ABORTED"
    (only,) = (await stack.call("list_inbox", citizen=OTHER_CITIZEN)).body["items"]
    assert only["id"] == id_
    again = await ask_erasure(stack)
    assert (again.status, again.body["version"]) == (200, 1)


async def test_the_entry_of_an_aborted_request_does_not_begin_the_next_one(stack: Stack) -> None:
    """Each request has its own grace period."""
    await ask_erasure(stack)
    stack.clock.advance(timedelta(days=4))
    await abort(stack)
    await ask_erasure(stack)
    stack.clock.advance(timedelta(days=4))
    await stack.tick()
    assert await status(stack) == "PENDING"
    stack.clock.advance(timedelta(days=3))
    await stack.tick()
    assert await status(stack) == "WIP"


async def test_only_a_pending_deletion_can_be_aborted(stack: Stack) -> None:
    """None, one of a copy, and one that has begun are refused."""
    assert refusal(await abort(stack))[:2] == (404, "Not found")
    assert refusal(await abort(stack, choice="DOWNLOAD"))[:2] == (404, "Not found")
    await ask(stack, OTHER_CITIZEN)
    assert refusal(await abort(stack, choice="DOWNLOAD"))[:2] == (409, "Conflict")
    assert (await abort(stack, choice="OTHER")).status == 400
    await begin(stack)
    assert refusal(await abort(stack))[:2] == (409, "Conflict")


async def test_nothing_of_the_citizen_begins_while_the_data_is_erased(
    stack: Stack, tmp_path: Path
) -> None:
    """No profile and no copy of data can be asked for, before it is done."""
    await begin(stack)
    for _ in range(2):
        conflict = await stack.call("update_profile", UPDATE, citizen=OTHER_CITIZEN)
        assert refusal(conflict)[:2] == (409, "Conflict")
        assert (await ask(stack, OTHER_CITIZEN)).status == 409
        assert (await ask_erasure(stack)).status == 409
        # a login in the middle
        await stack.app.profiles.create(FiscalCode(OTHER_CITIZEN), Masked("a@example.org"))
        await with_session(stack, OTHER_CITIZEN, a_session())
        await next_stage(stack)

    assert places_of(tmp_path, OTHER_CITIZEN) == set()
    assert (await stack.call("update_profile", UPDATE, citizen=OTHER_CITIZEN)).status == 200


async def test_a_citizen_of_whom_nothing_is_stored_is_erased_too(stack: Stack) -> None:
    """The request itself is what there was."""
    await erase(stack, "NOPROF00A00A000A")


async def test_a_copy_is_made_while_a_deletion_waits(stack: Stack) -> None:
    """It is there until the erasure."""
    await ask_erasure(stack)
    await ask(stack, OTHER_CITIZEN)
    await stack.drain()
    assert (await download(stack, OTHER_CITIZEN)).status == 200


async def test_a_call_that_died_before_the_request_leaves_nothing_to_begin(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The entry of the schedule finds no request."""

    async def dies(*_: Any, **__: Any) -> None:
        raise UnavailableError("the process died")

    monkeypatch.setattr(stack.app.repositories.erasures, "write", dies)
    assert (await ask_erasure(stack)).status == 503
    monkeypatch.undo()
    stack.clock.advance(GRACE)
    await stack.tick()
    assert await status(stack) is None
