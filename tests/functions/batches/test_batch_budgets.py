"""The paths of batches cost a limited number of operations (design, section 5)."""

from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Final

import pytest

from functions.queues.batches import check_recipients, send_chunk, start_batch
from functions.queues.contract import Consumer
from tests.builders.profiles import with_new_profile
from tests.doubles.counted_stack import CountedStack
from tests.functions.batches.batch_calls import a_list, a_number, ask, make, state, upload
from tests.functions.batches.notice_rows import HEADER as OF_NOTICES
from tests.functions.batches.notice_rows import numbered
from tests.stack import take
from tests.unit.batches.support import a_code

FEW: Final = 10
MANY: Final = 20
HEADER: Final = ("cf", "notice_number", "importo")
WITHOUT_PUSH: Final = {"is_webhook_enabled": False}
PLAIN: Final = {"create": 1}
"""Of a row with shared content: its message."""
WITH_PUSH: Final = {"create": 2, "query": 1}
"""The claim of the push, and the citizen's daily limit."""
WITH_PAYMENT: Final = {"create": 3, "read": 1}
"""The payment, the count of its message, and the payment's last event."""
WITH_INSTALMENTS: Final = {"create": 8, "read": 6, "upsert": 3}
"""Two instalments and their sum: as with a payment, with its reminder; then three claims, and for
each instalment its payment and its plan. The message, the notice, its payment, and the two other
numbers are read first."""


def a_row(number: int, *, has_payment: bool = False) -> list[str]:
    """Return the row of a citizen."""
    payment = [a_number(number), "1,00"] if has_payment else ["", ""]
    return [a_code(number), *payment]


def a_notice_row(number: int) -> list[str]:
    """Return the row of a citizen with a sum in two instalments."""
    return numbered(a_code(number), number)


async def run[I: Any](counted: CountedStack, consumer: Consumer[I]) -> None:
    """Count the run of the only item of a queue."""
    (item,) = await take(counted.queue, consumer.queue)
    await counted.queue.delete(consumer.queue, item)
    counted.reset()
    await consumer.consume(counted.app, item.text, last=False)


async def with_profiles(counted: CountedStack, rows: Sequence[list[str]], **profile: Any) -> None:
    """Store the profiles of the rows' citizens, and count nothing of it."""
    for code, *_ in rows:
        await with_new_profile(counted, code, **profile)
    counted.reset()


async def to_chunk(counted: CountedStack, rows: Sequence[list[str]]) -> str:
    """Bring a batch to its chunk, which waits in the queue; return its id."""
    id_ = await make(counted)
    header = HEADER if len(rows[0]) == len(HEADER) else OF_NOTICES
    await upload(counted, id_, a_list(rows, header))
    await run(counted, check_recipients)
    await ask(counted, "send_batch", id_)
    await run(counted, start_batch)
    return id_


async def of_chunk(counted: CountedStack, rows: Sequence[list[str]]) -> Counter[str]:
    """Count the operations of a chunk with these rows, which are all sent."""
    id_ = await to_chunk(counted, rows)
    await run(counted, send_chunk)
    found, queues = counted.documents.copy(), counted.queues.copy()
    assert queues == {}
    progress = (await state(counted, id_))["progress"]
    assert progress["outcomes"] == {"SENT": len(rows)}
    return found


async def test_the_steps_before_the_rows(counted: CountedStack) -> None:
    """Each costs a fixed number of operations, whatever the number of rows."""
    rows = [a_row(number) for number in range(FEW)]
    await with_profiles(counted, rows, **WITHOUT_PUSH)
    # the sender's key is read once, and places of partitions on the wire
    await of_chunk(counted, rows[:1])
    counted.reset()

    id_ = await make(counted)
    # the batches that are open are counted
    assert counted.documents == counted.searches(counts=1, create=1)
    assert counted.queues == {}
    counted.reset()

    await upload(counted, id_, a_list(rows, HEADER))
    assert (counted.documents, counted.queues) == (
        {"create": 1, "read": 2, "replace": 1},
        {"put": 1},
    )
    await run(counted, check_recipients)
    found = counted.documents
    assert (found["read"], found["replace"], found["create"]) == (2, 1, 0)
    assert found["query"] + found["read_many"] <= 4
    assert counted.queues == {}
    counted.reset()

    await ask(counted, "send_batch", id_)
    assert (counted.documents, counted.queues) == ({"read": 1, "replace": 1}, {"put": 1})
    await run(counted, start_batch)
    assert counted.documents == {"read": 2, "query": 1, "replace": 1}
    assert counted.queues == {"put": 1}


