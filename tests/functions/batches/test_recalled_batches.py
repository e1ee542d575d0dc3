"""A batch is withdrawn as a whole: each row with a message, whatever was under way."""

from collections import Counter
from datetime import timedelta

import pytest

from lib.domain.shared.identifiers import RptId
from lib.ports.queueing.names import BATCH_STARTED
from lib.use_cases.batches.sending.close_batch import CLOSING_DELAY
from tests.builders.payments import PAYEE
from tests.builders.services import with_service
from tests.functions.batches.batch_calls import (
    CITIZENS,
    a_number,
    ask,
    checked,
    make,
    sent,
    state,
    table,
    with_citizens,
)
from tests.functions.batches.interruptions import (
    CHUNK,
    CODES,
    PART,
    messages,
    on_row,
    small_chunks,
)
from tests.functions.batches.recall_calls import REASON, assert_recalled, recall, run_recall
from tests.functions.messages.held_calls import listed
from tests.functions.messages.inbox_calls import change
from tests.stack import Stack, refusal

PAYING = ("cf", "numero_avviso", "importo", "scadenza")
PAYMENT = [a_number(7), "84,50", "03/12/2026"]


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a chunk have two parts of two rows."""
    small_chunks(monkeypatch)


async def test_a_finished_batch(stack: Stack) -> None:
    """No message is left in any inbox; results, counts and the batch say so."""
    await with_citizens(stack, CODES)
    id_ = await sent(stack, [[one] for one in CODES])
    stack.clock.moment += timedelta(days=2)
    asked = await recall(stack, id_)
    assert (asked["status"], asked["withdrawal"]["reason"]) == ("WITHDRAWING", REASON)
    await stack.drain()

    found = await assert_recalled(stack, id_, {"WITHDRAWN": len(CODES)})
    withdrawal = found["withdrawal"]
    assert found["ended_at"] < withdrawal["requested_at"] <= withdrawal["ended_at"]
    # again, after a lost answer: the first reason counts
    again = await recall(stack, id_, "Un altro motivo")
    assert again["withdrawal"] == withdrawal
    for step in ("retry_batch", "cancel_batch", "pause_batch", "resume_batch"):
        assert refusal(await ask(stack, step, id_))[:2] == (409, "Batch in another status")
    assert await stack.queue.length(BATCH_STARTED) == 0
    assert await table(stack, "read_batch_unreached_file", id_) == []


async def test_what_each_row_becomes(stack: Stack) -> None:
    """A read message stays and says why, a payment forgets its message, a held one is dropped."""
    first, second, _ = CITIZENS
    await with_citizens(stack)
    await with_service(stack, duplicate_policy="HOLD")
    await sent(stack, [[first, *PAYMENT]], header=PAYING)
    nothing = [""] * len(PAYMENT)
    rows = [[second, *PAYMENT], [first, *nothing], [CODES[0], *nothing]]
    rows.append([second, a_number(8), *PAYMENT[1:]])
    id_ = await checked(stack, rows, header=PAYING)
    await ask(stack, "send_batch", id_, {"accept_doubts": True})
    await stack.drain()
    before = await state(stack, id_)
    assert before["progress"]["outcomes"] == {"HELD": 1, "SENT": 2, "REJECTED": 1}
    read = (await table(stack, "read_batch_results_file", id_))[1]["message_id"]
    assert (await change(stack, read, first, change_type="reading", is_read=True)).status == 200

    await recall(stack, id_)
    await stack.drain()
    found = await state(stack, id_)
    assert found["status"] == "WITHDRAWN"
    assert found["progress"]["outcomes"] == {"WITHDRAWN": 3, "REJECTED": 1}
    assert found["progress"]["reasons"] == {"USER_NOT_FOUND": 1}
    assert await listed(stack) == []
    opened = await stack.call("read_message", path={"id": read}, citizen=first)
    assert REASON in opened.body["content"]["markdown"]
    inbox = await stack.call("list_inbox", citizen=second)
    assert inbox.body["items"] == []
    payments = stack.app.repositories.payments
    for number, count in ((7, 1), (8, 0)):
        payment = await payments.get(RptId(f"{PAYEE}{a_number(number)}"))
        assert payment is not None
        assert len(payment.carriers) == count


@pytest.mark.parametrize("steps", [(), ("pause_batch",), ("cancel_batch",)])
async def test_rows_under_way(
    stack: Stack, monkeypatch: pytest.MonkeyPatch, steps: tuple[str, ...]
) -> None:
    """No further row is sent; those of the part under way are withdrawn once they are sent."""
    await with_citizens(stack, CODES)
    id_ = await checked(stack, [[one] for one in CODES])

    async def stop() -> None:
        for step in steps:
            assert (await ask(stack, step, id_)).status == 202
        assert (await recall(stack, id_))["status"] == "WITHDRAWING"
        await run_recall(stack)

    on_row(monkeypatch, 5, stop)
    await ask(stack, "send_batch", id_)
    await stack.drain()
    # after the first look: at most the rows of the part
    assert 0 < (await messages(stack)).total() <= PART
    assert (await state(stack, id_))["status"] == "WITHDRAWING"
    stack.clock.moment += CLOSING_DELAY
    await stack.drain()
    cancelled = len(CODES) - CHUNK - PART
    await assert_recalled(stack, id_, {"WITHDRAWN": CHUNK + PART, "CANCELLED": cancelled})
    unreached = await table(stack, "read_batch_unreached_file", id_)
    assert Counter(one["outcome"] for one in unreached) == {"CANCELLED": cancelled}


async def test_a_recall_of_a_long_cancelled_batch_waits_for_nothing(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was closed, so its rows are known."""
    await with_citizens(stack, CODES)
    id_ = await checked(stack, [[one] for one in CODES])

    async def cancel() -> None:
        await ask(stack, "cancel_batch", id_)

    on_row(monkeypatch, 5, cancel)
    await ask(stack, "send_batch", id_)
    await stack.drain()
    stack.clock.moment += CLOSING_DELAY
    await stack.drain()
    await recall(stack, id_)
    await stack.drain()
    cancelled = len(CODES) - CHUNK - PART
    await assert_recalled(stack, id_, {"WITHDRAWN": CHUNK + PART, "CANCELLED": cancelled})


