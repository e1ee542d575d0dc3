"""Scheduled messages on ports that fail: at each call in turn, and at random."""

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from functions.queues.messages import fan_out_message
from lib.ports.errors import UnavailableError
from lib.ports.queueing.names import MESSAGE_SUBMITTED
from tests.doubles.clock import START
from tests.faults.listeners import ATTEMPTS
from tests.faults.test_flaky_notices import FaultAt
from tests.faults.test_flaky_ports import FlakyStack
from tests.functions.messages.scheduled_calls import (
    SET_TIME,
    cancel,
    inbox,
    schedule,
    scheduled,
    submit,
    wait_until,
)
from tests.stack import take
from tests.stored import stored_messages

KEY = {"idempotency-key": "k"}
NEAR = START + timedelta(minutes=10)
FAULTS = pytest.mark.parametrize("fault", ["before", "after"])
TIMES = pytest.mark.parametrize("at", [NEAR, SET_TIME], ids=["near", "far"])


@contextlib.asynccontextmanager
async def failing(folder: Path, fault: str) -> AsyncIterator[tuple[FlakyStack, FaultAt]]:
    """Give a stack whose call number `at` fails, once `at` is set."""
    stack = FlakyStack(folder, 0)
    faults = FaultAt(random.Random(0), outcome=fault)
    stack.faults.strikes = faults.strikes  # type: ignore[method-assign]  # of the ports it has
    await stack.start()
    yield stack, faults
    await stack.app.close()


@FAULTS
@TIMES
async def test_a_submission_that_fails_at_any_call_is_completed(
    tmp_path: Path, fault: str, at: datetime
) -> None:
    """The repeated request schedules the message once, and it is sent once."""
    call, deaths = 1, 0
    while True:
        async with failing(_folder(tmp_path, call), fault) as (stack, faults):
            faults.at = call
            reply = await submit(stack, at, headers=KEY)
            reached = faults.at <= 0
            faults.at = 0
            deaths += reply.status == 429
            reply = await submit(stack, at, headers=KEY)
            assert reply.status == 201
            id_ = reply.body["id"]
            assert [one["id"] for one in await scheduled(stack)] == [id_]
            items = (await stack.call("list_sent_messages")).body["items"]
            assert [(one["id"], one["status"]) for one in items] == [(id_, "SCHEDULED")]
            await wait_until(stack, at)
            assert await inbox(stack) == [id_]
            assert len(stack.kept.sent) == 1
        if not reached:
            break
        call += 1
    assert deaths >= 3


@FAULTS
@TIMES
async def test_the_list_tells_what_will_be_sent(tmp_path: Path, fault: str, at: datetime) -> None:
    """A submission that failed and is not repeated is listed if it will be sent, else not."""
    call, outcomes = 1, set()
    while True:
        async with failing(_folder(tmp_path, call), fault) as (stack, faults):
            faults.at = call
            await submit(stack, at)
            reached = faults.at <= 0
            faults.at = 0
            listed = [one["id"] for one in await scheduled(stack)]
            await wait_until(stack, at)
            await stack.live_until(stack.clock.moment + timedelta(minutes=10))
            assert await inbox(stack) == listed
            outcomes.add(len(listed))
        if not reached:
            break
        call += 1
    assert outcomes == {0, 1}


@FAULTS
async def test_a_cancellation_that_fails_is_completed(tmp_path: Path, fault: str) -> None:
    """The repeated request gets 204, and nothing is sent."""
    call = 1
    while True:
        async with failing(_folder(tmp_path, call), fault) as (stack, faults):
            id_ = await schedule(stack)
            faults.at = call
            await cancel(stack, id_)
            reached = faults.at <= 0
            faults.at = 0
            assert (await cancel(stack, id_)).status == 204
            items = (await stack.call("list_sent_messages")).body["items"]
            assert [one["status"] for one in items] == ["REJECTED"]
            await wait_until(stack, SET_TIME)
            assert await inbox(stack) == []
        if not reached:
            break
        call += 1


@FAULTS
async def test_a_release_that_fails_at_any_call_is_completed(tmp_path: Path, fault: str) -> None:
    """The item comes again, and the message is sent once."""
    call = 1
    while True:
        async with failing(_folder(tmp_path, call), fault) as (stack, faults):
            id_ = await schedule(stack, NEAR)
            stack.clock.moment = NEAR
            (item,) = await take(stack.real_queue, MESSAGE_SUBMITTED)
            faults.at = call
            with contextlib.suppress(UnavailableError):
                # the platform gives the item again
                await fan_out_message.consume(stack.app, item.text, last=False)
            reached = faults.at <= 0
            faults.at = 0
            await stack.live_until(NEAR + timedelta(minutes=20))
            assert await inbox(stack) == [id_]
            assert len(stack.kept.sent) == 1
            (message,) = await stored_messages(stack)
            statuses = [one.status for one in message.status_history]
            assert statuses == ["SCHEDULED", "ACCEPTED", "PROCESSED"]
        if not reached:
            break
        call += 1


async def test_ports_that_fail_one_call_in_ten_send_and_cancel_once(
    tmp_path: Path, seed: int
) -> None:
    """Each of fifty messages, half of them cancelled at their set time, is sent or cancelled."""
    stack = FlakyStack(tmp_path, seed)
    await stack.start()
    stack.faults.rate = 0.1
    answers: dict[str, int] = {}

    async def client(number: int) -> None:
        headers = {"idempotency-key": f"k-{number}"}
        for _ in range(ATTEMPTS):
            reply = await submit(stack, NEAR, headers=headers, time_to_live=604_800)
            if reply.status != 429:
                break
        assert reply.status == 201
        answers[reply.body["id"]] = 0

    async def change(id_: str) -> None:
        for _ in range(ATTEMPTS):
            reply = await cancel(stack, id_)
            if reply.status != 503:
                break
        answers[id_] = reply.status

    await asyncio.gather(*map(client, range(50)))
    stack.clock.moment = NEAR
    await asyncio.gather(stack.step(), *map(change, list(answers)[::2]))
    await stack.settle()
    stack.faults.rate = 0.0

    assert await stack.dead_letters() == []
    there = set(await _whole_inbox(stack))
    assert there == {id_ for id_, status in answers.items() if status != 204}
    assert set(answers.values()) <= {0, 204, 409}
    assert sorted(one.message_id for one in stack.kept.sent) == sorted(there)
    await stack.app.close()


async def _whole_inbox(stack: FlakyStack) -> list[str]:
    return [one.id for one in await stored_messages(stack) if one.is_in_inbox]


def _folder(parent: Path, call: int) -> Path:
    folder = parent / str(call)
    folder.mkdir()
    return folder
