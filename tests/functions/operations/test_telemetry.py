"""What the app tells of itself as messages go their way."""

import asyncio
import contextlib
import json
import logging
import secrets
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from opentelemetry import context
from opentelemetry.sdk.trace import Event, ReadableSpan
from opentelemetry.sdk.trace.sampling import ALWAYS_OFF, DEFAULT_OFF, DEFAULT_ON, Sampler
from opentelemetry.trace import NonRecordingSpan, SpanContext, SpanKind, set_span_in_context

from functions.queues.contract import FailedItemError, UnreadableItemError
from functions.queues.messages import fan_out_message
from infra.local.emulators.database import prepare
from infra.local.emulators.processes import Emulators
from infra.local.sandbox.seed import CITIZEN, OPERATOR_KEY, PAYMENTS_KEY, SERVICE_ID
from lib import telemetry
from lib.composition.app import build_app
from lib.domain.profiles.profile import ProfileUpdate
from lib.ports.documents import Container, Document, Stored
from lib.ports.queueing import items as events
from lib.ports.queueing.names import MESSAGE_SUBMITTED, NOTIFICATION_REQUESTED
from lib.ports.send_errors import NotSentError
from lib.telemetry.parents import OwnSampler, read
from tests.builders.messages import a_message
from tests.builders.payments import a_payment
from tests.builders.settings import settings_for, settings_of
from tests.doubles.queues import clear
from tests.doubles.telemetry import PSEUDONYMS, Kept, crashing
from tests.stack import Stack, take

HOST = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
CALLER = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0"


@contextlib.contextmanager
def in_host_span(traceparent: str = HOST) -> Iterator[SpanContext]:
    """Run as Azure's worker runs a function: in the trace context that the host gave it."""
    given = read(traceparent)
    assert given is not None
    token = context.attach(set_span_in_context(NonRecordingSpan(given)))
    try:
        yield given
    finally:
        context.detach(token)


def parent_of(span: ReadableSpan) -> int | None:
    """Return the id of the span above."""
    return span.parent.span_id if span.parent else None


def id_of(span: ReadableSpan) -> int:
    """Return the span's id."""
    assert span.context
    return int(span.context.span_id)


def told(span: ReadableSpan | Event) -> Mapping[str, Any]:
    """Return the attributes."""
    return span.attributes or {}


def trace_of(span: ReadableSpan) -> int:
    """Return the span's trace."""
    assert span.context
    return int(span.context.trace_id)


async def test_one_trace_goes_from_the_submission_to_the_push(stack: Stack, kept: Kept) -> None:
    """Each span below the one that caused it; all know the message, events its citizen."""
    id_ = await stack.deliver()

    submit, fan_out = kept.span("submit_message"), kept.span("fan_out_message")
    notify, push = kept.span("send_notification"), kept.span("push")
    assert parent_of(submit) is None
    assert [id_of(submit), id_of(fan_out), id_of(notify)] == [
        parent_of(fan_out),
        parent_of(notify),
        parent_of(push),
    ]
    assert {trace_of(span) for span in kept.spans} == {trace_of(submit)}
    assert [submit.kind, fan_out.kind, push.kind] == [
        SpanKind.SERVER,
        SpanKind.CONSUMER,
        SpanKind.CLIENT,
    ]
    assert submit.attributes == {
        "http.request.method": "POST",
        "http.route": "/api/v1/messages",
        "http.response.status_code": 201,
        "recapito.message_id": id_,
    }
    assert fan_out.attributes == {
        "messaging.system": "azure_storage_queue",
        "messaging.operation.type": "process",
        "messaging.destination.name": MESSAGE_SUBMITTED,
        "recapito.message_id": id_,
    }
    about = {"message_id": id_, "citizen": PSEUDONYMS.of(CITIZEN)}
    assert kept.logs == [
        ("message ACCEPTED", {**about, "service_id": SERVICE_ID}),
        ("message PROCESSED", {**about, "seconds": 0.0}),
        ("notification SENT", {**about, "kind": "MESSAGE", "channel": "PUSH"}),
    ]


