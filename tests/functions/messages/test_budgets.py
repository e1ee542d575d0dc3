"""The paths of messages cost a limited number of operations (design, section 5)."""

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

from functions.queues.messages import fan_out_message
from infra.local.sandbox.seed import CITIZEN
from lib.ports.queueing.names import MESSAGE_SUBMITTED
from tests.builders.messages import a_message, submitted
from tests.builders.parties import with_delegation
from tests.builders.payments import a_payment
from tests.doubles.counted_stack import CountedStack
from tests.doubles.slow_push import queue_pushes
from tests.stack import take

DUE_DATE = "2027-06-30T21:59:59Z"
PAYABLE = {"payment_data": a_payment()}


async def fan_out(counted: CountedStack, content: dict[str, Any]) -> None:
    """Count the fan-out of a message."""
    await counted.submit(content=content)
    (item,) = await take(counted.queue, MESSAGE_SUBMITTED)
    counted.reset()
    await fan_out_message.consume(counted.app, item.text, last=False)


async def test_submit_warm(counted: CountedStack) -> None:
    """A submission costs 1 create and 1 put."""
    await counted.submit()

    assert counted.documents == {"create": 1}
    assert counted.queues == {"put": 1}


async def test_submit_with_a_payment(counted: CountedStack) -> None:
    """A submission with a payment costs 1 point read more, of the payment."""
    await counted.submit(content=PAYABLE)

    assert counted.documents == {"read": 1, "create": 1}
    assert counted.queues == {"put": 1}


async def test_submit_with_an_idempotency_key(counted: CountedStack) -> None:
    """A submission with a key costs 2 creates and 1 put."""
    reply = await counted.call("submit_message", a_message(), headers={"idempotency-key": "k"})

    assert reply.status == 201
    assert counted.documents == {"create": 2}
    assert counted.queues == {"put": 1}


async def test_submit_for_a_set_time(counted: CountedStack) -> None:
    """A set time costs 1 create for its list, 1 upsert into the schedule, 1 batch of the list."""
    await counted.submit(send_at="2026-11-23T12:00:00Z")
    counted.reset()

    await counted.submit(send_at="2026-11-23T12:00:00Z")

    assert counted.documents == {"create": 2, "upsert": 1, "batch": 1}
    assert counted.queues == {}


async def test_send_at_the_set_time(counted: CountedStack) -> None:
    """It costs 1 read and 1 patch more than a fan-out, and 1 read for the note of a listed message.

    The rights of the sender are read once in a minute: the subscription, service, organisation.
    """
    at = "2026-11-23T09:40:00.000Z"
    queue_pushes(counted.app)
    id_ = await counted.submit(send_at=at)
    counted.clock.advance(timedelta(minutes=40))
    item = submitted(id_).model_copy(update={"send_at": at})
    counted.reset()

    await fan_out_message.consume(counted.app, item.text(), last=False)

    assert counted.documents == {"read": 3 + 1 + 3 + 1, "patch": 2, "batch": 2}
    assert counted.queues == {"put": 1}


async def test_list_scheduled_messages(counted: CountedStack) -> None:
    """A page costs 1 query, and 1 read for each message."""
    for _ in range(3):
        await counted.submit(send_at="2026-11-25T09:00:00Z")
    counted.reset()

    reply = await counted.call("list_scheduled_messages")

    assert len(reply.body["items"]) == 3
    assert counted.documents == {"query": 1, "read": 3}


async def test_fan_out(counted: CountedStack) -> None:
    """A fan-out costs 3 point reads, 1 patch, and 1 batch of the list of sent messages.

    Its push costs a claim of 1 create, and 1 query of the day's claims for the limit.
    """
    await fan_out(counted, {})

    assert counted.documents == {"read": 3, "create": 1, "query": 1, "patch": 1, "batch": 1}
    assert counted.queues == {}


async def test_fan_out_while_the_push_service_is_slow(counted: CountedStack) -> None:
    """The push waits in its queue, for 1 put."""
    queue_pushes(counted.app)
    await fan_out(counted, {})

    assert counted.documents == {"read": 3, "patch": 1, "batch": 1}
    assert counted.queues == {"put": 1}


