"""What pagoPA's side tells of payments, and what senders and citizens see of it."""

import asyncio
from dataclasses import asdict
from datetime import timedelta
from typing import Any

import pytest

from functions.queues.messages import fan_out_message, update_payment_status
from infra.local.sandbox.seed import CITIZEN, PAYMENTS_KEY, PAYMENTS_SERVICE_ID, SERVICE_ID
from lib.domain.payments.payment import Carrier, Payment, PaymentEvent
from lib.ports.documents import Container
from lib.ports.errors import UnavailableError
from lib.ports.queueing.items import PaymentUpdated
from lib.ports.queueing.names import MESSAGE_SUBMITTED, PAYMENT_UPDATED
from lib.ports.schema import DAY_SECONDS, MESSAGES, PAYMENTS
from lib.repositories.payments import payments
from tests.builders.altered import with_payment
from tests.builders.messages import submitted
from tests.builders.payments import PAYEE, RPT_ID, an_update, payable, send_update
from tests.builders.profiles import OTHER_CITIZEN
from tests.stack import Stack, take
from tests.stored import is_payment_known, stored_message, stored_payment, time_to_live

FROM_FUTURE = "Payment event from the future"


async def seen_by_sender(stack: Stack, id_: str) -> Any:
    """Return the payment's status as the sender reads it; None where it does not."""
    path = {"fiscal_code": CITIZEN, "id": id_}
    return (await stack.call("read_sent_message", path=path)).body.get("payment_status")


async def seen_by_citizen(stack: Stack, id_: str) -> Any:
    """Return the payment's status as list and opened message show it."""
    page = await stack.call("list_inbox", query={"enrich_result_data": "true"}, citizen=CITIZEN)
    (listed,) = (one for one in page.body["items"] if one["id"] == id_)
    opened = await stack.call(
        "read_message", path={"id": id_}, query={"public_message": "true"}, citizen=CITIZEN
    )
    assert listed.get("payment_status") == opened.body.get("payment_status")
    return listed.get("payment_status")


async def test_a_delivered_message_is_named_by_its_payment(stack: Stack) -> None:
    """Message and citizen, amount and due date; the payee is the sender's where none is given."""
    id_ = await stack.deliver(content=payable())

    assert await stored_payment(stack) == Payment(
        RPT_ID,
        carriers=(Carrier(id_, CITIZEN, SERVICE_ID),),
        amount=8450,
        due_date="2027-06-30T21:59:59.000Z",
    )
    assert await time_to_live(stack, PAYMENTS, RPT_ID, "payment") is None


async def test_only_what_is_delivered_and_asks_is_named(stack: Stack) -> None:
    """A rejected message leaves nothing of its payment; a plain one has none."""
    rejected = await stack.deliver(fiscal_code="INBOFF00A00A000A", content=payable())
    plain = await stack.deliver()

    assert not await is_payment_known(stack)
    assert rejected != plain
    assert await seen_by_citizen(stack, plain) is None


async def test_a_payment_shows_to_sender_and_citizen(stack: Stack) -> None:
    """NOT_PAID, then PAID; the record says when, how much, and who told."""
    id_ = await stack.deliver(content=payable(), feature_level_type="ADVANCED")
    before = await seen_by_sender(stack, id_), await seen_by_citizen(stack, id_)

    reply = await send_update(
        stack, an_update(3, paid_at="2026-11-23T08:55:00Z", amount_cents=8400)
    )
    await stack.drain()

    assert before == ("NOT_PAID", "NOT_PAID")
    assert (await seen_by_sender(stack, id_), await seen_by_citizen(stack, id_)) == ("PAID", "PAID")
    assert (reply.status, reply.body) == (
        200,
        {
            "rpt_id": RPT_ID,
            "payment_status": "PAID",
            "event_id": "event-3",
            "occurred_at": "2026-11-23T08:57:00.000Z",
            "paid_at": "2026-11-23T08:55:00.000Z",
            "amount_cents": 8400,
        },
    )
    event = (await stored_payment(stack)).event
    assert event is not None
    assert event.source == PAYMENTS_SERVICE_ID


async def test_a_standard_message_tells_its_sender_nothing(stack: Stack) -> None:
    """As in IO, payment_status is for ADVANCED messages."""
    id_ = await stack.deliver(content=payable())
    await send_update(stack, an_update())
    await stack.drain()

    assert await seen_by_sender(stack, id_) is None


@pytest.mark.parametrize(
    ("outcome", "sender", "citizen"),
    [("CANCELLED", "NOT_PAID", "CANCELLED"), ("REVERSED", "NOT_PAID", "NOT_PAID")],
)
async def test_what_was_paid_can_be_taken_back(
    stack: Stack, outcome: str, sender: str, citizen: str
) -> None:
    """By an event that is later, and by no other."""
    id_ = await stack.deliver(content=payable(), feature_level_type="ADVANCED")
    await send_update(stack, an_update(2))

    for minute, expected in ((3, ("PAID", "PAID")), (1, (sender, citizen))):
        reply = await send_update(stack, an_update(minute, outcome=outcome))
        await stack.drain()
        assert reply.body["event_id"] == ("event-2" if minute == 3 else "event-1")
        assert (await seen_by_sender(stack, id_), await seen_by_citizen(stack, id_)) == expected