async def test_a_batch_of_which_nothing_was_sent(stack: Stack) -> None:
    """The refusal says what to do instead."""
    await with_citizens(stack)
    rows = [[one] for one in CITIZENS]
    waiting = await checked(stack, rows, start_at="2026-12-20T00:00:00Z")
    body = {"reason": REASON}
    for id_, status in ((await make(stack), "DRAFT"), (waiting, "CHECKED")):
        _, _, detail = refusal(await ask(stack, "withdraw_batch", id_, body))
        assert detail == f"The batch is {status}: it was not sent: cancel it instead."
    for step, status in (("send", "SCHEDULED"), ("pause", "PAUSED"), ("cancel", "CANCELLED")):
        assert (await ask(stack, f"{step}_batch", waiting)).body["status"] == status
        reply = await ask(stack, "withdraw_batch", waiting, body)
        assert refusal(reply)[:2] == (409, "Batch in another status")
    assert (await ask(stack, "withdraw_batch", waiting, {"reason": " "})).status == 400


async def test_a_recall_leaves_other_batches_alone(stack: Stack) -> None:
    """Not even those of the same service to the same citizens."""
    await with_citizens(stack)
    rows = [[one] for one in CITIZENS]
    first, second = [await sent(stack, rows) for _ in range(2)]
    await recall(stack, first)
    await stack.drain()

    assert (await state(stack, second))["status"] == "FINISHED"
    for citizen in CITIZENS:
        assert len((await stack.call("list_inbox", citizen=citizen)).body["items"]) == 1
    results = await table(stack, "read_batch_results_file", second)
    assert {one["outcome"] for one in results} == {"SENT"}
