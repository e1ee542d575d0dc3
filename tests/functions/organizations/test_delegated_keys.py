"""An intermediary sends for an organisation, with keys of its own that one call revokes."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from infra.local.sandbox.seed import CITIZEN, ORGANIZATION, SENDER_KEY, SERVICE_ID
from lib.domain.organizations.organization import OrganizationState
from lib.domain.services.service import Group
from tests.builders.messages import a_message
from tests.builders.organizations import INTERMEDIARY, with_organization
from tests.builders.payment_notices import RPT_ID, a_notice, an_amendment
from tests.builders.settings import settings_for
from tests.functions.organizations.sides import INACTIVE, OTHER_INTERMEDIARY, Sides
from tests.stack import Stack, refusal


async def test_an_intermediary_sends_with_keys_of_its_own(sides: Sides) -> None:
    """Both keys are shown once; messages and the rights are those of the service."""
    await sides.give()
    first = await sides.third("show_delegated_keys")
    again = await sides.third("show_delegated_keys")

    assert (first.status, again.status) == (200, 200)
    keys = [first.body["primary_key"], first.body["secondary_key"]]
    assert again.body["primary_key"] == "*" * 28 + keys[0][-4:]
    assert [await sides.send(key) for key in keys] == [201, 201]
    assert await sides.send(again.body["primary_key"]) == 401


async def test_one_of_the_keys_is_replaced(sides: Sides) -> None:
    """The other one works on."""
    await sides.give()
    before = (await sides.third("show_delegated_keys")).body
    after = await sides.sending_key()

    assert await sides.send(after) == 201
    assert await sides.send(before["secondary_key"]) == 201
    assert await sides.send(before["primary_key"]) == 401


@pytest.mark.parametrize("side", ["organisation", "intermediary"])
async def test_a_revocation_stops_the_keys_for_good(sides: Sides, side: str) -> None:
    """Either side revokes with one call; a new delegation gives new keys."""
    await sides.give()
    key = await sides.sending_key()
    spare = (await sides.third("replace_delegated_key", key_type="secondary")).body["secondary_key"]
    revoked = (
        await sides.organization("revoke_given_delegation")
        if side == "organisation"
        else await sides.third("revoke_received_delegation")
    )

    assert (revoked.status, revoked.body["state"]) == (200, "REVOKED")
    assert await sides.send(key) == 401
    assert refusal(await sides.third("show_delegated_keys")) == INACTIVE
    again = await sides.organization("revoke_given_delegation")
    assert again.body == revoked.body
    await sides.give()
    assert await sides.send(spare) == 401
    assert await sides.send(await sides.sending_key()) == 201


async def test_both_sides_read_the_log(sides: Sides) -> None:
    """It has the intermediary's messages alone, and no citizen."""
    await sides.give()
    key = await sides.sending_key()
    own = await sides.stack.call("submit_message", a_message(), key=SENDER_KEY)
    sent = await sides.stack.call("submit_message", a_message(), key=key)
    notice = await sides.stack.call("submit_payment_notice", a_notice(), key=key)
    assert (own.status, sent.status, notice.status) == (201, 201, 201)
    await sides.stack.drain()

    given = await sides.organization("list_given_messages")
    received = await sides.third("list_received_messages")
    assert given.body == received.body
    assert {one["id"] for one in given.body["items"]} == {
        sent.body["id"],
        notice.body["message_id"],
    }
    assert {one["service_id"] for one in given.body["items"]} == {SERVICE_ID}
    assert CITIZEN not in str(given.body)
    await sides.organization("revoke_given_delegation")
    assert (await sides.third("list_received_messages")).body == received.body


