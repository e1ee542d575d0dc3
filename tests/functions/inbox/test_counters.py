"""The app shows how many messages are unread, to pay and due soon."""

from datetime import timedelta

from infra.local.sandbox.seed import CITIZEN
from lib.domain.shared.values import timestamp
from tests.builders.altered import with_message
from tests.builders.inboxes import fill
from tests.doubles.counted_stack import CountedStack
from tests.functions.messages.inbox_calls import change
from tests.stack import Stack


async def counters(stack: Stack) -> dict[str, int]:
    """Return the counters of the citizen."""
    reply = await stack.call("count_inbox", citizen=CITIZEN)
    assert reply.status == 200, reply
    return dict(reply.body)


async def test_what_is_left_to_do_is_counted(stack: Stack) -> None:
    """Archived, deleted, paid and withdrawn messages do not count."""
    assert await counters(stack) == {"unread": 0, "to_pay": 0, "due_soon": 0}
    soon = timestamp(stack.clock.now() + timedelta(days=6))
    ids = await fill(stack.store, CITIZEN, 6, since=1)
    for id_ in ids:
        await with_message(
            stack, id_, is_read=False, payment_status="NOT_PAID", amount=1, due_date=soon
        )
    assert await counters(stack) == {"unread": 6, "to_pay": 6, "due_soon": 6}

    await change(stack, ids[0], change_type="reading", is_read=True)
    await change(stack, ids[1], change_type="archiving", is_archived=True)
    await change(stack, ids[2], change_type="binning", is_binned=True)
    await with_message(stack, ids[3], payment_status="PAID")
    await with_message(stack, ids[4], withdrawal={"at": soon, "reason": "x"})
    later = timestamp(stack.clock.now() + timedelta(days=8))
    await with_message(stack, ids[5], is_read=False, due_date=later)

    assert await counters(stack) == {"unread": 3, "to_pay": 2, "due_soon": 1}


async def test_a_count_ends_at_a_hundred(stack: Stack) -> None:
    """A hundred stands for more, too."""
    await fill(stack.store, CITIZEN, 150, is_read=False, is_archived=False)

    assert (await counters(stack))["unread"] == 100


async def test_the_counters_cost_three_queries(counted: CountedStack) -> None:
    """No document of counts is written by anybody."""
    await counted.deliver()
    counted.reset()

    await counters(counted)

    assert counted.documents == {"query": 3}
    assert counted.queues == {}
