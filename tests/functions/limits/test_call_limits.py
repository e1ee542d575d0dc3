"""Calls beyond a subscription's limit are refused, and each answer tells what is left."""

import asyncio
import logging
from collections import Counter

import pytest

from infra.local.sandbox.seed import (
    CITIZEN,
    MANAGE_KEY,
    OPERATOR_KEY,
    PAYMENTS_KEY,
    SENDER_KEY,
    SLOW_KEY,
)
from lib.domain.services.service import Group
from tests.builders.messages import a_message
from tests.builders.services import with_groups
from tests.doubles.counted_stack import CountedStack
from tests.stack import Reply, Stack, refusal

FAMILY = {"RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset"}


def told(reply: Reply) -> dict[str, str]:
    """Return the headers of an answer that tell about a limit."""
    return {
        name: value
        for name, value in reply.headers.items()
        if "rate" in name.lower() or name == "Retry-After"
    }


async def calls(stack: Stack, key: str, number: int) -> list[Reply]:
    """Read a message that does not exist, again and again."""
    path = {"fiscal_code": CITIZEN, "id": "01J0000000000000000000000A"}
    return [await stack.call("read_sent_message", path=path, key=key) for _ in range(number)]


async def test_an_answer_tells_the_limit_in_one_family_of_headers(stack: Stack) -> None:
    """Also an answer that refuses; 429 tells when to call again."""
    key = await with_groups(stack, Group.MESSAGE_READ, call_limit=2)
    first, second, third = await calls(stack, key, 3)

    assert [reply.status for reply in (first, second, third)] == [404, 404, 429]
    assert told(first) == {
        "RateLimit-Limit": "2",
        "RateLimit-Remaining": "1",
        "RateLimit-Reset": first.headers["RateLimit-Reset"],
    }
    assert told(second).keys() == FAMILY
    assert told(third).keys() == {*FAMILY, "Retry-After"}
    assert third.headers["RateLimit-Remaining"] == "0"
    assert third.headers["RateLimit-Reset"] == third.headers["Retry-After"]
    assert 1 <= int(third.headers["Retry-After"]) <= 6
    assert refusal(third)[1] == "Too many requests"


@pytest.mark.parametrize(
    ("groups", "limit"),
    [
        ({}, "150"),
        ({Group.RATE_LIMIT_250}, "250"),
        ({Group.NO_RATE_LIMIT}, None),
        ({Group.RATE_LIMIT_250, Group.NO_RATE_LIMIT}, None),
    ],
)
async def test_groups_raise_the_limit(stack: Stack, groups: set[Group], limit: str | None) -> None:
    """150 calls, 250 calls, or any number, of which nothing is told."""
    key = await with_groups(stack, Group.MESSAGE_READ, *groups, call_limit=None)
    (reply,) = await calls(stack, key, 1)

    assert reply.headers.get("RateLimit-Limit") == limit
    assert set(told(reply)) == (FAMILY if limit else set())


async def test_the_subscriptions_own_limit_counts_before_its_groups(stack: Stack) -> None:
    """An operator may give any limit."""
    key = await with_groups(stack, Group.MESSAGE_READ, Group.NO_RATE_LIMIT, call_limit=7)
    (reply,) = await calls(stack, key, 1)

    assert reply.headers["RateLimit-Limit"] == "7"


async def test_both_keys_of_a_subscription_share_the_limit_and_others_do_not(stack: Stack) -> None:
    """The limit is the subscription's; the same service may have another one."""
    one = await with_groups(stack, Group.MESSAGE_READ, call_limit=1)
    other = await with_groups(stack, Group.MESSAGE_READ, call_limit=1, key="sandbox-other-key")

    assert [reply.status for reply in await calls(stack, one, 2)] == [404, 429]
    assert [reply.status for reply in await calls(stack, other, 2)] == [404, 429]


async def test_the_limit_is_checked_after_the_key_and_before_the_groups(stack: Stack) -> None:
    """As at IO's gateway: an unknown key counts for nobody, a key without the group counts."""
    key = await with_groups(stack, Group.LIMITED_PROFILE_READ, call_limit=1)

    assert [reply.status for reply in await calls(stack, key, 2)] == [403, 429]
    (unknown,) = await calls(stack, "unknown", 1)
    assert (unknown.status, told(unknown)) == (401, {})


async def test_manage_keys_are_counted_and_others_are_not(stack: Stack) -> None:
    """Operators, citizens and the outcomes of payments have no limit of calls."""
    update = {"event_id": "e", "occurred_at": "2026-11-23T09:00:00Z", "outcome": "PAID"}
    managed = await stack.call("read_reminder_policy", key=MANAGE_KEY)
    uncounted = (
        await stack.call("read_status", key=OPERATOR_KEY),
        await stack.call("list_inbox", citizen=CITIZEN),
        await stack.call(
            "update_payment",
            update,
            path={"rpt_id": "01234567890" + "3" * 18},
            key=PAYMENTS_KEY,
        ),
    )

    assert told(managed).keys() == FAMILY
    assert [(reply.status, told(reply)) for reply in uncounted] == [(200, {})] * 3


async def test_the_sandbox_has_a_key_with_the_usual_limit(stack: Stack) -> None:
    """The other keys have a high limit, so that nobody meets it by accident."""
    (slow,), (sender,) = await calls(stack, SLOW_KEY, 1), await calls(stack, SENDER_KEY, 1)

    assert slow.headers["RateLimit-Limit"] == "150"
    assert int(sender.headers["RateLimit-Limit"]) >= 10_000


async def test_a_slow_sender_costs_no_store_operation(counted: CountedStack) -> None:
    """Nor does a sender with a high limit; a submission costs what it always did."""
    key = await with_groups(counted, Group.MESSAGE_WRITE, call_limit=None)
    assert (await counted.call("submit_message", a_message(), key=key)).status == 201
    counted.reset()
    for _ in range(3):
        await counted.call("submit_message", a_message(), key=key)

    assert counted.documents == Counter({"create": 3})


async def test_many_calls_cost_one_operation_for_each_report(counted: CountedStack) -> None:
    """Of 150 calls, each six are one report; the first one of a period may cost two more."""
    key = await with_groups(counted, Group.MESSAGE_READ, call_limit=None)
    await calls(counted, key, 1)
    counted.reset()
    replies = await calls(counted, key, 149)
    await counted.app.limits.count_calls.close()

    assert {reply.status for reply in replies} == {404}
    reports = counted.documents["patch"]
    assert 5 <= reports <= 150 / 6 + 1
    assert counted.documents["create"] <= 2
    # one read for each call: the message that is not there
    assert counted.documents["read"] <= 149 + 2


async def test_operators_are_told_once_of_a_sender_near_its_limit(
    stack: Stack, caplog: pytest.LogCaptureFixture
) -> None:
    """The event names the subscription and the limit, and nobody else."""
    caplog.set_level(logging.WARNING)
    key = await with_groups(stack, Group.MESSAGE_READ, call_limit=10)
    await calls(stack, key, 7)
    await asyncio.sleep(0.05)
    assert caplog.messages == []
    await calls(stack, key, 5)
    await stack.app.limits.count_calls.close()

    (text,) = caplog.messages
    assert f"subscription-of-{key}" in text
    assert "10" in text
