"""Parts of lists, and the looks at stored files, cost a fixed number of operations."""

from collections import Counter
from typing import Final

from tests.doubles.counted_stack import CountedStack
from tests.functions.batches.batch_calls import CITIZENS, a_list, ask, make, sent, with_citizens
from tests.functions.batches.kept_files import DAY, KEPT, complete, put_part, whole

LIST: Final = a_list([[one] for one in CITIZENS])
PARTS: Final = (LIST[:30], LIST[30:])


async def looks(counted: CountedStack) -> Counter[str]:
    """Count the operations of one run over the files and the batches that are due."""
    counted.reset()
    await counted.app.batches.expire()
    found = counted.documents.copy()
    # on the wire a search is a query
    found["query"] += found.pop("sweep", 0)
    return found


async def test_a_part_costs_one_read(counted: CountedStack) -> None:
    """The first part of a list opens a place for the others."""
    id_, earlier = await make(counted), await make(counted)
    # the sender's key is read once, and the queue is made
    await put_part(counted, earlier, 1, PARTS[0])
    await complete(counted, earlier, PARTS[:1])
    counted.reset()

    await put_part(counted, id_, 1, PARTS[0])
    assert counted.documents == {"create": 1, "read": 2, "replace": 1}
    counted.reset()
    await put_part(counted, id_, 2, PARTS[1])
    assert counted.documents == {"read": 1}
    counted.reset()

    await ask(counted, "complete_recipients", id_, whole(PARTS, sha256="0" * 64))
    assert (counted.documents, counted.queues) == ({"create": 1, "read": 1}, {})
    counted.reset()
    await complete(counted, id_, PARTS)
    assert counted.documents == {"create": 1, "read": 2, "replace": 1}
    assert counted.queues == {"put": 1}


async def test_a_look_costs_a_read_and_a_write(counted: CountedStack) -> None:
    """The searches are two, however many files there are; what is not due costs nothing."""
    await with_citizens(counted)
    await sent(counted, [[one] for one in CITIZENS])
    assert await looks(counted) == {"query": 2}

    counted.clock.advance(DAY)
    assert await looks(counted) == {"query": 2, "read": 1, "upsert": 1}
    counted.clock.advance(DAY)
    assert await looks(counted) == {"query": 2}

    counted.clock.advance(KEPT)
    assert await looks(counted) == {"query": 2, "read": 2, "replace": 1, "upsert": 1}
    counted.clock.advance(DAY)
    assert await looks(counted) == {"query": 2, "delete": 1}
    counted.clock.advance(DAY)
    assert await looks(counted) == {"query": 2}
