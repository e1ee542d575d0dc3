"""A process that dies at any write of a fan-out: the message arrives, with one push at most."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from functions.queues.messages import fan_out_message
from infra.local.sandbox.seed import CITIZEN
from lib.ports.queueing.names import MESSAGE_SUBMITTED
from tests.faults.test_flaky_digest import MortalStack
from tests.stack import take
from tests.stored import delivery_status

WRITES = 4
"""Delivery, claim; the plan of the week's counts, and the entry in the list."""


@pytest.fixture
async def mortal(tmp_path: Path) -> AsyncIterator[MortalStack]:
    """Yield a stack whose process can die."""
    stack = MortalStack(tmp_path)
    await stack.start()
    yield stack
    await stack.app.close()


@pytest.mark.parametrize("writes", range(1, WRITES + 2))
async def test_a_death_at_any_write_is_completed_by_the_next_run(
    mortal: MortalStack, writes: int
) -> None:
    """Only a process that died while it had the claim leaves a push in doubt, and tells so."""
    id_ = await mortal.submit()
    (item,) = await take(mortal.queue, MESSAGE_SUBMITTED)

    died = await mortal.dying_after(
        writes,
        lambda again: fan_out_message.consume(mortal.app, item.text, last=False, again=again),
    )
    await mortal.queue.delete(MESSAGE_SUBMITTED, item)
    await mortal.drain()

    assert died == (writes <= WRITES)
    inbox = await mortal.call("list_inbox", citizen=CITIZEN)
    assert [message["id"] for message in inbox.body["items"]] == [id_]
    sent = await mortal.call("list_sent_messages")
    assert [(one["id"], one["status"]) for one in sent.body["items"]] == [(id_, "PROCESSED")]
    days = await mortal.call("read_message_report")
    assert days.body["totals"]["processed"] == days.body["totals"]["sent"] == 1
    status = await delivery_status(mortal, id_)
    assert (len(mortal.push.sent), status) in {(1, "SENT"), (1, "UNCONFIRMED"), (0, "UNCONFIRMED")}
    if not died:
        assert status == "SENT"
