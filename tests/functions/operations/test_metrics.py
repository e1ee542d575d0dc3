"""Metrics count what happens to messages and payments, and the cost of the store."""

import asyncio
import secrets
from datetime import timedelta
from pathlib import Path

from functions.queues.messages import fan_out_message
from infra.local.emulators.database import prepare
from infra.local.emulators.processes import Emulators
from infra.local.sandbox.seed import CITIZEN, PAYMENTS_KEY
from lib import telemetry
from lib.composition.app import build_app
from lib.ports.queueing.names import MESSAGE_SUBMITTED
from tests.builders.messages import a_message
from tests.builders.payments import a_payment
from tests.builders.settings import settings_for, settings_of
from tests.doubles.queues import clear
from tests.doubles.telemetry import PSEUDONYMS, Kept
from tests.functions.messages.scheduled_calls import SET_TIME, schedule, wait_until
from tests.stack import Stack, take


async def test_a_message_is_counted_once_however_often_its_items_come(
    stack: Stack, kept: Kept
) -> None:
    """Repeated items add nothing to the counts of statuses, times and notifications."""
    headers = {"idempotency-key": "k"}
    for _ in range(2):
        await stack.call("submit_message", a_message(), headers=headers)
    items = await take(stack.queue, MESSAGE_SUBMITTED)
    stack.clock.advance(timedelta(seconds=2.5))
    for item in [*items, *items]:
        await fan_out_message.consume(stack.app, item.text, last=False)
    await stack.drain()

    assert kept.metric("recapito.messages") == {("ACCEPTED",): 1, ("PROCESSED",): 1}
    assert kept.metric("recapito.accept_to_inbox") == {(): (1, 2.5)}
    assert kept.metric("recapito.notifications") == {("PUSH", "MESSAGE", "SENT"): 1}
    assert kept.metric("recapito.requests").keys() == {("submit_message", "201")}
    assert kept.metric("recapito.requests")["submit_message", "201"][0] == 2


async def test_a_scheduled_message_is_accepted_at_its_set_time(stack: Stack, kept: Kept) -> None:
    """So the alert about stalled messages begins to wait for its fan-out then."""
    await schedule(stack)
    assert kept.metric("recapito.messages") == {("SCHEDULED",): 1}
    await wait_until(stack, SET_TIME)

    assert kept.metric("recapito.messages") == {
        ("SCHEDULED",): 1,
        ("ACCEPTED",): 1,
        ("PROCESSED",): 1,
    }


async def test_a_payment_is_counted_when_its_status_changes(stack: Stack, kept: Kept) -> None:
    """A repeated event counts nothing; each message that is marked has a log event."""
    ids = [await stack.deliver(content={"payment_data": a_payment()}) for _ in range(2)]
    path = {"rpt_id": "01234567890301000000000000017"}
    for minute, outcome in ((1, "PAID"), (1, "PAID"), (2, "PAID"), (0, "REVERSED")):
        update = {
            "event_id": f"event-{minute}",
            "occurred_at": f"2026-11-23T09:0{minute}:00Z",
            "outcome": outcome,
        }
        await stack.call("update_payment", update, path=path, key=PAYMENTS_KEY)
    await stack.drain()

    assert kept.metric("recapito.payments") == {("PAID",): 1}
    about = [{"message_id": id_, "citizen": PSEUDONYMS.of(CITIZEN)} for id_ in ids]
    told = [fields for body, fields in kept.logs if body == "payment PAID"]
    assert sorted(told, key=lambda one: str(one["message_id"])) == about


async def test_the_wait_in_a_queue_is_measured_for_first_runs(stack: Stack, kept: Kept) -> None:
    """The wait counts from when the item was queued, and not again for a repeated run."""
    await stack.submit()
    (item,) = await take(stack.queue, MESSAGE_SUBMITTED)
    stack.clock.advance(timedelta(seconds=3))
    await fan_out_message.consume(stack.app, item.text, last=False)
    stack.clock.advance(timedelta(seconds=60))
    await fan_out_message.consume(stack.app, item.text, last=False, again=True)

    assert kept.metric("recapito.queue_wait") == {(MESSAGE_SUBMITTED,): (1, 3.0)}


