"""An amendment of a payment notice changes its message and its payment in place."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from functions.queues.messages import fan_out_message
from infra.local.sandbox.seed import CITIZEN
from lib.domain.messages.message import Message
from lib.domain.shared.identifiers import MessageId
from lib.domain.shared.values import timestamp
from lib.ports.errors import UnavailableError
from lib.ports.queueing.names import MESSAGE_SUBMITTED
from tests.builders.messages import submitted
from tests.builders.payment_notices import (
    RPT_ID,
    a_notice,
    amend,
    an_amendment,
    inbox,
    number,
    read,
    send,
)
from tests.doubles.clock import START
from tests.stack import Reply, Stack, refusal, take
from tests.stored import (
    stored_markdown,
    stored_message,
    stored_payment,
)

CHANGES: dict[str, Any] = {
    "amount_cents": 9000,
    "due_date": "2027-07-01",
    "subject": "Tassa sui rifiuti, nuova",
    "description": "Importo corretto.",
    "invalid_after_due_date": True,
}


async def by_put(stack: Stack) -> Reply:
    """Amend the notice by the endpoint for amendments."""
    return await amend(stack, an_amendment(**CHANGES))


async def by_post(stack: Stack) -> Reply:
    """Send another notice under the same number."""
    return await send(stack, a_notice(**CHANGES))


@pytest.mark.parametrize("way", [by_put, by_post])
@pytest.mark.parametrize("fanned_out", [False, True])
async def test_an_amendment_changes_the_message(stack: Stack, way: Any, fanned_out: bool) -> None:
    """An amendment changes message and payment, before or after the fan-out, and sends no push."""
    id_ = (await send(stack)).body["message_id"]
    if fanned_out:
        await stack.drain()
    stack.clock.advance(timedelta(minutes=1))

    reply = await way(stack)
    await stack.drain()

    assert reply.status == 200
    assert (reply.body["message_id"], reply.body["version"]) == (id_, 2)
    assert set(reply.body["changed"]) == CHANGES.keys()
    (listed,) = await inbox(stack)
    due, at = "2027-07-01T21:59:59.000Z", timestamp(START + timedelta(minutes=1))
    assert (listed["amount"], listed["due_date"]) == (9000, due)
    assert (listed["message_title"], listed["amended_at"]) == (CHANGES["subject"], [at])
    stored = await stored_message(stack, id_)
    assert stored.status == "PROCESSED"
    assert stored.content is not None
    assert stored.content.fields["due_date"] == due
    assert stored.content.fields["payment_data"]["amount"] == 9000
    markdown = await stored_markdown(stack, id_)
    assert "Importo corretto" in markdown
    assert "ha aggiornato questo avviso: 23 novembre 2026" in markdown
    payment = await stored_payment(stack, RPT_ID)
    assert (payment.amount, payment.due_date) == (9000, due)
    view = (await read(stack)).body
    assert view["amendments"] == [{"version": 2, "at": at, "changed": reply.body["changed"]}]
    assert len(stack.push.sent) == 1


async def test_an_amendment_and_the_fan_out_at_once(stack: Stack) -> None:
    """After an amendment and a fan-out at once, message and payment have the new amount."""
    for one in range(20):
        notice = a_notice(notice_number=number(100 + one))
        id_ = (await send(stack, notice)).body["message_id"]
        (item,) = await take(stack.queue, MESSAGE_SUBMITTED)

        replies = await asyncio.gather(
            fan_out_message.consume(stack.app, item.text, last=False),
            send(stack, {**notice, "amount_cents": 9000}),
            fan_out_message.consume(stack.app, item.text, last=False),
        )
        await stack.queue.delete(MESSAGE_SUBMITTED, item)
        await stack.drain()

        assert replies[1].status == 200
        stored = await stored_message(stack, id_)
        assert (stored.status, stored.amount) == ("PROCESSED", 9000)
        assert (await stored_payment(stack, replies[1].body["rpt_id"])).amount == 9000


async def test_a_slow_fan_out_does_not_undo_an_amendment(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fan-out that read the message before its amendment leaves the new amount in the payment."""
    id_ = (await send(stack)).body["message_id"]
    messages = stack.app.repositories.messages
    get, stale = messages.get, [await messages.get(CITIZEN, id_)]
    await amend(stack, an_amendment(amount_cents=9000))

    async def late(fiscal_code: str, id_: str) -> Message:
        return stale.pop() if stale else await get(fiscal_code, MessageId(id_))

    monkeypatch.setattr(messages, "get", late)
    with pytest.raises(UnavailableError):
        await stack.app.messages.fan_out(submitted(id_))

    payment = await stored_payment(stack, RPT_ID)
    assert (payment.amount, payment.notice_version) == (9000, 2)
    assert [one.message_id for one in payment.carriers] == [id_]


