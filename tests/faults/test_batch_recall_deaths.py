"""A process that dies at any write of a recall: each message is withdrawn, and counted once."""

from typing import Final

import pytest

from functions.queues.batches import send_chunk, start_batch
from lib.ports.queueing.names import BATCH_CHUNK, BATCH_STARTED
from lib.use_cases.batches.checking import check_recipients as checking
from lib.use_cases.batches.recalling import withdraw_rows
from lib.use_cases.batches.recalling.cancel_notice import CANCELLED
from tests.builders.payments import PAYEE
from tests.faults.mortal_stack import DeathError, MortalStack
from tests.functions.batches.batch_calls import (
    a_number,
    ask,
    checked,
    state,
    table,
    with_citizens,
)
from tests.functions.batches.notice_rows import HEADER, numbered
from tests.functions.batches.recall_calls import REASON, assert_recalled
from tests.stack import take
from tests.stored import stored_payment
from tests.unit.batches.support import a_code

CODES: Final = tuple(a_code(number) for number in range(5))
PAYING: Final = ("cf", "notice_number", "amount_euro")
ROWS: Final = [
    *([code, "", ""] for code in CODES[:3]),
    *([code, a_number(n), "12,50"] for n, code in enumerate(CODES[3:])),
]
WRITES: Final = 27
"""Those of the recall of a finished batch."""
CUT_WRITES: Final = 29
"""Those of a batch with a row under way, whose chunks are closed first."""
NOTICE_WRITES: Final = 19
"""Those of two payment notices."""


@pytest.fixture(autouse=True)
def one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a chunk have two parts of one row, and withdraw them one after the other."""
    monkeypatch.setattr(checking, "CHUNK_ROWS", 2)
    monkeypatch.setattr(checking, "PART_ROWS", 1)
    monkeypatch.setattr(withdraw_rows, "AT_ONCE", 1)


@pytest.fixture
async def mortal(mortal: MortalStack) -> MortalStack:
    """Yield a stack whose process can die."""
    await with_citizens(mortal, CODES)
    return mortal


async def recalled(stack: MortalStack, id_: str, writes: int) -> None:
    """Recall a batch in a process that dies after so many writes; its sender asks again."""
    stack.life.left = writes
    reply = await stack.insist(lambda: ask(stack, "withdraw_batch", id_, {"reason": REASON}))
    assert reply.status == 202
    await stack.live()


@pytest.mark.parametrize("writes", range(1, WRITES + 2))
async def test_a_finished_batch(mortal: MortalStack, writes: int) -> None:
    """No message is left, and no payment knows of one."""
    id_ = await checked(mortal, ROWS, header=PAYING)
    await ask(mortal, "send_batch", id_)
    await mortal.live()
    await recalled(mortal, id_, writes)

    assert mortal.deaths == (writes <= WRITES)
    await assert_recalled(mortal, id_, {"WITHDRAWN": len(CODES)}, CODES)
    for number in range(2):
        payment = await stored_payment(mortal, PAYEE + a_number(number))
        assert payment.carriers == ()


@pytest.mark.parametrize("writes", range(1, CUT_WRITES + 2))
async def test_a_batch_with_a_row_under_way(mortal: MortalStack, writes: int) -> None:
    """Its process died after the message of a row, before the result: it is withdrawn, too."""
    id_ = await checked(mortal, ROWS, header=PAYING)
    await ask(mortal, "send_batch", id_)
    (start,) = await take(mortal.real.queue, BATCH_STARTED)
    await start_batch.consume(mortal.app, start.text, last=False)
    await mortal.real.queue.delete(BATCH_STARTED, start)
    first, *_ = await take(mortal.real.queue, BATCH_CHUNK)
    mortal.life.left = 3
    with pytest.raises(DeathError):
        await send_chunk.consume(mortal.app, first.text, last=False)
    mortal.life.revive()
    assert (await mortal.call("list_inbox", citizen=CODES[0])).body["items"]
    await recalled(mortal, id_, writes)

    assert mortal.deaths == (writes <= CUT_WRITES)
    await assert_recalled(mortal, id_, {"WITHDRAWN": 1, "CANCELLED": len(CODES) - 1}, CODES)


@pytest.mark.parametrize("writes", range(1, NOTICE_WRITES + 2))
async def test_payment_notices(mortal: MortalStack, writes: int) -> None:
    """Each is cancelled, and its message says so."""
    rows = [numbered(code, number) for number, code in enumerate(CODES[:2])]
    id_ = await checked(mortal, rows, header=HEADER)
    await ask(mortal, "send_batch", id_)
    await mortal.live()
    await recalled(mortal, id_, writes)

    assert mortal.deaths == (writes <= NOTICE_WRITES)
    found = await state(mortal, id_)
    results = await table(mortal, "read_batch_results_file", id_)
    assert found["status"] == "WITHDRAWN"
    assert found["progress"]["outcomes"] == {"WITHDRAWN": 2}
    assert found["progress"]["reasons"] == {CANCELLED: 2}
    for citizen, row in zip(CODES, rows, strict=False):
        (item,) = (await mortal.call("list_inbox", citizen=citizen)).body["items"]
        assert item["id"] in {one["message_id"] for one in results}
        for number in (row[1], row[4], row[7]):
            assert (await stored_payment(mortal, PAYEE + number)).status == "CANCELLED"
