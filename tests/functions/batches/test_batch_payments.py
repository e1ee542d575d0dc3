"""Rows with payments: what was paid or asked for before, due dates, reminders and statistics."""

from typing import Any, Final

import pytest

from lib.domain.shared.identifiers import RptId
from lib.ports.queueing.names import PAYMENT_UPDATED
from lib.repositories.batches.settled_messages import SettledMessages
from tests.builders.payments import PAYEE, a_payment, an_update, send_update, tell
from tests.builders.services import with_service
from tests.functions.batches.batch_calls import (
    CITIZENS,
    TEXT,
    a_number,
    ask,
    checked,
    sent,
    state,
    table,
    with_citizens,
)
from tests.functions.messages.held_calls import listed
from tests.functions.reminders.support import jump, reminders
from tests.functions.statistics.support import counted
from tests.stack import Stack, take
from tests.stored import next_reminder, stored_message, stored_payment

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


async def message_id(stack: Stack, id_: str) -> str:
    """Return the message of the first row."""
    return (await table(stack, "read_batch_results_file", id_))[0]["message_id"]


async def test_a_row_asks_for_its_payment(stack: Stack) -> None:
    """The citizen sees amount, due date and notice number; the sender's statistics count it."""
    await with_citizens(stack)
    id_ = await sent(stack, [a_row(), a_row(SECOND, a_number(8))], header=HEADER)

    assert await results(stack, id_) == [("SENT", "")] * 2
    (item,) = (
        await stack.call("list_inbox", query={"enrich_result_data": "true"}, citizen=FIRST)
    ).body["items"]
    assert (item["amount"], item["payment_status"]) == (8450, "NOT_PAID")
    assert item["category"] == {"tag": "PAYMENT", "rptId": RPT_ID}
    opened = await stack.call("read_message", path={"id": item["id"]}, citizen=FIRST)
    content = opened.body["content"]
    assert content["markdown"] == TEXT
    assert content["due_date"] == "2026-12-03T22:59:59.000Z"
    assert content["payment_data"] == a_payment(
        notice_number=NUMBER, invalid_after_due_date=False, payee={"fiscal_code": PAYEE}
    )
    assert await counted(stack) == {"REACHED": 2}
    assert (await stored_payment(stack, RPT_ID)).amount == 8450


@pytest.mark.parametrize(("policy", "outcome"), POLICIES)
async def test_a_row_whose_payment_is_made(stack: Stack, policy: str, outcome: str) -> None:
    """The policy of the service decides; a message that is sent all the same shows PAID."""
    await with_citizens(stack)
    await with_service(stack, duplicate_policy=policy)
    await send_update(stack, an_update(), RPT_ID)
    id_ = await checked(stack, [a_row()], header=HEADER)
    is_sent = {"REACHABLE": 1} if policy == "ACCEPT" else {}
    assert (await state(stack, id_))["check"]["counts"] == {"ALREADY_PAID": 1, **is_sent}
    await ask(stack, "send_batch", id_, {"accept_doubts": True})
    await stack.drain()

    reason = "ALREADY_PAID" if outcome == "REJECTED" else ""
    assert await results(stack, id_) == [(outcome, reason)]
    message = await stored_message(stack, await message_id(stack, id_), FIRST)
    assert message.payment_status == ("PAID" if outcome == "SENT" else "NOT_PAID")
    assert len(await listed(stack)) == (outcome == "HELD")
    assert len(stack.push.sent) == (outcome == "SENT")


@pytest.mark.parametrize(("policy", "outcome"), POLICIES)
async def test_a_row_whose_payment_was_asked_for(stack: Stack, policy: str, outcome: str) -> None:
    """By an earlier batch of the same service."""
    await with_citizens(stack)
    await with_service(stack, duplicate_policy=policy)
    await sent(stack, [a_row()], header=HEADER)
    stack.push.sent.clear()
    id_ = await checked(stack, [a_row(SECOND)], header=HEADER)
    is_sent = {"REACHABLE": 1} if policy == "ACCEPT" else {}
    assert (await state(stack, id_))["check"]["counts"] == {"ALREADY_SENT": 1, **is_sent}
    await ask(stack, "send_batch", id_, {"accept_doubts": True})
    await stack.drain()

    reason = "ALREADY_SENT" if outcome == "REJECTED" else ""
    assert await results(stack, id_) == [(outcome, reason)]
    inbox = await stack.call("list_inbox", citizen=SECOND)
    assert len(inbox.body["items"]) == len(stack.push.sent) == (outcome == "SENT")


