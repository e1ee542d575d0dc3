"""The paths of statistics cost a limited number of operations (design, section 5)."""

import pytest

from functions.queues.statistics import count_sender_event
from infra.local.sandbox.seed import SERVICE_ID
from lib.ports.queueing.items import SenderEvent
from tests.doubles.counted_stack import CountedStack


async def test_count_an_event(counted: CountedStack) -> None:
    """An event costs 1 batch; the first of the day in its part costs 3 operations."""
    values = {"service_id": SERVICE_ID, "message_id": "M", "day": "2027-01-01"}
    noted_at = "2026-11-23T09:00:00.000Z"
    for event, documents in (
        ("REACHED", {"batch": 2, "create": 1}),
        ("READ", {"batch": 1}),
        ("READ", {"batch": 1}),
    ):
        counted.reset()
        item = SenderEvent.model_validate({**values, "event": event, "noted_at": noted_at})
        await count_sender_event.consume(counted.app, item.text(), last=False)
        assert counted.documents == documents
    assert counted.queues == {}


@pytest.mark.parametrize("name", ["read_payment_statistics", "read_payment_statistics_csv"])
async def test_payment_statistics_of_a_year(counted: CountedStack, name: str) -> None:
    """A period of any length costs 8 queries, one for each part."""
    for query in ({"from": "2026-01-01", "to": "2027-01-01"}, {}):
        counted.reset()
        reply = await counted.call(name, query=query)

        assert reply.status == 200
        assert counted.documents == {"query": 8}
        assert counted.queues == {}