async def test_a_rejection_is_logged_with_its_reason(stack: Stack, kept: Kept) -> None:
    """A rejected message is counted, and its log event has the reason."""
    id_ = await stack.deliver(fiscal_code="NOPROF00A00A000A")

    assert kept.metric("recapito.messages") == {("ACCEPTED",): 1, ("REJECTED",): 1}
    assert kept.metric("recapito.accept_to_inbox") == {}
    assert kept.logs[-1] == (
        "message REJECTED",
        {
            "message_id": id_,
            "reason": "USER_NOT_FOUND",
            "citizen": PSEUDONYMS.of("NOPROF00A00A000A"),
        },
    )


async def test_a_store_s_charge_goes_to_the_function_that_runs(stack: Stack, kept: Kept) -> None:
    """Request units count for the function that runs, through tasks; outside of it for none."""

    async def costly(*_: object, **__: object) -> None:
        telemetry.record_request_charge("messages", "read", 1.5)
        await asyncio.gather(
            asyncio.create_task(charged("profiles", 2.0)), charged("profiles", 0.5)
        )

    async def charged(container: str, charge: float) -> None:
        await asyncio.sleep(0)
        telemetry.record_request_charge(container, "read", charge)

    stack.app.messages.fan_out = costly  # type: ignore[assignment]
    await stack.submit()
    await stack.drain()
    await charged("messages", 100)

    assert kept.metric("recapito.store.requests") == {
        ("messages", "fan_out_message", "read"): 1,
        ("profiles", "fan_out_message", "read"): 2,
    }
    assert kept.metric("recapito.store.request_charge") == {
        ("messages", "fan_out_message", "read"): 1.5,
        ("profiles", "fan_out_message", "read"): 2.5,
    }


async def test_the_charges_of_cosmos_db_are_counted(
    tmp_path: Path, kept: Kept, emulators: Emulators
) -> None:
    """The charge in each answer counts for the function that asked; the emulator charges 1."""
    database = f"charges-{secrets.token_hex(6)}"
    settings = settings_for(tmp_path, **settings_of(emulators), cosmos_database=database)
    await prepare(settings)
    stack = Stack(tmp_path)
    stack.app = build_app(settings, clock=stack.clock, push=stack.push)
    stack.app.telemetry = kept.telemetry
    await stack.start()
    await clear(stack)

    id_ = await stack.deliver()
    await stack.call("list_inbox", citizen=CITIZEN)
    await stack.call("read_message", path={"id": id_[:18] + "0" * 8}, citizen=CITIZEN)
    await stack.app.close()

    charges = kept.metric("recapito.store.request_charge")
    assert charges == kept.metric("recapito.store.requests")
    assert charges == {
        ("sender-keys", "submit_message", "read"): 1,
        ("subscriptions", "submit_message", "read"): 1,
        ("organizations", "submit_message", "read"): 1,
        ("services", "submit_message", "read"): 1,
        ("messages", "submit_message", "create"): 1,
        ("messages", "fan_out_message", "read"): 1,
        ("profiles", "fan_out_message", "read"): 1,
        ("service-preferences", "fan_out_message", "read"): 1,
        ("messages", "fan_out_message", "patch"): 1,
        # the first message of a week plans the fold of the week
        ("schedule", "fan_out_message", "upsert"): 1,
        ("sent-messages", "fan_out_message", "batch"): 1,
        ("notifications", "fan_out_message", "create"): 1,
        ("notifications", "fan_out_message", "query"): 1,
        ("messages", "list_inbox", "query"): 1,
        ("messages", "read_message", "read"): 1,
    }