async def test_a_row_has_its_reminders(stack: Stack) -> None:
    """The first one is planned by the row's own due date, and is sent; a payment ends them."""
    await with_citizens(stack)
    id_ = await sent(stack, [a_row(), a_row(SECOND, a_number(8))], header=HEADER)
    first = await message_id(stack, id_)
    assert (await next_reminder(stack, first, FIRST)).message_id == first
    stack.push.sent.clear()
    await tell(stack, "PAID", RptId(f"{PAYEE}{a_number(8)}"))
    await stack.drain()

    await jump(stack, 26, 12)
    await jump(stack, 32, 12)
    assert {push.message_id for push in stack.push.sent} == {first}
    assert len(reminders(stack)) == 2
    found = await counted(stack)
    assert found["REACHED"] == 2


async def test_a_due_date_of_the_whole_batch(stack: Stack) -> None:
    """A row without one of its own has that of the batch, and its reminders."""
    await with_citizens(stack)
    rows = [[FIRST, ""], [SECOND, "03/12/2026"]]
    id_ = await sent(stack, rows, header=("cf", "scadenza"), due_date="2026-12-10T22:59:59Z")
    ids = [one["message_id"] for one in await table(stack, "read_batch_results_file", id_)]
    due = [
        (await stored_message(stack, one, citizen)).due_date
        for one, citizen in zip(ids, (FIRST, SECOND), strict=True)
    ]
    assert due == ["2026-12-10T22:59:59.000Z", "2026-12-03T22:59:59.000Z"]


async def test_a_payment_between_the_decision_and_the_message(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The update finds no message yet; the message is PAID all the same, and counted once."""
    await with_citizens(stack)
    create = SettledMessages.create

    async def late(self: SettledMessages, *args: Any, **kwargs: Any) -> Any:
        await tell(stack, "PAID", RPT_ID)
        for item in await take(stack.queue, PAYMENT_UPDATED):
            await stack.queue.delete(PAYMENT_UPDATED, item)
        return await create(self, *args, **kwargs)

    monkeypatch.setattr(SettledMessages, "create", late)
    id_ = await sent(stack, [a_row()], header=HEADER)

    message = await stored_message(stack, await message_id(stack, id_), FIRST)
    assert message.payment_status == "PAID"
    assert await counted(stack) == {"REACHED": 1, "PAID-NONE": 1}


async def test_the_sender_s_statistics(stack: Stack) -> None:
    """Rows that reach nobody count as such, and a later payment counts once."""
    await with_citizens(stack, [FIRST])
    rows = [a_row(), a_row(SECOND, a_number(9))]
    await sent(stack, rows, header=HEADER)
    await tell(stack, "PAID", RPT_ID)
    await stack.drain()
    assert await counted(stack) == {"REACHED": 1, "NOT_REACHED": 1, "PAID-NONE": 1}


async def test_an_amount_above_the_limit(stack: Stack) -> None:
    """The check counts it, and the row is rejected; the others are sent."""
    await with_citizens(stack)
    await with_service(stack, max_allowed_payment_amount=10_000)
    rows = [a_row(), a_row(SECOND, a_number(8), "100,01")]
    id_ = await checked(stack, rows, header=HEADER)
    assert (await state(stack, id_))["check"]["counts"]["AMOUNT_TOO_HIGH"] == 1
    await ask(stack, "send_batch", id_)
    await stack.drain()
    assert await results(stack, id_) == [("SENT", ""), ("REJECTED", "AMOUNT_TOO_HIGH")]
    assert (await state(stack, id_))["progress"]["reasons"] == {"AMOUNT_TOO_HIGH": 1}


@pytest.mark.parametrize(
    ("payees", "outcome"), [([OTHER_PAYEE], ("SENT", "")), ([], ("REJECTED", "SENDER_NOT_ALLOWED"))]
)
async def test_another_payee(stack: Stack, payees: list[str], outcome: tuple[str, str]) -> None:
    """A row may name a payee for which the service collects, and no other one."""
    await with_citizens(stack)
    await with_service(stack, authorized_payees=payees)
    header = (*HEADER, "payee_fiscal_code")
    id_ = await checked(stack, [[*a_row(), OTHER_PAYEE]], header=header)
    counts = (await state(stack, id_))["check"]["counts"]
    assert counts.get("SENDER_NOT_ALLOWED", 0) == (outcome[0] == "REJECTED")
    await ask(stack, "send_batch", id_)
    await stack.drain()
    assert await results(stack, id_) == [outcome]
