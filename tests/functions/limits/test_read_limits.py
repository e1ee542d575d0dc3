"""A sender reads its limits, and the calls that are left."""

from datetime import timedelta

import pytest

from infra.local.sandbox.seed import LIMITED_KEY, MANAGE_KEY, OPERATOR_KEY, SENDER_KEY
from lib.domain.services.service import Group
from lib.domain.shared.values import parse_timestamp
from tests.builders.services import with_groups, with_manage_key
from tests.doubles.counted_stack import CountedStack
from tests.stack import Reply, Stack


def others(reply: Reply) -> dict[str, int]:
    """Return the other limits by name."""
    return {one["name"]: one["limit"] for one in reply.body["others"]}


async def test_the_calls_that_are_left_are_those_of_the_headers(stack: Stack) -> None:
    """The call itself is counted."""
    key = await with_groups(stack, Group.MESSAGE_READ, call_limit=5)
    first = await stack.call("read_limits", key=key)
    second = await stack.call("read_limits", key=key)

    assert (first.status, second.status) == (200, 200)
    assert [reply.body["calls"]["remaining"] for reply in (first, second)] == [4, 3]
    calls = second.body["calls"]
    assert (calls["limit"], calls["seconds"], calls["is_near_limit"]) == (5, 5, False)
    assert second.headers["RateLimit-Remaining"] == "3"
    wait = parse_timestamp(calls["resets_at"]) - stack.clock.now()
    assert timedelta(seconds=1) <= wait <= timedelta(seconds=6)


async def test_the_sender_sees_that_it_is_near_its_limit(stack: Stack) -> None:
    """From 80 % on, as operators are told."""
    key = await with_groups(stack, Group.MESSAGE_READ, call_limit=5)
    replies = [await stack.call("read_limits", key=key) for _ in range(5)]

    near = [reply.body["calls"]["is_near_limit"] for reply in replies]
    assert near == [False, False, False, True, True]
    assert (await stack.call("read_limits", key=key)).status == 429


async def test_a_key_without_a_limit_may_make_any_number_of_calls(stack: Stack) -> None:
    """The numbers are absent, in the answer and in its headers."""
    key = await with_groups(stack, Group.NO_RATE_LIMIT, call_limit=None)
    reply = await stack.call("read_limits", key=key)

    assert reply.body["calls"] == {"seconds": 5, "is_near_limit": False}
    assert not [name for name in reply.headers if name.startswith("RateLimit")]


async def test_other_limits_are_those_of_the_caller(stack: Stack) -> None:
    """A service has its greatest amount, and a key of the trial mode its recipients."""
    sender = others(await stack.call("read_limits", key=SENDER_KEY))
    limited = others(await stack.call("read_limits", key=LIMITED_KEY))
    key = await with_manage_key(stack)
    manager = others(await stack.call("read_limits", key=key))

    assert sender["payment_amount"] == 1_000_000
    assert sender["message_body"] == 256 * 1024
    assert (limited["payment_amount"], limited["recipients"]) == (1_000_000, 1)
    assert "recipients" not in sender
    assert "payment_amount" not in manager
    assert manager["messages_of_payment"] == 100
    for one in (sender, manager):
        assert one["payment_updates_of_request"] == 100
        assert one["citizens_of_request"] == one["messages_of_recall"] == 10_000


@pytest.mark.parametrize(("key", "status"), [(OPERATOR_KEY, 403), (None, 401), (MANAGE_KEY, 200)])
async def test_senders_and_managers_alone_have_limits(
    stack: Stack, key: str | None, status: int
) -> None:
    """Operators have none."""
    assert (await stack.call("read_limits", key=key)).status == status


async def test_a_manage_key_is_refused_from_another_network_after_its_group(stack: Stack) -> None:
    """In IO's order: key, limit, group, network; an unknown key gets the gateway's 401."""
    key = await with_manage_key(stack, cidrs=["192.0.2.0/24"])
    outside = await stack.call("read_limits", key=key)
    inside = await stack.call("read_limits", key=key, headers={"x-forwarded-for": "192.0.2.7"})
    none = await with_manage_key(
        stack, cidrs=["192.0.2.0/24"], groups=frozenset(), key="sandbox-manage-key-of-nothing"
    )
    without = await stack.call("read_limits", key=none)
    unknown = await stack.call("read_reminder_policy", key="unknown")

    assert (outside.status, outside.body["title"]) == (403, "You are not allowed here")
    assert inside.status == 200
    assert (without.status, without.body["title"]) == (403, "User has no valid scopes")
    assert (unknown.status, unknown.body["statusCode"]) == (401, 401)
    assert unknown.body["message"] == unknown.body["detail"]


async def test_reading_the_limits_costs_no_store_operation(counted: CountedStack) -> None:
    """The process knows what is left."""
    await counted.call("read_limits")
    counted.reset()
    await counted.call("read_limits")

    assert not counted.documents
