"""The paths of statistics cost a limited number of operations (design, section 5)."""

from datetime import timedelta

import pytest

from functions.queues.statistics import count_sender_event, fold_week
from infra.local.sandbox.seed import SERVICE_ID
from lib.domain.shared.identifiers import ServiceId
from lib.ports.queueing.items.messages import FoldDue, SenderEvent
from tests.doubles.counted_stack import CountedStack

NOTED_AT = "2026-11-23T09:00:00.000Z"
IN_A_NEW_WEEK = {"create": 1, "upsert": 1}


@pytest.mark.parametrize(
    ("day", "first", "second"),
    [
        ("2027-01-01", IN_A_NEW_WEEK, {"create": 1}),
        ("2026-11-08", {"batch": 2, "create": 1}, {"batch": 1}),
    ],
)
async def test_count_an_event(
    counted: CountedStack, day: str, first: dict[str, int], second: dict[str, int]
) -> None:
    """An event costs 1 create, and 1 upsert in the first of a week; a late event costs 1 batch."""
    values = {"service_id": SERVICE_ID, "message_id": "M", "day": day, "noted_at": NOTED_AT}
    for event, documents in (("REACHED", first), ("READ", second), ("READ", second)):
        counted.reset()
        item = SenderEvent.model_validate({**values, "event": event})
        await count_sender_event.consume(counted.app, item.text(), last=False)
        assert counted.documents == documents
    assert counted.queues == {}


async def test_fold_a_week(counted: CountedStack) -> None:
    """A fold costs 1 count for each of the 8 and the 16 parts, and 2 creates."""
    counted.clock.advance(timedelta(days=20))
    counted.reset()

    item = FoldDue(service_id=ServiceId(SERVICE_ID), week="2026-11-23")
    await fold_week.consume(counted.app, item.text(), last=False)

    assert counted.documents == counted.searches(counts=8 + 16, create=2)
    assert counted.queues == {}


@pytest.mark.parametrize("name", ["read_payment_statistics", "read_payment_statistics_csv"])
async def test_payment_statistics_of_a_year(counted: CountedStack, name: str) -> None:
    """A period of any length costs 9 queries, and a count in each of 8 parts for late weeks."""
    for query, counts in (
        ({"from": "2026-01-01", "to": "2027-01-01"}, 8),
        ({}, 8),
        ({"from": "2025-01-01", "to": "2025-12-31"}, 0),
    ):
        counted.reset()
        reply = await counted.call(name, query=query)

        assert reply.status == 200
        assert counted.documents == counted.searches(queries=9, counts=counts)
        assert counted.queues == {}
