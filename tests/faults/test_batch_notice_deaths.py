"""A process that dies at any write of rows with instalments: each is one notice, and whole."""

from collections import Counter
from typing import Any, Final

import pytest

from functions.queues.batches import send_chunk, start_batch
from lib.ports.queueing.names import BATCH_CHUNK, BATCH_STARTED, MESSAGE_SUBMITTED
from lib.use_cases.batches.sending.close_batch import CLOSING_DELAY
from tests.builders.payment_notices import inbox, read
from tests.builders.payments import PAYEE
from tests.faults.mortal_stack import LEASE, DeathError, MortalStack
from tests.functions.batches.batch_calls import ask, checked, state, table, with_citizens
from tests.functions.batches.notice_rows import HEADER, in_parts, numbered
from tests.functions.statistics.support import counted
from tests.stack import take
from tests.stored import is_number_taken, stored_notice, stored_payment
from tests.unit.batches.support import a_code

CODES: Final = tuple(a_code(number) for number in range(2))
ROWS: Final = [numbered(CODES[0], 0), in_parts(CODES[1], whole=False)]
NUMBERS: Final = [[row[at] for at in (1, 4, 7) if row[at]] for row in ROWS]
WRITES: Final = 28
"""Those of the two rows and their chunk."""


@pytest.fixture
async def mortal(mortal: MortalStack) -> MortalStack:
    """Yield a stack whose process can die."""
    await with_citizens(mortal, CODES)
    return mortal


async def under_way(stack: MortalStack, writes: int) -> str:
    """Send a batch in a process that dies after so many writes of its chunk; return its id."""
    id_ = await checked(stack, ROWS, header=HEADER)
    await ask(stack, "send_batch", id_)
    (start,) = await take(stack.real.queue, BATCH_STARTED)
    await start_batch.consume(stack.app, start.text, last=False)
    await stack.real.queue.delete(BATCH_STARTED, start)
    (chunk,) = await take(stack.real.queue, BATCH_CHUNK)
    stack.life.left = writes
    try:
        await send_chunk.consume(stack.app, chunk.text, last=False)
    except DeathError:
        stack.deaths += 1
    else:
        await stack.real.queue.delete(BATCH_CHUNK, chunk)
    stack.life.revive()
    return id_


async def assert_whole(stack: MortalStack, row: int, result: dict[str, str]) -> None:
    """Fail unless the row is one message and one notice, whose numbers all have their payments."""
    numbers = NUMBERS[row]
    (item,) = await inbox(stack, CODES[row])
    assert item["id"] == result["message_id"]
    notice = await stored_notice(stack, PAYEE + numbers[0])
    assert notice.message_ids == (item["id"], *(None for _ in numbers[1:]))
    view = (await read(stack, PAYEE + numbers[0])).body
    assert (view["status"], view["version"]) == ("PROCESSED", 1)
    for number in numbers:
        payment = await stored_payment(stack, PAYEE + number)
        assert payment.notice_version == 1
        assert len(payment.carriers) == (number == numbers[0])
        assert await is_number_taken(stack, PAYEE + number)


async def assert_sent_once(stack: MortalStack, results: list[dict[str, str]]) -> None:
    """Fail unless each message was pushed at most once, and is in the sender's list once."""
    ids = {one["message_id"] for one in results if one["message_id"]}
    pushed = Counter(str(push.message_id) for push in stack.push.sent)
    assert pushed.keys() <= ids
    assert set(pushed.values()) <= {1}
    listed: Any = (await stack.call("list_sent_messages")).body["items"]
    assert Counter(one["id"] for one in listed) == Counter(ids)


@pytest.mark.parametrize("writes", range(1, WRITES + 2))
async def test_a_death_at_any_write_is_completed(mortal: MortalStack, writes: int) -> None:
    """The chunk comes again, and completes each notice."""
    id_ = await under_way(mortal, writes)
    mortal.clock.advance(LEASE)
    await mortal.live()

    assert mortal.deaths == (writes <= WRITES)
    found = await state(mortal, id_)
    assert found["status"] == "FINISHED"
    assert found["progress"]["outcomes"] == {"SENT": 2}
    results = await table(mortal, "read_batch_results_file", id_)
    for row, result in enumerate(results):
        await assert_whole(mortal, row, result)
    await assert_sent_once(mortal, results)
    assert await counted(mortal) == {"REACHED": 2}
    assert await mortal.real.queue.length(MESSAGE_SUBMITTED) == 0


@pytest.mark.parametrize("writes", range(1, WRITES, 2))
async def test_a_batch_cancelled_after_a_death_leaves_no_half_notice(
    mortal: MortalStack, writes: int
) -> None:
    """A row whose notice was stored is sent to its end; of another row no notice is stored."""
    id_ = await under_way(mortal, writes)
    assert (await ask(mortal, "cancel_batch", id_)).status == 202
    mortal.clock.advance(CLOSING_DELAY)
    await mortal.live()

    found = await state(mortal, id_)
    assert found["status"] == "CANCELLED"
    results = await table(mortal, "read_batch_results_file", id_)
    outcomes = Counter(one["outcome"] for one in results)
    assert +Counter(found["progress"]["outcomes"]) == outcomes
    for row, result in enumerate(results):
        if result["outcome"] == "SENT":
            await assert_whole(mortal, row, result)
        else:
            assert result["outcome"] == "CANCELLED"
            assert await inbox(mortal, CODES[row]) == []
            assert not await is_number_taken(mortal, PAYEE + NUMBERS[row][0])
    await assert_sent_once(mortal, results)
