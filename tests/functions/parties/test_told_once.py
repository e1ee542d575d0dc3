"""A delegate is told once, and not after an end or a change of the delegation."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from functions.queues.messages import fan_out_message
from functions.queues.notifications import send_notification
from infra.local.sandbox.seed import CITIZEN
from lib.domain.parties.given import Given
from lib.domain.shared.identifiers import FiscalCode
from lib.ports.queueing.names import MESSAGE_SUBMITTED, NOTIFICATION_REQUESTED
from tests.builders.parties import DELEGATE, with_delegation
from tests.functions.parties.told import listed, told, with_told
from tests.stack import Stack, take

OTHER_SERVICE = "01KBTB5QWKS4M6WKT1F6CGR4M9"


@pytest.mark.parametrize("end", ["owner", "delegate", "time"])
async def test_an_end_stops_what_waits_in_the_queue(stack: Stack, end: str) -> None:
    """The delegation is read when the notification is sent."""
    id_ = await with_told(stack)
    await stack.submit()
    (item,) = await take(stack.queue, MESSAGE_SUBMITTED)
    await fan_out_message.consume(stack.app, item.text, last=False)
    if end == "time":
        stack.clock.advance(timedelta(days=300))
    else:
        name, citizen = ("end_delegation", CITIZEN), ("leave_party", DELEGATE)
        call = name if end == "owner" else citizen
        await stack.call(call[0], path={"id": id_}, citizen=call[1])

    await stack.drain()

    assert not told(stack)
    assert [one["channel"] for one in await listed(stack, CITIZEN)] == ["PUSH"]


@pytest.mark.parametrize("change", [{"is_notified": False}, {"service_ids": (OTHER_SERVICE,)}])
async def test_terms_that_changed_stop_what_waits(stack: Stack, change: dict[str, Any]) -> None:
    """A register may change the terms of a delegation that it knows."""
    await with_told(stack)
    await stack.submit()
    (item,) = await take(stack.queue, MESSAGE_SUBMITTED)
    await fan_out_message.consume(stack.app, item.text, last=False)

    def changed(given: Given) -> Given:
        (one,) = given.all
        return replace(given, all=(replace(one, terms=replace(one.terms, **change)),))

    await stack.app.repositories.parties.change_given(FiscalCode(CITIZEN), changed)
    await stack.drain()

    assert len(stack.push.sent) == 1
    assert not told(stack)


async def test_a_delegate_is_told_once(stack: Stack) -> None:
    """Two delegations of one person, items that come twice and late: one push for a message."""
    await with_told(stack)
    await with_delegation(stack, is_notified=True)
    await stack.submit()
    (item,) = await take(stack.queue, MESSAGE_SUBMITTED)
    for again in (False, True):
        await fan_out_message.consume(stack.app, item.text, last=False, again=again)
    requests = await take(stack.queue, NOTIFICATION_REQUESTED)
    assert len(requests) == 2
    for request in (*requests, *requests):
        await send_notification.consume(stack.app, request.text, last=False)
        stack.clock.advance(timedelta(minutes=20))

    assert len(told(stack)) == 1
