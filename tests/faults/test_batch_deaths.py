"""A process that dies at any write of a batch: each row is sent once, and the counts add up."""

from collections import Counter
from typing import Final

import pytest

from functions.queues.batches import send_chunk, start_batch
from lib.ports.queueing.names import BATCH_CHUNK, BATCH_STARTED
from lib.use_cases.batches.checking import check_recipients as checking
from lib.use_cases.batches.sending.close_batch import CLOSING_DELAY
from tests.faults.mortal_stack import LEASE, DeathError, MortalStack
from tests.functions.batches.batch_calls import (
    a_list,
    a_number,
    ask,
    checked,
    make,
    state,
    table,
    upload,
    with_citizens,
)
from tests.functions.statistics.support import counted
from tests.stack import take
from tests.stored import delivery_status
from tests.unit.batches.support import a_code

CODES: Final = tuple(a_code(number) for number in range(5))
ROWS: Final = [
    *([code, "", ""] for code in CODES[:3]),
    *([code, a_number(n), "12,50"] for n, code in enumerate(CODES[3:])),
]
HEADER: Final = ("cf", "notice_number", "amount_euro")
WRITES: Final = 51
"""Those of the upload, of the check, and of the rows and their chunks."""


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a chunk have two parts of one row, so that there are three chunks."""
    monkeypatch.setattr(checking, "CHUNK_ROWS", 2)
    monkeypatch.setattr(checking, "PART_ROWS", 1)


@pytest.fixture
async def mortal(mortal: MortalStack) -> MortalStack:
    """Yield a stack whose process can die."""
    await with_citizens(mortal, CODES)
    return mortal


async def assert_pushed_once(stack: MortalStack, ids: dict[str, str]) -> None:
    """Fail unless each message has one push, or none and a claim that says so."""
    pushed = Counter(str(push.message_id) for push in stack.push.sent)
    assert pushed.keys() <= set(ids.values())
    assert set(pushed.values()) <= {1}
    in_doubt = 0
    for citizen, id_ in ids.items():
        status = await delivery_status(stack, id_, citizen=citizen)
        assert status in {"SENT", "UNCONFIRMED"}
        assert status == "UNCONFIRMED" or pushed[id_] == 1
        in_doubt += status == "UNCONFIRMED"
    # of a part of one row
    assert in_doubt <= stack.deaths


@pytest.mark.parametrize("writes", range(1, WRITES + 2))
async def test_a_death_at_any_write_is_completed(mortal: MortalStack, writes: int) -> None:
    """The upload and the request to send are repeated by their sender, and all else by queues."""
    id_ = await make(mortal)
    mortal.life.left = writes
    reply = await mortal.insist(lambda: upload(mortal, id_, a_list(ROWS, HEADER)))
    assert reply.status == 202
    await mortal.live()
    reply = await mortal.insist(lambda: ask(mortal, "send_batch", id_))
    assert reply.status == 202
    await mortal.live()

    assert mortal.deaths == (writes <= WRITES)
    found = await state(mortal, id_)
    assert found["status"] == "FINISHED"
    assert found["progress"]["outcomes"] == {"SENT": len(CODES)}
    results = await table(mortal, "read_batch_results_file", id_)
    assert [one["fiscal_code"] for one in results] == list(CODES)
    ids = {one["fiscal_code"]: one["message_id"] for one in results}
    for citizen in CODES:
        inbox = await mortal.call("list_inbox", citizen=citizen)
        assert [one["id"] for one in inbox.body["items"]] == [ids[citizen]]
    await assert_pushed_once(mortal, ids)
    sent = await mortal.call("list_sent_messages")
    assert {one["id"] for one in sent.body["items"]} == set(ids.values())
    report = await mortal.call("read_message_report")
    totals = report.body["totals"]
    assert totals["processed"] == totals["sent"] == len(CODES)
    assert await counted(mortal) == {"REACHED": 2}


@pytest.mark.parametrize("writes", range(1, 8))
async def test_a_batch_cancelled_after_a_death_has_each_row_once(
    mortal: MortalStack, writes: int
) -> None:
    """A row whose message was made is SENT, in the results and in the sender's list."""
    id_ = await checked(mortal, ROWS, header=HEADER)
    await ask(mortal, "send_batch", id_)
    (start,) = await take(mortal.real.queue, BATCH_STARTED)
    await start_batch.consume(mortal.app, start.text, last=False)
    await mortal.real.queue.delete(BATCH_STARTED, start)
    first, *_ = await take(mortal.real.queue, BATCH_CHUNK)
    mortal.life.left = writes
    with pytest.raises(DeathError):
        await send_chunk.consume(mortal.app, first.text, last=False)
    mortal.life.revive()
    # its item comes while the batch is paused, and is gone at the cancellation
    await ask(mortal, "pause_batch", id_)
    mortal.clock.advance(LEASE)
    await mortal.drain()
    mortal.life.left = 1 + writes % 2
    await mortal.insist(lambda: ask(mortal, "cancel_batch", id_))
    mortal.life.revive()
    mortal.clock.advance(CLOSING_DELAY)
    await mortal.live()

    found = await state(mortal, id_)
    assert found["status"] == "CANCELLED"
    inboxes = {
        citizen: (await mortal.call("list_inbox", citizen=citizen)).body["items"]
        for citizen in CODES
    }
    sent = {citizen for citizen, items in inboxes.items() if items}
    results = await table(mortal, "read_batch_results_file", id_)
    assert [one["fiscal_code"] for one in results] == list(CODES)
    assert {one["fiscal_code"] for one in results if one["outcome"] == "SENT"} == sent
    outcomes = Counter(one["outcome"] for one in results)
    assert found["progress"]["outcomes"] == dict(outcomes)
    listed = await mortal.call("list_sent_messages")
    assert len(listed.body["items"]) == len(sent)
    assert outcomes["CANCELLED"] >= len(CODES) - 2