@pytest.mark.parametrize(
    ("header", "of_number", "reads"),
    [(HEADER, partial(a_row, has_payment=True), 1), (OF_NOTICES, a_notice_row, 4)],
    ids=["payment", "instalments"],
)
async def test_the_check_of_rows_with_payments(
    counted: CountedStack,
    header: Sequence[str],
    of_number: Callable[[int], list[str]],
    reads: int,
) -> None:
    """It costs a read for each row; with two instalments those of the notice and its numbers."""
    costs = []
    for start, count in ((0, FEW), (0, FEW), (FEW, MANY)):
        rows = [of_number(start + number) for number in range(count)]
        id_ = await make(counted)
        await upload(counted, id_, a_list(rows, header))
        await run(counted, check_recipients)
        costs.append(counted.documents.copy())
    assert costs[2] - costs[1] == {"read": reads * (MANY - FEW)}


@pytest.mark.parametrize(
    ("of_number", "profile", "each"),
    [
        (a_row, WITHOUT_PUSH, PLAIN),
        (a_row, {}, WITH_PUSH),
        (partial(a_row, has_payment=True), WITHOUT_PUSH, WITH_PAYMENT),
        (a_notice_row, WITHOUT_PUSH, WITH_INSTALMENTS),
    ],
    ids=["plain", "push", "payment", "instalments"],
)
async def test_a_row(
    counted: CountedStack,
    of_number: Callable[[int], list[str]],
    profile: dict[str, Any],
    each: dict[str, int],
) -> None:
    """A row costs its message; citizens, content and the list are shared by the rows."""
    # on a busy machine, rows that are announced would come after the usual time
    counted.app.repositories.sent_entries.together.seconds = 3600
    rows = [of_number(number) for number in range(1 + FEW + MANY)]
    await with_profiles(counted, rows, **profile)
    await of_chunk(counted, rows[:1])
    few = await of_chunk(counted, rows[1 : 1 + FEW])
    many = await of_chunk(counted, rows[1 + FEW :])

    assert many - few == {name: count * (MANY - FEW) for name, count in each.items()}
    fixed = few - Counter({name: count * FEW for name, count in each.items()})
    # the batch before the part and at the end, the chunk before and after its rows
    assert fixed["read"] == 4
    # the start of the part, and the content, which is stored once in a process
    assert fixed["create"] == 2
    assert (fixed["batch"], fixed["upsert"], fixed["replace"]) == (1, 1, 1)
    # citizens and preferences, and the chunks that are done
    assert fixed["read_many"] + fixed["query"] <= 3


async def test_reading_and_steering(counted: CountedStack) -> None:
    """The progress costs a read and a query; a pause a read and a replace."""
    rows = [a_row(number) for number in range(3)]
    await with_profiles(counted, rows, **WITHOUT_PUSH)
    id_ = await to_chunk(counted, rows)
    await state(counted, id_)
    counted.reset()

    await state(counted, id_)
    assert counted.documents == {"read": 1, "query": 1}
    counted.reset()
    await ask(counted, "pause_batch", id_)
    assert (counted.documents, counted.queues) == ({"read": 1, "replace": 1}, {})
    counted.reset()
    await ask(counted, "resume_batch", id_)
    assert (counted.documents, counted.queues) == ({"read": 1, "replace": 1}, {"put": 1})
    counted.reset()
    await ask(counted, "cancel_batch", id_)
    assert (counted.documents, counted.queues) == ({"read": 2, "replace": 1}, {"put": 1})