async def test_an_intermediary_sees_and_changes_its_own_alone(sides: Sides) -> None:
    """The organisation sees all; two intermediaries of one service see nothing of each other."""
    await sides.give()
    key = await sides.sending_key()
    other = await Sides(sides.stack, OTHER_INTERMEDIARY).start()
    await other.give()
    other_key = await other.sending_key()
    id_ = (await sides.stack.call("submit_message", a_message(), key=key)).body["id"]
    await sides.stack.call("submit_payment_notice", a_notice(), key=key)
    await sides.stack.drain()

    path = {"fiscal_code": CITIZEN, "id": id_}
    statuses = [
        (await sides.stack.call("read_sent_message", path=path, key=one)).status
        for one in (key, SENDER_KEY, other_key)
    ]
    assert statuses[:2] == [200, 200]
    assert statuses[2] in {403, 404}
    reminders = [
        (await sides.stack.call("read_sent_reminders", path=path, key=one)).status
        for one in (key, SENDER_KEY, other_key)
    ]
    assert reminders == statuses
    notices = [
        (await sides.stack.call("read_sent_notice", path={"rpt_id": RPT_ID}, key=one)).status
        for one in (key, SENDER_KEY, other_key)
    ]
    assert notices == [200, 200, 404]
    changes = [
        (await sides.stack.call(name, body, path={"rpt_id": RPT_ID}, key=other_key)).status
        for name, body in (
            ("cancel_payment_notice", None),
            ("amend_payment_notice", an_amendment(amount_cents=1)),
            ("reopen_payment_notice", None),
            ("submit_payment_notice", a_notice()),
            ("submit_payment_notice", a_notice(amount_cents=1)),
        )
    ]
    assert changes == [404, 404, 404, 409, 409]


async def test_a_suspended_side_stops_the_keys(sides: Sides) -> None:
    """The organisation's suspension and the intermediary's alike."""
    await sides.give()
    keys = (await sides.third("show_delegated_keys")).body
    await with_organization(sides.stack, OrganizationState.SUSPENDED, INTERMEDIARY)
    assert await sides.send(keys["primary_key"]) == 401
    await sides.stack.app.organizations.decide.approve(sides.intermediary)  # type: ignore[arg-type]
    await with_organization(sides.stack, OrganizationState.SUSPENDED, ORGANIZATION)
    assert await sides.send(keys["secondary_key"]) == 401


async def test_the_organisation_limits_the_calls_of_its_intermediary(sides: Sides) -> None:
    """The limit holds for the intermediary's key alone, and changes with the terms."""
    await sides.give(call_limit=2)
    key = await sides.sending_key()

    assert [await sides.send(key) for _ in range(3)] == [201, 201, 429]
    assert await sides.send(SENDER_KEY) == 201
    await sides.give(call_limit=100)
    assert await sides.send(key) == 201


async def test_cached_keys_die_within_the_time_of_the_cache(tmp_path: Path) -> None:
    """The time is at most a minute, and here a part of a second; the end of the cache decides."""
    stack = await Stack(tmp_path, settings_for(tmp_path, sender_cache_seconds=0.5)).start()
    sides = await Sides(stack).start()
    await sides.give()
    key = await sides.sending_key()
    assert await sides.send(key) == 201
    await sides.organization("revoke_given_delegation")
    await asyncio.sleep(0.6)

    assert await sides.send(key) == 401
    await stack.app.close()


def test_no_key_is_cached_for_more_than_a_minute(tmp_path: Path) -> None:
    """The setting has this bound."""
    with pytest.raises(ValueError, match="sender_cache_seconds"):
        settings_for(tmp_path, sender_cache_seconds=61)


async def test_an_intermediary_has_idempotency_keys_of_its_own(sides: Sides) -> None:
    """The organisation's key of the same name is another one."""
    await sides.give()
    key = await sides.sending_key()
    headers = {"idempotency-key": "the-same"}
    replies = [
        await sides.stack.call("submit_message", a_message(), key=one, headers=headers)
        for one in (SENDER_KEY, key, key)
    ]

    assert [one.status for one in replies] == [201, 201, 201]
    ids = [one.body["id"] for one in replies]
    assert ids[0] != ids[1] == ids[2]


async def test_an_intermediary_changes_nothing_of_the_service(sides: Sides) -> None:
    """Its keys do not get the right that the service's own keys have."""
    subscriptions = sides.stack.app.repositories.subscriptions
    await subscriptions.change(
        SERVICE_ID, lambda one: replace(one, groups=one.groups | {Group.SERVICE_WRITE})
    )
    await sides.give()
    key = await sides.sending_key()

    statuses = [
        (await sides.stack.call("change_reminder_policy", {"days": [2]}, key=one)).status
        for one in (SENDER_KEY, key)
    ]
    assert statuses == [200, 403]