async def test_a_message_is_counted_once_however_often_its_items_come(
    stack: Stack, kept: Kept
) -> None:
    """Statuses, the time to the inbox, the notification: by who changed it, not by who looked."""
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


async def test_a_payment_is_counted_when_it_comes_to_another_status(
    stack: Stack, kept: Kept
) -> None:
    """Not when it is told again; each marked message is told, with whose it is."""
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


async def test_the_wait_in_a_queue_is_recorded_of_first_runs(stack: Stack, kept: Kept) -> None:
    """From when the item was queued; what a failed run adds to it is no waiting."""
    await stack.submit()
    (item,) = await take(stack.queue, MESSAGE_SUBMITTED)
    stack.clock.advance(timedelta(seconds=3))
    await fan_out_message.consume(stack.app, item.text, last=False)
    stack.clock.advance(timedelta(seconds=60))
    await fan_out_message.consume(stack.app, item.text, last=False, again=True)

    assert kept.metric("recapito.queue_wait") == {(MESSAGE_SUBMITTED,): (1, 3.0)}


async def test_a_rejection_is_told_with_its_reason(stack: Stack, kept: Kept) -> None:
    """And nothing reached an inbox."""
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


async def test_an_item_that_was_put_back_runs_in_a_trace_of_its_own(
    stack: Stack, kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Linked to the producer's, with the delay no part of its wait; and so does what it causes."""
    monkeypatch.setattr(events, "LEAST_SHARE", 1)
    stack.push.failure = NotSentError("away")
    id_ = await stack.deliver()
    stack.push.failure = None
    stack.clock.advance(timedelta(seconds=31))
    await stack.drain()

    fan_out = kept.span("fan_out_message")
    first, second = (span for span in kept.spans if span.name == "send_notification")
    assert trace_of(first) == trace_of(fan_out) != trace_of(second)
    assert [link.context.span_id for link in second.links] == [id_of(fan_out)]
    assert parent_of(second) is None
    assert told(second)["recapito.attempt"] == 1
    assert kept.metric("recapito.requeued") == {(NOTIFICATION_REQUESTED,): 1}
    assert kept.metric("recapito.queue_wait") == {
        (MESSAGE_SUBMITTED,): (1, 0),
        (NOTIFICATION_REQUESTED,): (2, 1.0),
    }
    assert (
        "item put back",
        {
            "queue": NOTIFICATION_REQUESTED,
            "attempt": 1,
            "message_id": id_,
            "citizen": PSEUDONYMS.of(CITIZEN),
        },
    ) in kept.logs
    push = next(span for span in kept.spans if span.name == "push")
    assert told(push)["error.type"] == "NotSentError"


async def test_a_dead_letter_and_its_replay_are_told(stack: Stack, kept: Kept) -> None:
    """FAILED, then ACCEPTED anew; the replayed run belongs to the operator's trace."""
    id_ = await stack.submit()
    (item,) = await take(stack.queue, MESSAGE_SUBMITTED)

    async def crash(_: object) -> None:
        raise ValueError(CITIZEN)

    works, stack.app.messages.fan_out = stack.app.messages.fan_out, crash  # type: ignore[assignment]
    with pytest.raises(FailedItemError):
        await fan_out_message.consume(stack.app, item.text, last=True)
    await fan_out_message.dead_letter(stack.app, item.text)
    stack.app.messages.fan_out = works
    (letter,) = await stack.app.operations.replay_dead_letter.list(MESSAGE_SUBMITTED, 1)
    await stack.queue.delete(MESSAGE_SUBMITTED, item)
    replay = await stack.call(
        "replay_dead_letter",
        path={"queue": MESSAGE_SUBMITTED, "id": letter.id},
        key=OPERATOR_KEY,
    )
    await stack.drain()

    assert replay.status == 202
    assert kept.metric("recapito.dead_letters") == {(MESSAGE_SUBMITTED,): 1}
    assert kept.metric("recapito.messages") == {
        ("ACCEPTED",): 2,
        ("FAILED",): 1,
        ("PROCESSED",): 1,
    }
    assert (
        "dead letter kept",
        {
            "queue": MESSAGE_SUBMITTED,
            "letter_id": letter.id,
            "citizen": PSEUDONYMS.of(CITIZEN),
        },
    ) in kept.logs
    failed, replayed = (span for span in kept.spans if span.name == "fan_out_message")
    assert parent_of(replayed) == id_of(kept.span("replay_dead_letter"))
    assert told(failed)["error.type"] == "ValueError"
    assert [told(event)["exception.type"] for event in failed.events] == ["ValueError"]
    poison = kept.span("fan_out_message_poison")
    assert told(poison)["recapito.message_id"] == id_
    assert [link.context.span_id for link in poison.links] == [id_of(kept.span("submit_message"))]


async def test_an_unreadable_item_fails_its_span(stack: Stack, kept: Kept) -> None:
    """Nothing is known of it, neither trace nor message."""
    with pytest.raises(UnreadableItemError):
        await fan_out_message.consume(stack.app, "{}", last=False)

    span = kept.span("fan_out_message")
    assert told(span)["error.type"] == "UnreadableItemError"
    assert (span.parent, list(span.links)) == (None, [])


async def test_the_host_s_span_is_the_parent_of_a_request(stack: Stack, kept: Kept) -> None:
    """As Azure's worker hands it over; what the caller says in a header is linked, no more."""
    with in_host_span() as host:
        await stack.call("read_openapi", headers={"traceparent": f"{CALLER}1"})

    span = kept.span("read_openapi")
    assert (host.trace_id, host.span_id) == (trace_of(span), parent_of(span))
    assert [link.context.trace_id for link in span.links] == [int(CALLER[3:35], 16)]


async def test_the_host_s_span_is_linked_to_a_queue_run(stack: Stack, kept: Kept) -> None:
    """What caused the run is its producer: the host only carries it."""
    await stack.submit()
    (item,) = await take(stack.queue, MESSAGE_SUBMITTED)
    with in_host_span() as host:
        await fan_out_message.consume(stack.app, item.text, last=False)
        await fan_out_message.consume(stack.app, untraced_copy(item.text), last=False)

    first, second = (span for span in kept.spans if span.name == "fan_out_message")
    assert parent_of(first) == id_of(kept.span("submit_message"))
    assert [link.context.span_id for link in first.links] == [host.span_id]
    assert parent_of(second) == host.span_id


def recorded(stack: Stack, sampler: Sampler) -> Kept:
    """Record the stack's telemetry with this sampler of traces."""
    kept = Kept(sampler)
    stack.app.telemetry = kept.telemetry
    return kept


def untraced_copy(text: str) -> str:
    """Return the item as a process without telemetry queues it."""
    members = json.loads(text)
    del members["traceparent"], members["due"]
    return json.dumps(members)


@pytest.mark.parametrize(
    ("inner", "flag", "spans"),
    [(DEFAULT_ON, "0", 1), (DEFAULT_ON, "1", 1), (DEFAULT_OFF, "1", 0), (ALWAYS_OFF, "1", 0)],
)
async def test_callers_do_not_decide_what_is_sampled(
    stack: Stack, inner: Sampler, flag: str, spans: int
) -> None:
    """Neither in our favour nor at our cost, even where the host took the flag from them."""
    kept = recorded(stack, inner)

    with in_host_span(f"{HOST[:-1]}{flag}"):
        await stack.call("read_openapi", headers={"traceparent": f"{CALLER}{flag}"})

    assert len(kept.spans) == spans
    assert "OwnSampler" in OwnSampler(inner).get_description()
    await kept.telemetry.close()


async def test_what_is_not_sampled_is_counted_and_its_faults_are_told(stack: Stack) -> None:
    """No spans and no events, but every metric, and every fault with its trace id."""
    kept = recorded(stack, ALWAYS_OFF)
    await stack.deliver()

    assert (kept.spans, kept.logs) == ([], [])
    assert kept.metric("recapito.messages") == {("ACCEPTED",): 1, ("PROCESSED",): 1}

    reply = await crashing(stack)

    assert reply.body["trace_id"] in kept.logs[0][0]
    await kept.telemetry.close()


async def test_the_id_shown_to_the_caller_finds_the_trace(stack: Stack, kept: Kept) -> None:
    """A 500 shows the trace's id; the span and the log have type and place of the error."""
    reply = await crashing(stack)

    span = kept.span("submit_message")
    assert reply.body == {
        "status": 500,
        "title": "Internal server error",
        "trace_id": f"{trace_of(span):032x}",
    }
    assert not span.status.is_ok
    (event,) = span.events
    assert "crash" in str(told(event)["exception.stacktrace"])
    assert reply.body["trace_id"] in kept.logs[0][0]
    assert CITIZEN not in repr((span.to_json(), kept.logs))
    assert kept.metric("recapito.requests").keys() == {("submit_message", "500")}


@pytest.mark.parametrize("crashes", [False, True])
async def test_a_citizen_s_name_and_address_are_not_told(
    stack: Stack,
    kept: Kept,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    crashes: bool,
) -> None:
    """Neither of a refused update, nor of one that is taken, nor of one that fails by our fault."""
    caplog.set_level(logging.DEBUG)

    async def crash(container: Container, document: Document, **_: object) -> Stored:
        raise ValueError(document["email"])

    if crashes:
        monkeypatch.setattr(stack.store, "replace", crash)
    bodies = ({"version": 0, "email": "ada@nowhere"}, {"version": 0, "email": "ada@example.com"})
    replies = [await stack.call("update_profile", body, citizen=CITIZEN) for body in bodies]
    await stack.call("read_profile", citizen=CITIZEN)

    told = repr(([span.to_json() for span in kept.spans], kept.logs, caplog.records, caplog.text))
    assert [reply.status for reply in replies] == [400, 500 if crashes else 200]
    assert not [word for word in ("ada@", "Ada", "Sandbox", CITIZEN) if word in told]


async def test_a_citizen_prints_as_stars(stack: Stack) -> None:
    """In a traceback's locals or an assertion, say."""
    citizen = await stack.app.identity.authenticate_citizen(f"Bearer {stack.token(CITIZEN)}")
    update = ProfileUpdate(version=0, email="ada@example.com")

    assert not [
        word for word in ("ada@", "Ada", "Sandbox", CITIZEN) if word in f"{citizen} {update!r}"
    ]


async def test_a_store_s_charge_goes_to_the_function_that_runs(stack: Stack, kept: Kept) -> None:
    """Through gather and tasks; outside of any function it goes nowhere."""

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


async def test_cosmos_db_s_charges_are_told(
    tmp_path: Path, kept: Kept, emulators: Emulators
) -> None:
    """What each answer says it cost goes to the function that asked; the emulator says 1."""
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
        ("services", "submit_message", "read"): 1,
        ("messages", "submit_message", "create"): 1,
        ("messages", "fan_out_message", "read"): 1,
        ("profiles", "fan_out_message", "read"): 1,
        ("service-preferences", "fan_out_message", "read"): 1,
        ("messages", "fan_out_message", "patch"): 1,
        ("messages", "send_notification", "read"): 1,
        ("daily-limits", "send_notification", "read"): 1,
        ("daily-limits", "send_notification", "create"): 1,
        ("deliveries", "send_notification", "create"): 1,
        ("deliveries", "send_notification", "patch"): 1,
        ("messages", "list_inbox", "query"): 1,
        ("messages", "read_message", "read"): 1,
    }


async def test_a_cancelled_run_is_no_success(stack: Stack, kept: Kept) -> None:
    """Its span has the error, and it is no longer the one in the context."""
    stack.push.failure = asyncio.CancelledError()
    await stack.submit()
    with pytest.raises(asyncio.CancelledError):
        await stack.drain()

    span = kept.span("send_notification")
    assert told(span)["error.type"] == "CancelledError"
    assert telemetry.stamp(stack.clock.now()) == {}
