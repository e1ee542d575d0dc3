"""A row that is held for its sender, who releases or drops it."""

from typing import Any, Final

import pytest

from functions.queues.batches import send_chunk, start_batch
from functions.queues.contract import FailedItemError
from lib.domain.shared.identifiers import RptId
from lib.ports.queueing.names import BATCH_CHUNK, BATCH_STARTED
from lib.repositories.batches.batch_files import BatchFiles
from tests.builders.payments import PAYEE
from tests.builders.services import with_service
from tests.functions.batches.batch_calls import (
    CITIZENS,
    TEXT,
    a_number,
    ask,
    checked,
    sent,
    table,
    with_citizens,
)
from tests.functions.messages.held_calls import act, listed
from tests.functions.statistics.support import counted
from tests.stack import Stack, take
from tests.stored import stored_message

HEADER: Final = ("cf", "numero_avviso", "importo", "scadenza")
NUMBER: Final = a_number(7)
RPT_ID: Final = RptId(f"{PAYEE}{NUMBER}")
FIRST, SECOND, _ = CITIZENS
OTHER_PAYEE: Final = "00488410010"
POLICIES: Final = [("ACCEPT", "SENT"), ("REFUSE", "REJECTED"), ("HOLD", "HELD")]


def a_row(citizen: str = FIRST, number: str = NUMBER, amount: str = "84,50") -> list[str]:
    """Return a row that asks for a payment by 3 December."""
    return [citizen, number, amount, "03/12/2026"]


async def results(stack: Stack, id_: str) -> list[tuple[str, str]]:
    """Return outcome and reason of each row."""
    return [
        (one["outcome"], one["reason"])
        for one in await table(stack, "read_batch_results_file", id_)
    ]


async def held(stack: Stack) -> str:
    """Ask for a batch whose row will be held; return its id."""
    await with_citizens(stack)
    await with_service(stack, duplicate_policy="HOLD")
    await sent(stack, [a_row()], header=HEADER)
    stack.push.sent.clear()
    id_ = await checked(stack, [a_row(SECOND)], header=HEADER)
    await ask(stack, "send_batch", id_, {"accept_doubts": True})
    return id_


async def test_a_held_row_is_released(stack: Stack) -> None:
    """Its message comes whole, with a push, and counts."""
    id_ = await held(stack)
    await stack.drain()
    (entry,) = await listed(stack)
    assert (entry["reason"], entry["fiscal_code"]) == ("ALREADY_SENT", SECOND)
    assert (await act(stack, "release_held_message", entry["id"])).status == 204
    await stack.drain()

    opened = await stack.call("read_message", path={"id": entry["id"]}, citizen=SECOND)
    assert opened.body["content"]["markdown"] == TEXT
    assert [push.message_id for push in stack.push.sent] == [entry["id"]]
    assert await counted(stack) == {"REACHED": 2}
    assert await listed(stack) == []
    assert await results(stack, id_) == [("HELD", "")]


@pytest.mark.parametrize("decision", ["release_held_message", "drop_held_message"])
@pytest.mark.parametrize("is_fanned_out", [False, True])
async def test_a_row_that_runs_again_after_the_decision_is_not_held_again(
    stack: Stack, decision: str, *, is_fanned_out: bool
) -> None:
    """A process may die after its sender saw the held message."""
    await held(stack)
    for name, consumer in ((BATCH_STARTED, start_batch), (BATCH_CHUNK, send_chunk)):
        (item,) = await take(stack.queue, name)
        if consumer is send_chunk:
            await died_before_its_result(stack, item.text)
        else:
            await consumer.consume(stack.app, item.text, last=False)
            await stack.queue.delete(name, item)
    (entry,) = await listed(stack)
    assert (await act(stack, decision, entry["id"])).status == 204
    if is_fanned_out:
        await stack.drain()
    await send_chunk.consume(stack.app, item.text, last=False, again=True)
    await stack.drain()

    assert await listed(stack) == []
    released = decision == "release_held_message"
    message = await stored_message(stack, entry["id"], SECOND)
    assert message.status == ("PROCESSED" if released else "REJECTED")
    assert len(stack.push.sent) == released


async def died_before_its_result(stack: Stack, text: str) -> None:
    """Run a chunk whose results are not stored."""

    async def lost(*_: Any, **__: Any) -> None:
        raise RuntimeError

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(BatchFiles, "store_results", lost)
        with pytest.raises(FailedItemError, match="RuntimeError"):
            await send_chunk.consume(stack.app, text, last=False)