async def test_an_amendment_of_an_old_version_is_refused(stack: Stack) -> None:
    """An amendment of an old version gets 409, unless the notice already says the same."""
    await send(stack)
    first = await amend(stack, an_amendment(1, amount_cents=9000))
    lost = await amend(stack, an_amendment(1, amount_cents=9000))
    stale = await amend(stack, an_amendment(1, amount_cents=9500))
    ahead = await amend(stack, an_amendment(7, amount_cents=9500))

    assert (first.status, first.body["version"]) == (200, 2)
    assert (lost.status, lost.body["version"]) == (200, 2)
    assert "changed" not in lost.body
    assert refusal(stale) == (409, "Conflict", "Version 1 is not the latest, which is 2.")
    assert refusal(ahead)[:2] == (409, "Conflict")
    assert (await read(stack)).body["amount_cents"] == 9000


async def test_of_amendments_at_once_one_is_accepted(stack: Stack) -> None:
    """Of amendments of one version one is accepted; message and payment have its amount."""
    id_ = (await send(stack)).body["message_id"]
    await stack.drain()

    amounts = [9000 + one for one in range(8)]
    replies = await asyncio.gather(
        *(amend(stack, an_amendment(amount_cents=amount)) for amount in amounts)
    )

    assert sorted(reply.status for reply in replies) == [200] + [409] * 7
    amount = (await read(stack)).body["amount_cents"]
    assert amount in amounts
    assert (await stored_message(stack, id_)).amount == amount
    assert (await stored_payment(stack, RPT_ID)).amount == amount


async def test_the_list_of_amendments_is_bounded(stack: Stack) -> None:
    """The notice lists its last ten amendments, and its version counts on."""
    await send(stack)
    for version in range(1, 13):
        await amend(stack, an_amendment(version, amount_cents=9000 + version))
    await stack.drain()

    view = (await read(stack)).body
    assert [one["version"] for one in view["amendments"]] == list(range(4, 14))
    (listed,) = await inbox(stack)
    assert len(listed["amended_at"]) == 10


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"due_date": "2026-11-22"}, "/due_date"),
        ({"due_date": "2099-12-31"}, "/due_date"),
        ({"due_date": None}, "/due_date"),
        ({"amount_cents": 1_000_001}, "/amount_cents"),
        ({"subject": "short"}, "/subject"),
    ],
)
async def test_an_amendment_keeps_the_rules(
    stack: Stack, changes: dict[str, Any], pointer: str
) -> None:
    """An amendment that breaks a rule of notices is refused, and changes nothing."""
    await send(stack)

    reply = await amend(stack, an_amendment(**changes))

    assert (reply.status, reply.body["errors"][0]["pointer"]) == (400, pointer)
    assert (await read(stack)).body["version"] == 1


async def test_a_notice_past_its_due_date_may_change_its_words(stack: Stack) -> None:
    """The description may change where the due date, which stays, is past."""
    await send(stack)
    stack.clock.advance(timedelta(days=300))

    reply = await amend(stack, an_amendment(description="Ora scaduta."))

    assert (reply.status, reply.body["changed"]) == (200, ["description"])


async def test_an_amendment_plans_the_reminders_again(stack: Stack) -> None:
    """The reminders are planned again after all is written, also for a repeated amendment."""
    told: list[tuple[str, str, int | None]] = []

    async def replan(fiscal_code: str, message_id: str) -> None:
        amount = (await stored_message(stack, message_id)).amount
        told.append((fiscal_code, message_id, amount))

    id_ = (await send(stack)).body["message_id"]
    stack.app.payment_notices.apply.replan = replan
    await amend(stack, an_amendment(amount_cents=9000))
    await amend(stack, an_amendment(amount_cents=9000))

    assert told == [(CITIZEN, id_, 9000)] * 2


async def test_a_rejected_message_is_not_amended(stack: Stack) -> None:
    """An amendment does not change a message that was rejected."""
    id_ = (await send(stack, a_notice(fiscal_code="INBOFF00A00A000A"))).body["message_id"]
    await stack.drain()

    reply = await amend(stack, an_amendment(amount_cents=9000))

    assert (reply.status, reply.body["status"]) == (200, "REJECTED")
    stored = await stored_message(stack, id_, "INBOFF00A00A000A")
    assert stored.payment is not None
    assert stored.payment.amount == 8450
    assert stored.amount is None
