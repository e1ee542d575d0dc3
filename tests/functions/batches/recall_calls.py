"""Calls about the recall of a batch, for their tests."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, Final

from functions.queues.batches import send_urgent_chunk, start_batch
from functions.queues.contract import Consumer
from tests.functions.batches.batch_calls import ask, state, table
from tests.functions.batches.interruptions import CODES
from tests.stack import Stack, take

REASON: Final = "Importo errato"


async def recall(stack: Stack, id_: str, reason: str = REASON) -> Any:
    """Ask for the recall of a batch; return the answer."""
    reply = await ask(stack, "withdraw_batch", id_, {"reason": reason})
    assert reply.status == 202, reply
    return reply.body


async def run(stack: Stack, *consumers: Consumer[Any]) -> None:
    """Run what is queued for these consumers, and nothing else."""
    for consumer in consumers:
        while items := await take(stack.queue, consumer.queue):
            for item in items:
                await consumer.consume(stack.app, item.text, last=False)
                await stack.queue.delete(consumer.queue, item)


async def run_recall(stack: Stack) -> None:
    """Run a recall as far as it goes without waiting."""
    await run(stack, start_batch, send_urgent_chunk)


async def assert_recalled(
    stack: Stack,
    id_: str,
    outcomes: Mapping[str, int],
    citizens: Iterable[str] = CODES,
) -> Any:
    """Fail unless the batch is withdrawn with these outcomes, and every inbox is empty.

    Return the batch.
    """
    found = await state(stack, id_)
    assert found["status"] == "WITHDRAWN", found
    assert found["progress"]["outcomes"] == outcomes
    assert found["progress"]["done"] == found["progress"]["total"] == sum(outcomes.values())
    results = await table(stack, "read_batch_results_file", id_)
    assert Counter(one["outcome"] for one in results) == outcomes
    for citizen in citizens:
        inbox = await stack.call("list_inbox", citizen=citizen)
        assert inbox.body["items"] == []
    listed = (await stack.call("list_sent_messages", query={"page_size": "100"})).body["items"]
    withdrawn = {one["id"] for one in listed if "withdrawn_at" in one}
    assert withdrawn == {one["message_id"] for one in results if one["outcome"] == "WITHDRAWN"}
    return found