async def test_fan_out_with_delegates(counted: CountedStack) -> None:
    """A delegate who is not told costs nothing, since the owner's profile tells.

    Those who are told cost 1 read for all, and 1 put for each and channel.
    """
    plain = Counter({"read": 3, "create": 1, "query": 1, "patch": 1, "batch": 1})
    await with_delegation(counted)
    await fan_out(counted, {})
    assert counted.documents == plain
    assert counted.queues == {}

    for number, delegate in enumerate(("DLGATE80A01H501U", "VRDLCU85M41F205J"), 1):
        await with_delegation(counted, delegate=delegate, is_notified=True)
        await fan_out(counted, {})
        assert counted.documents == plain + Counter(read=1)
        assert counted.queues == {"put": 2 * number}


async def test_fan_out_with_a_payment(counted: CountedStack) -> None:
    """2 creates more; where another message has the notice, a read and a replace besides.

    One create is the event of the sender's statistics. With a due date 1 upsert more.
    """
    queue_pushes(counted.app)
    content = {"due_date": DUE_DATE, "payment_data": a_payment()}
    await fan_out(counted, content)
    assert counted.documents == {"read": 3, "create": 2, "upsert": 1, "patch": 1, "batch": 1}
    assert counted.queues == {"put": 1}

    await fan_out(counted, content)
    assert counted.documents == {
        "read": 4,
        "create": 2,
        "replace": 1,
        "upsert": 1,
        "patch": 1,
        "batch": 1,
    }
    assert counted.queues == {"put": 1}


async def test_fan_out_with_a_rejection(counted: CountedStack) -> None:
    """A rejection costs the same, without the put."""
    await counted.submit(fiscal_code="NOPROF00A00A000A")
    (item,) = await take(counted.queue, MESSAGE_SUBMITTED)
    counted.reset()

    await fan_out_message.consume(counted.app, item.text, last=False)

    assert counted.documents == {"read": 3, "patch": 1, "batch": 1}
    assert counted.queues == {}


@pytest.mark.parametrize("enrich", ["true", "false"])
async def test_inbox_page_of_20(counted: CountedStack, enrich: str) -> None:
    """A page costs 1 query, and nothing for each message."""
    for _ in range(25):
        await counted.submit()
    await counted.drain()
    counted.reset()

    reply = await counted.call(
        "list_inbox", query={"page_size": "20", "enrich_result_data": enrich}, citizen=CITIZEN
    )

    assert len(reply.body["items"]) == 20
    assert counted.documents == {"query": 1}
    assert counted.queues == {}


async def test_read_one_message(counted: CountedStack) -> None:
    """An opened message costs 1 point read."""
    id_ = await counted.deliver()
    counted.reset()

    await counted.call("read_message", path={"id": id_}, citizen=CITIZEN)

    assert counted.documents == {"read": 1}


@pytest.mark.parametrize(("content", "creates"), [({}, {}), (PAYABLE, {"create": 1})])
async def test_change_a_message_s_status(
    counted: CountedStack, content: dict[str, Any], creates: dict[str, int]
) -> None:
    """A change costs 1 patch, repeated 2, and 1 create for a message with a payment."""
    id_ = await counted.deliver(content=content)
    for patches in (1, 2):
        counted.reset()

        await counted.call(
            "change_message_status",
            {"change_type": "reading", "is_read": True},
            path={"id": id_},
            citizen=CITIZEN,
        )

        assert counted.documents == {"patch": patches, **creates}
        assert counted.queues == {}


async def test_a_message_with_its_own_reminders(counted: CountedStack) -> None:
    """A submission with a reminder policy costs 1 create and 1 put, as any other."""
    await counted.submit(reminders={"days": [2]})

    assert counted.documents == {"create": 1}
    assert counted.queues == {"put": 1}


async def test_a_refused_submission_costs_nothing(counted: CountedStack) -> None:
    """A submission that is refused costs no read and no write."""
    await counted.call("submit_message", {})
    await counted.call(
        "submit_message", a_message(content={"payment_data": a_payment(amount=9**9)})
    )

    assert counted.documents == {}
    assert counted.queues == {}
