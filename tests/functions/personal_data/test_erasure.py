"""After an erasure nothing names the citizen, whatever was stored, and all else stays."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from infra.local.sandbox.seed import CITIZEN
from lib.composition.secrets import pseudonyms_of
from lib.domain.personal_data.erasure_request import NOBODY
from lib.domain.profiles.subscriptions import hash_of
from lib.ports.documents import Condition, NamesNobody, Sweep
from lib.ports.schema.citizens import SUBSCRIPTIONS_FEED
from lib.ports.schema.containers import CONTAINERS
from tests.builders import payment_notices, payments
from tests.doubles.channels import KeptDevices
from tests.functions.batches.batch_calls import ask, table
from tests.functions.personal_data.erasure_calls import erase
from tests.functions.personal_data.lives import ADDRESS, VICTIM, live
from tests.functions.personal_data.scans import places_of
from tests.stack import Stack, refusal

BY_PSEUDONYM = {"push-channels", "batch-files", "subscriptions-feed"}
"""Containers that name no citizen, but must lose what belongs to one."""


async def processed(stack: Stack) -> int:
    """Return how many of the sender's messages count as processed."""
    days = {"from": "2026-11-01", "to": "2026-12-31"}
    reply = await stack.call("read_message_report", query=days)
    assert reply.status == 200, reply
    return int(reply.body["totals"]["processed"])


async def in_feed(stack: Stack) -> list[Any]:
    """Return the citizen's entries in the subscriptions feed."""
    where = (Condition("id", "=", hash_of(VICTIM)), Condition("at", ">", ""))
    return await stack.store.sweep(SUBSCRIPTIONS_FEED, Sweep(where, 10, ("at",)))


@pytest.fixture
async def lived(tmp_path: Path) -> Any:
    """Give a stack on which the citizen has lived, and the ids of that life."""
    devices = KeptDevices()
    stack = await Stack(tmp_path, devices=devices).start()
    yield stack, {**await live(stack), "devices": devices.installations}
    await stack.app.close()


async def test_nothing_names_an_erased_citizen(lived: Any, tmp_path: Path) -> None:
    """No container, queue, blob or captured notification; each container had the name before."""
    stack, ids = lived
    pseudonym = pseudonyms_of(stack.app.settings).of(VICTIM)
    before = places_of(tmp_path, VICTIM)
    naming = {one.name for one in CONTAINERS if not isinstance(one.erasure, NamesNobody)}
    assert naming - BY_PSEUDONYM - before == set()
    assert places_of(tmp_path, pseudonym) == {"push-channels"}
    assert ids["devices"]

    await erase(stack)

    assert places_of(tmp_path, VICTIM) == set()
    assert places_of(tmp_path, ADDRESS) == set()
    assert places_of(tmp_path, pseudonym) == set()
    assert not ids["devices"]
    # senders read there for 30 days that the citizen left, by IO's own name of a citizen
    assert places_of(tmp_path, hash_of(VICTIM)) == {"subscriptions-feed"}
    assert await in_feed(stack)
    stack.clock.advance(timedelta(days=30))
    assert await in_feed(stack) == []
    assert VICTIM not in repr((stack.push.sent, stack.mailer.sent))


async def test_older_entries_of_the_feed_go_at_once(stack: Stack) -> None:
    """A hash of a fiscal code can be found by trying, so it stays for 30 days at most."""
    profile = (await stack.call("read_profile", citizen=VICTIM)).body
    for is_on in (False, True):
        update = {**profile, "is_inbox_enabled": is_on, "version": profile["version"]}
        profile = (await stack.call("update_profile", update, citizen=VICTIM)).body
        stack.clock.advance(timedelta(days=1))
        await stack.tick()
    before = await in_feed(stack)
    stack.clock.advance(timedelta(days=31))
    await erase(stack)

    left = await in_feed(stack)

    assert before
    assert left
    assert max(one["at"] for one in before) < min(one["at"] for one in left)


async def test_senders_keep_their_records_without_the_name(lived: Any) -> None:
    """Lists, counts, payment notices and results of batches; the message itself is gone."""
    stack, ids = lived
    before = await processed(stack)

    await erase(stack)

    listed = {one["id"]: one for one in (await stack.call("list_sent_messages")).body["items"]}
    assert listed[ids["plain"]]["fiscal_code"] == NOBODY
    assert listed[ids["plain"]]["status"] == "PROCESSED"
    for id_ in (ids["held"], ids["scheduled"]):
        assert (listed[id_]["fiscal_code"], listed[id_]["status"]) == (NOBODY, "REJECTED")
    assert listed[ids["bystander"]]["fiscal_code"] == CITIZEN
    # what waited counts as rejected, and nothing else changes
    assert await processed(stack) == before
    path = {"fiscal_code": VICTIM, "id": ids["plain"]}
    assert refusal(await stack.call("read_sent_message", path=path))[0] == 404
    notice = (await payment_notices.read(stack)).body
    assert notice["fiscal_code"] == NOBODY
    assert notice["amount_cents"] == payment_notices.a_notice()["amount_cents"]
    rows = await table(stack, "read_batch_results_file", ids["batch"])
    assert [row["fiscal_code"] for row in rows] == [NOBODY, "VRDLCU85M41F205J"]
    assert (await stack.call("list_held_messages")).body["items"] == []
    assert (await stack.call("list_scheduled_messages")).body["items"] == []


async def test_a_later_send_is_that_to_a_citizen_without_a_profile(lived: Any) -> None:
    """Also by a batch that was checked before; payments and notices of the sender still work."""
    stack, ids = lived
    await erase(stack)

    check = await stack.call("find_recipient", {"fiscal_code": VICTIM})
    assert refusal(check)[:2] == (404, "Profile not found")
    id_ = await stack.deliver(fiscal_code=VICTIM)
    path = {"fiscal_code": VICTIM, "id": id_}
    assert (await stack.call("read_sent_message", path=path)).body["status"] == "REJECTED"
    assert (await ask(stack, "send_batch", ids["open batch"])).status == 202
    await stack.drain()
    rows = await table(stack, "read_batch_results_file", ids["open batch"])
    assert [row["outcome"] for row in rows] == ["REJECTED", "REJECTED"]
    await payments.tell(stack)
    await stack.drain()
    inbox = (await stack.call("list_inbox", citizen=CITIZEN)).body["items"]
    assert ids["bystander"] in {one["id"] for one in inbox}
    amendment = payment_notices.an_amendment(
        subject="Tassa sui rifiuti 2028", instalments=[*payment_notices.INSTALMENTS]
    )
    assert (await payment_notices.amend(stack, amendment)).status == 200
    assert (await payment_notices.cancel(stack)).status == 200
    await stack.drain()


async def test_a_citizen_who_comes_back_begins_anew(lived: Any) -> None:
    """With a new profile, an empty inbox, no device, and no earlier request."""
    stack, _ = lived
    await erase(stack)

    profile = await stack.call("read_profile", citizen=VICTIM)
    assert (profile.body["version"], profile.body["is_inbox_enabled"]) == (0, False)
    mode = {"mode": "AUTO"}
    update = {"version": 0, "is_inbox_enabled": True, "service_preferences_settings": mode}
    assert (await stack.call("update_profile", update, citizen=VICTIM)).status == 200
    assert (await stack.call("list_inbox", citizen=VICTIM)).body["items"] == []
    id_ = await stack.deliver(fiscal_code=VICTIM)
    (only,) = (await stack.call("list_inbox", citizen=VICTIM)).body["items"]
    assert only["id"] == id_