async def test_a_payment_may_come_before_its_message(stack: Stack) -> None:
    """It is remembered, and the message says so as soon as it is seen; then it stays for good."""
    await send_update(stack, an_update())
    ttl = await time_to_live(stack, PAYMENTS, RPT_ID, "payment")
    assert ttl == payments.UNCLAIMED_TTL

    id_ = await stack.submit(content=payable(), feature_level_type="ADVANCED")
    (item,) = await take(stack.queue, MESSAGE_SUBMITTED)
    await fan_out_message.consume(stack.app, item.text, last=False)

    assert await seen_by_sender(stack, id_) == "PAID"
    assert await stack.queue.length(PAYMENT_UPDATED) == 0
    stack.clock.advance(timedelta(days=3650))
    assert await time_to_live(stack, PAYMENTS, RPT_ID, "payment") is None
    assert (await stored_payment(stack)).status == "PAID"


async def test_a_payment_that_nobody_asks_for_is_forgotten(stack: Stack) -> None:
    """After ninety days."""
    await send_update(stack, an_update())
    stack.clock.advance(timedelta(seconds=90 * DAY_SECONDS + 1))

    assert not await is_payment_known(stack)


async def test_a_payment_marks_each_of_its_messages(stack: Stack) -> None:
    """Of two citizens too; the amount asked for is the newest message's."""
    first = await stack.deliver(content=payable(amount=1))
    stack.clock.advance(timedelta(seconds=1))
    second = await stack.deliver(content=payable(amount=2), fiscal_code=OTHER_CITIZEN)
    await send_update(stack, an_update())
    await stack.drain()

    assert (await stored_message(stack, first)).payment_status == "PAID"
    assert (await stored_message(stack, second, OTHER_CITIZEN)).payment_status == "PAID"
    assert (await stored_payment(stack)).amount == 2


async def test_a_repetition_changes_nothing(stack: Stack) -> None:
    """Neither of the update, nor of the fan-out, nor of the mark."""
    id_ = await stack.deliver(content=payable())
    await send_update(stack, an_update())
    await stack.drain()
    before = await stored_message(stack, id_), await stored_payment(stack)

    await send_update(stack, an_update())
    await fan_out_message.consume(stack.app, submitted(id_).text(), last=False)
    await update_payment_status.consume(stack.app, PaymentUpdated(rpt_id=RPT_ID).text(), last=False)
    await stack.drain()

    assert before == (await stored_message(stack, id_), await stored_payment(stack))


async def test_who_died_before_the_queue_is_completed_by_the_repetition(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """503 asks for the same again, and that puts what was not put."""
    id_ = await stack.deliver(content=payable())

    async def away(*_: object, **__: object) -> None:
        raise UnavailableError("away")

    monkeypatch.setattr(stack.queue, "put", away)
    assert (await send_update(stack, an_update())).status == 503
    monkeypatch.undo()
    assert (await stored_message(stack, id_)).payment_status == "NOT_PAID"

    assert (await send_update(stack, an_update())).status == 200
    await stack.drain()

    assert (await stored_message(stack, id_)).payment_status == "PAID"


async def test_a_message_that_is_gone_keeps_none_from_being_marked(stack: Stack) -> None:
    """The others are marked all the same."""
    gone = await stack.deliver(content=payable())
    stack.clock.advance(timedelta(seconds=1))
    id_ = await stack.deliver(content=payable())
    await stack.store.delete(MESSAGES, CITIZEN, gone)
    await send_update(stack, an_update())
    await stack.drain()

    assert (await stored_message(stack, id_)).payment_status == "PAID"


async def test_a_mark_that_comes_late_does_not_undo_a_newer_one(stack: Stack) -> None:
    """A message takes up what is later than what it knows."""
    id_ = await stack.deliver(content=payable())
    await send_update(stack, an_update())
    await stack.drain()

    old = PaymentEvent("old", "REVERSED", "2020-01-01T00:00:00.000Z", "x")
    await with_payment(stack, event={**asdict(old), "of_a_later_version": True})
    await update_payment_status.consume(stack.app, PaymentUpdated(rpt_id=RPT_ID).text(), last=False)

    assert (await stored_message(stack, id_)).payment_status == "PAID"


async def test_a_payment_of_nothing_is_marked_nowhere(stack: Stack) -> None:
    """An item whose payment is forgotten, or has no event, is done."""
    await update_payment_status.consume(stack.app, PaymentUpdated(rpt_id=RPT_ID).text(), last=False)
    id_ = await stack.deliver(content=payable())
    await update_payment_status.consume(stack.app, PaymentUpdated(rpt_id=RPT_ID).text(), last=False)

    assert (await stored_message(stack, id_)).payment_status == "NOT_PAID"


async def test_many_at_once_are_recorded_once_each(stack: Stack) -> None:
    """In the order in which they are first named, each by its last event."""
    other = f"{PAYEE}301000000000000025"
    updates = [
        {"rpt_id": RPT_ID, **an_update(2)},
        {"rpt_id": other, **an_update(1, outcome="CANCELLED")},
        {"rpt_id": RPT_ID, **an_update(0, outcome="REVERSED")},
        {"rpt_id": RPT_ID, **an_update(1)},
    ]

    reply = await stack.call("update_payments", {"updates": updates}, key=PAYMENTS_KEY)

    assert reply.status == 200
    assert [(one["rpt_id"], one["payment_status"]) for one in reply.body["items"]] == [
        (RPT_ID, "NOT_PAID"),
        (other, "CANCELLED"),
    ]


async def test_an_event_of_the_future_is_refused_with_all_others(stack: Stack) -> None:
    """It would outdo whatever happens until then; five minutes are clocks that differ."""
    ahead = {"rpt_id": RPT_ID, **an_update(-6)}
    single = await send_update(stack, an_update(-6))
    batch = await stack.call(
        "update_payments", {"updates": [{**ahead, **an_update(0)}, ahead]}, key=PAYMENTS_KEY
    )

    for reply in (single, batch):
        assert (reply.status, reply.body["title"]) == (422, FROM_FUTURE)
        assert "event--6" in reply.body["detail"]
    assert not await is_payment_known(stack)
    assert (await send_update(stack, an_update(-5))).status == 200


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"event_id": ""}, "/event_id"),
        ({"event_id": "due parole"}, "/event_id"),
        ({"occurred_at": "yesterday"}, "/occurred_at"),
        ({"occurred_at": "2026-11-23T09:59:00.123456"}, "/occurred_at"),
        ({"paid_at": "2026-11-23T09:59:00"}, "/paid_at"),
        ({"outcome": "LOST"}, "/outcome"),
        ({"amount_cents": -1}, "/amount_cents"),
        ({"amount_cents": 84.5}, "/amount_cents"),
        ({"paid_at": 5}, "/paid_at"),
    ],
)
async def test_a_wrong_update_is_refused(
    stack: Stack, change: dict[str, Any], pointer: str
) -> None:
    """400, and the field by its pointer."""
    reply = await send_update(stack, {**an_update(), **change})

    assert reply.status == 400
    assert [error["pointer"] for error in reply.body["errors"]] == [pointer]


