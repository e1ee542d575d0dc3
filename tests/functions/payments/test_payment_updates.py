"""Updates of payments are accepted once each, in any order, from pagoPA's side alone."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from functions.queues.messages import fan_out_message, update_payment_status
from infra.local.sandbox.seed import CITIZEN, PAYMENTS_KEY
from lib.ports.documents import Container
from lib.ports.errors import UnavailableError
from lib.ports.queueing.items.messages import PaymentUpdated
from lib.ports.schema.messages import PAYMENTS
from tests.builders.altered import with_payment
from tests.builders.messages import submitted
from tests.builders.payments import PAYEE, RPT_ID, an_update, payable, send_update
from tests.stack import Stack
from tests.stored import is_payment_known, stored_message, stored_payment

FROM_FUTURE = "Payment event from the future"


async def test_a_repetition_changes_nothing(stack: Stack) -> None:
    """A repeated update, fan-out or mark changes neither message nor payment."""
    id_ = await stack.deliver(content=payable())
    await send_update(stack, an_update())
    await stack.drain()
    before = await stored_message(stack, id_), await stored_payment(stack)

    await send_update(stack, an_update())
    await fan_out_message.consume(stack.app, submitted(id_).text(), last=False)
    await update_payment_status.consume(stack.app, PaymentUpdated(rpt_id=RPT_ID).text(), last=False)
    await stack.drain()

    assert before == (await stored_message(stack, id_), await stored_payment(stack))


async def test_a_repeated_update_queues_the_lost_item(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An update that got 503 is completed by its repetition."""
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


async def test_a_batch_records_the_last_event_of_each_payment(stack: Stack) -> None:
    """The answer has each payment once, in the order of the request."""
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
    """An event more than five minutes ahead gets 422, and its batch records nothing."""
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
    """A wrong field gets 400 with its pointer."""
    reply = await send_update(stack, {**an_update(), **change})

    assert reply.status == 400
    assert [error["pointer"] for error in reply.body["errors"]] == [pointer]


@pytest.mark.parametrize(
    "rpt_id", ["", "x", RPT_ID[:-1], f"{PAYEE}901000000000000017", f"{RPT_ID}0"]
)
async def test_a_wrong_rpt_id_is_refused(stack: Stack, rpt_id: str) -> None:
    """A wrong rpt_id gets 400 in the path, in a batch and in the citizen's question."""
    asked = await stack.call("read_payment_info", path={"rptId": rpt_id}, citizen=CITIZEN)
    updates = {"updates": [{"rpt_id": rpt_id, **an_update()}]}
    batch = await stack.call("update_payments", updates, key=PAYMENTS_KEY)

    assert {(await send_update(stack, an_update(), rpt_id)).status, asked.status, batch.status} == {
        400
    }


@pytest.mark.parametrize("count", [0, 101])
async def test_a_batch_is_bounded(stack: Stack, count: int) -> None:
    """A batch has one to a hundred updates."""
    updates = {"updates": [{"rpt_id": RPT_ID, **an_update()}] * count}

    assert (await stack.call("update_payments", updates, key=PAYMENTS_KEY)).status == 400


@pytest.mark.parametrize(("key", "status"), [(None, 401), ("sandbox-sender-key", 403)])
async def test_updates_need_a_key_of_their_own(stack: Stack, key: str | None, status: int) -> None:
    """A key for messages updates no payment, and a key for updates sends no message."""
    reply = await stack.call("update_payment", an_update(), path={"rpt_id": RPT_ID}, key=key)

    assert reply.status == status
    assert (await stack.call("submit_message", {}, key=PAYMENTS_KEY)).status in {400, 403}


async def test_writers_of_one_payment_do_not_lose_each_other(stack: Stack) -> None:
    """After messages and updates at once, all messages are named and the last event counts."""
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
    """An update that loses eight times gets 503."""
    await stack.deliver(content=payable())
    replace = stack.store.replace

    async def overtaken(container: Container, *arguments: Any, **options: Any) -> Any:
        if container is PAYMENTS:
            await with_payment(stack)
        return await replace(container, *arguments, **options)

    monkeypatch.setattr(stack.store, "replace", overtaken)

    assert (await send_update(stack, an_update())).status == 503
