"""The set time of a submission: its rules, its repeated requests, its dry run."""

from datetime import timedelta
from typing import Any

import pytest

from infra.local.sandbox.seed import CITIZEN
from lib.domain.shared.values import timestamp
from tests.builders.messages import a_message
from tests.builders.payment_notices import a_notice
from tests.builders.payments import payable
from tests.builders.services import with_service
from tests.doubles.clock import START
from tests.functions.messages.scheduled_calls import (
    SET_TIME,
    cancel,
    inbox,
    schedule,
    scheduled,
    submit,
    wait_until,
)
from tests.stack import Stack
from tests.stored import stored_message, stored_messages

KEY = {"idempotency-key": "k"}


@pytest.mark.parametrize(
    ("send_at", "rule"),
    [
        ("2026-11-23T08:54:59Z", "is past"),
        ("2027-02-21T09:00:01Z", "more than 90 days ahead"),
        ("2026-11-25T09:00:00", "must say its zone"),
        ("tomorrow", "must be a date and time"),
        ("2026-11-25", "must be a date and time"),
        (1, ""),
        (None, ""),
    ],
)
async def test_a_wrong_time_is_refused(stack: Stack, send_at: Any, rule: str) -> None:
    """The answer names the field and the rule, and nothing is stored."""
    body = {**a_message(), "send_at": send_at}
    reply = await stack.call("submit_message", body)

    assert reply.status == 400
    (error,) = reply.body["errors"]
    assert error["pointer"] == "/send_at"
    assert rule in error["detail"]
    assert await stored_messages(stack) == []
    assert await scheduled(stack) == []
    assert (await stack.call("dry_run_message", body)).status == 400


async def test_the_bounds_are_accepted(stack: Stack) -> None:
    """Five minutes ago is now; ninety days ahead is the last time."""
    just_past = await schedule(stack, START - timedelta(minutes=5))
    await schedule(stack, START + timedelta(days=90))

    assert await inbox(stack) == [just_past]
    assert len(await scheduled(stack)) == 1


async def test_a_due_date_before_the_set_time_is_refused(stack: Stack) -> None:
    """A day is past at its end, so the message may come on that day."""
    due = {"due_date": "2026-11-25T22:59:59Z"}
    assert (await submit(stack, content=due)).status == 201
    reply = await submit(stack, SET_TIME + timedelta(days=1), content=due)

    assert (reply.status, reply.body["errors"][0]["pointer"]) == (400, "/content/due_date")


async def test_a_repeated_request_schedules_once(stack: Stack) -> None:
    """Before the set time, after a cancellation and after the set time the answer is the first."""
    first = await submit(stack, headers=KEY)
    again = await submit(stack, headers=KEY)
    assert (again.body, again.headers["Idempotent-Replay"]) == (first.body, "true")
    assert len(await scheduled(stack)) == 1
    other = await submit(stack, SET_TIME + timedelta(hours=1), headers=KEY)
    assert other.status == 422

    await cancel(stack, first.body["id"])
    assert (await submit(stack, headers=KEY)).body == first.body
    assert await scheduled(stack) == []
    await wait_until(stack, SET_TIME)
    assert await inbox(stack) == []


async def test_a_request_that_is_repeated_after_the_set_time(stack: Stack) -> None:
    """The time is past by then, and the message is sent once."""
    at = START + timedelta(hours=2)
    first = await submit(stack, at, headers=KEY)
    await wait_until(stack, at)
    stack.clock.advance(timedelta(hours=1))

    again = await submit(stack, at, headers=KEY)
    await stack.drain()

    assert (again.status, again.body) == (201, first.body)
    assert await inbox(stack) == [first.body["id"]]
    assert (await submit(stack, at, headers={"idempotency-key": "other"})).status == 400


async def test_a_dry_run_counts_from_the_set_time(stack: Stack) -> None:
    """It predicts the reminders of a message that comes then, and stores nothing."""
    content = {"due_date": "2026-12-20T22:59:59Z"}
    at = "2026-12-17T09:00:00Z"
    now = (await stack.call("dry_run_message", a_message(content=content))).body["reminders"]
    then = (await stack.call("dry_run_message", a_message(content=content, send_at=at))).body

    assert then["reminders"]
    assert len(now) > len(then["reminders"])
    assert all(one["at"] > at for one in then["reminders"])
    assert await scheduled(stack) == []


async def test_the_plan_is_that_of_the_dry_run(stack: Stack) -> None:
    """The first reminder of the message that was sent is the first that was predicted."""
    content = {"due_date": "2026-12-20T22:59:59Z"}
    body = a_message(content=content, send_at=timestamp(SET_TIME))
    predicted = (await stack.call("dry_run_message", body)).body["reminders"]
    id_ = await schedule(stack, content=content)
    assert (await stored_message(stack, id_)).reminders.next is None

    await wait_until(stack, SET_TIME)

    step = (await stored_message(stack, id_)).reminders.next
    assert step is not None
    assert timestamp(step.at)[:10] == predicted[0]["at"][:10]


async def test_strict_mode_and_warnings_hold(stack: Stack) -> None:
    """The members of `Prefer` are those of a message that is sent now."""
    odd = {**a_message(), "send_at": timestamp(SET_TIME), "sendAt": "x"}
    strict = await stack.call("submit_message", odd, headers={"prefer": "handling=strict"})
    warned = await stack.call("submit_message", odd, headers={"prefer": "include=warnings"})

    assert strict.status == 400
    assert [one["pointer"] for one in warned.body["warnings"]] == ["/sendAt"]
    assert len(await scheduled(stack)) == 1


async def test_a_payment_notice_has_no_set_time(stack: Stack) -> None:
    """The refusal names the field; a notice is known to the payee from its submission on."""
    reply = await stack.call("submit_payment_notice", a_notice(send_at=timestamp(SET_TIME)))
    assert reply.status == 400
    assert "send_at" in str(reply.body)


async def test_a_refusing_service_refuses_a_scheduled_duplicate(stack: Stack) -> None:
    """A duplicate that is known now is refused now, and one that is known then is rejected then."""
    await with_service(stack, duplicate_policy="REFUSE")
    ids = [await schedule(stack, content=payable()) for _ in range(3)]
    await stack.deliver(content=payable(notice_number="302000000000000184"))
    other = payable(notice_number="302000000000000184")
    assert (await submit(stack, content=other)).status == 409

    await wait_until(stack, SET_TIME)

    statuses = sorted([(await stored_message(stack, id_)).status for id_ in ids])
    assert statuses == ["PROCESSED", "REJECTED", "REJECTED"]


async def test_a_holding_service_holds_it_at_the_set_time(stack: Stack) -> None:
    """Nothing is held before, so no release sends it too early."""
    await with_service(stack, duplicate_policy="HOLD")
    await stack.deliver(content=payable())
    id_ = await schedule(stack, content=payable())
    assert (await stack.call("list_held_messages")).body["items"] == []

    await wait_until(stack, SET_TIME)

    (held,) = (await stack.call("list_held_messages")).body["items"]
    assert held["id"] == id_
    released = await stack.call("release_held_message", path={"id": id_})
    await stack.drain()
    assert released.status == 204
    assert id_ in await inbox(stack, CITIZEN)
