"""The recall of a batch costs a limited number of operations for each row and for each chunk."""

from collections import Counter
from collections.abc import Callable
from typing import Any, Final

import pytest

from functions.queues.batches import send_urgent_chunk, start_batch
from functions.queues.contract import Consumer
from tests.builders.profiles import with_new_profile
from tests.doubles.counted_stack import CountedStack
from tests.functions.batches.batch_calls import a_number, sent, state
from tests.functions.batches.notice_rows import HEADER as OF_NOTICES
from tests.functions.batches.notice_rows import numbered
from tests.functions.batches.recall_calls import recall
from tests.stack import take
from tests.unit.batches.support import a_code

FEW: Final = 10
MANY: Final = 20
REQUEST: Final = {"read": 1, "replace": 1}
"""Of the request, which queues the first look and the second."""
START: Final = {"read": 1, "query": 1}
CHUNK: Final = {"read": 5, "query": 2, "upsert": 1, "replace": 1}
"""Of the only chunk, which ends the recall."""
PLAIN: Final = {"read": 2, "patch": 1, "batch": 1}
"""As a withdrawal of its own."""
WITH_PAYMENT: Final = {"read": 3, "patch": 1, "replace": 1, "batch": 1}
NOTICE: Final = {"read": 14, "replace": 4}
"""Of two instalments and their sum: the notice and its payments are cancelled, and an
event is queued."""


def plain(number: int) -> list[str]:
    """Return the row of a citizen."""
    return [a_code(number)]


def paying(number: int) -> list[str]:
    """Return the row of a citizen with a payment."""
    return [a_code(number), a_number(number), "1,00"]


def in_instalments(number: int) -> list[str]:
    """Return the row of a citizen with a sum in two instalments."""
    return numbered(a_code(number), number)


async def run[I: Any](counted: CountedStack, consumer: Consumer[I]) -> Counter[str]:
    """Return the operations of the only item of a queue."""
    (item,) = await take(counted.queue, consumer.queue)
    await counted.queue.delete(consumer.queue, item)
    counted.reset()
    await consumer.consume(counted.app, item.text, last=False)
    return counted.documents.copy()


async def of_chunk(
    counted: CountedStack, rows: list[list[str]], header: tuple[str, ...], puts: int
) -> Counter[str]:
    """Return the operations of the recall of a batch of one chunk, which is withdrawn then."""
    id_ = await sent(counted, rows, header=header)
    counted.reset()
    await recall(counted, id_)
    assert (counted.documents, counted.queues) == (REQUEST, {"put": 2})
    assert await run(counted, start_batch) == START
    assert counted.queues == {"put": 1}
    found = await run(counted, send_urgent_chunk)
    assert counted.queues == +Counter(put=puts * len(rows))
    progress = (await state(counted, id_))["progress"]
    assert progress["outcomes"] == {"WITHDRAWN": len(rows)}
    return found


@pytest.mark.parametrize(
    ("of_number", "header", "each", "puts"),
    [
        (plain, ("cf",), PLAIN, 0),
        (paying, ("cf", "notice_number", "importo"), WITH_PAYMENT, 0),
        (in_instalments, OF_NOTICES, NOTICE, 1),
    ],
    ids=["plain", "payment", "instalments"],
)
async def test_a_row(
    counted: CountedStack,
    of_number: Callable[[int], list[str]],
    header: tuple[str, ...],
    each: dict[str, int],
    puts: int,
) -> None:
    """A row costs its withdrawal, or the cancellation of its notice; a chunk nine operations."""
    rows = [of_number(number) for number in range(1 + FEW + MANY)]
    for code, *_ in rows:
        await with_new_profile(counted, code, is_webhook_enabled=False)
    # places of partitions are read once on the wire, and queues made
    await recall(counted, await sent(counted, rows[:1], header=header))
    await counted.drain()
    few = await of_chunk(counted, rows[1 : 1 + FEW], header, puts)
    many = await of_chunk(counted, rows[1 + FEW :], header, puts)

    assert many - few == {name: count * (MANY - FEW) for name, count in each.items()}
    assert few - Counter({name: count * FEW for name, count in each.items()}) == CHUNK