@pytest.mark.parametrize(
    "rpt_id", ["", "x", RPT_ID[:-1], f"{PAYEE}901000000000000017", f"{RPT_ID}0"]
)
async def test_a_wrong_rpt_id_is_refused(stack: Stack, rpt_id: str) -> None:
    """400, in the path and in a batch, and at the citizen's question."""
    asked = await stack.call("read_payment_info", path={"rptId": rpt_id}, citizen=CITIZEN)
    updates = {"updates": [{"rpt_id": rpt_id, **an_update()}]}
    batch = await stack.call("update_payments", updates, key=PAYMENTS_KEY)

    assert {(await send_update(stack, an_update(), rpt_id)).status, asked.status, batch.status} == {
        400
    }


@pytest.mark.parametrize("count", [0, 101])
async def test_a_batch_is_bounded(stack: Stack, count: int) -> None:
    """One to a hundred."""
    updates = {"updates": [{"rpt_id": RPT_ID, **an_update()}] * count}

    assert (await stack.call("update_payments", updates, key=PAYMENTS_KEY)).status == 400


@pytest.mark.parametrize(("key", "status"), [(None, 401), ("sandbox-sender-key", 403)])
async def test_updates_need_a_key_of_their_own(stack: Stack, key: str | None, status: int) -> None:
    """Who sends messages does not say what was paid, nor the other way round."""
    reply = await stack.call("update_payment", an_update(), path={"rpt_id": RPT_ID}, key=key)

    assert reply.status == status
    assert (await stack.call("submit_message", {}, key=PAYMENTS_KEY)).status in {400, 403}


async def test_writers_of_one_payment_do_not_lose_each_other(stack: Stack) -> None:
    """Messages and updates together: all messages are named, the last event counts."""
    ids = [await stack.submit(content=payable()) for _ in range(4)]
    await asyncio.gather(
        *(fan_out_message.consume(stack.app, submitted(id_).text(), last=False) for id_ in ids),
        *(send_update(stack, an_update(minute)) for minute in range(3)),
    )
    stack.clock.advance(timedelta(hours=1))
    await stack.drain()

    kept = await stored_payment(stack)
    assert {one.message_id for one in kept.carriers} == set(ids)
    assert kept.event is not None
    assert kept.event.id == "event-0"
    for id_ in ids:
        assert (await stored_message(stack, id_)).payment_status == "PAID"


async def test_a_payment_that_changes_all_the_time_is_an_outage(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever loses eight times comes back later."""
    await stack.deliver(content=payable())
    replace = stack.store.replace

    async def overtaken(container: Container, *arguments: Any, **options: Any) -> Any:
        if container is PAYMENTS:
            await with_payment(stack)
        return await replace(container, *arguments, **options)

    monkeypatch.setattr(stack.store, "replace", overtaken)

    assert (await send_update(stack, an_update())).status == 503
