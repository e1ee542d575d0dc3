"""One trace follows a message from its submission to its push."""

import asyncio
import json
from datetime import timedelta

import pytest
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.trace import SpanKind

from functions.queues.contract import FailedItemError, UnreadableItemError
from functions.queues.messages import fan_out_message
from infra.local.sandbox.seed import CITIZEN, OPERATOR_KEY, SERVICE_ID
from lib import telemetry
from lib.ports.queueing import delays
from lib.ports.queueing.names import MESSAGE_SUBMITTED, NOTIFICATION_REQUESTED
from lib.ports.send_errors import NotSentError
from tests.doubles.slow_push import queue_pushes
from tests.doubles.telemetry import PSEUDONYMS, Kept, crashing
from tests.functions.operations.spans import CALLER, in_host_span, told
from tests.stack import Stack, take


def parent_of(span: ReadableSpan) -> int | None:
    """Return the id of the parent span."""
    return span.parent.span_id if span.parent else None


def id_of(span: ReadableSpan) -> int:
    """Return the id of the span."""
    assert span.context
    return int(span.context.span_id)


def trace_of(span: ReadableSpan) -> int:
    """Return the trace id of the span."""
    assert span.context
    return int(span.context.trace_id)


async def test_one_trace_goes_from_the_submission_to_the_push(stack: Stack, kept: Kept) -> None:
    """Each span is below the one that caused it; events have the citizen's pseudonym."""
    id_ = await stack.deliver()

    submit, fan_out = kept.span("submit_message"), kept.span("fan_out_message")
    push = kept.span("push")
    assert parent_of(submit) is None
    assert [id_of(submit), id_of(fan_out)] == [parent_of(fan_out), parent_of(push)]
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


async def test_an_item_that_was_put_back_runs_in_a_trace_of_its_own(
    stack: Stack, kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The new trace is linked to the producer's, and the delay counts as no waiting."""
    monkeypatch.setattr(delays, "LEAST_SHARE", 1)
    queue_pushes(stack.app)
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


async def test_a_dead_letter_and_its_replay_are_recorded(stack: Stack, kept: Kept) -> None:
    """The message becomes FAILED, then ACCEPTED; the replay belongs to the operator's trace."""
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
        body=b"",
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
    """A run with an unreadable item has a failed span without parent or links."""
    with pytest.raises(UnreadableItemError):
        await fan_out_message.consume(stack.app, "{}", last=False)

    span = kept.span("fan_out_message")
    assert told(span)["error.type"] == "UnreadableItemError"
    assert (span.parent, list(span.links)) == (None, [])


async def test_the_host_s_span_is_the_parent_of_a_request(stack: Stack, kept: Kept) -> None:
    """The host's span is the parent of a request's span; the caller's trace is linked only."""
    with in_host_span() as host:
        await stack.call("read_openapi", headers={"traceparent": f"{CALLER}1"})

    span = kept.span("read_openapi")
    assert (host.trace_id, host.span_id) == (trace_of(span), parent_of(span))
    assert [link.context.trace_id for link in span.links] == [int(CALLER[3:35], 16)]


async def test_the_host_s_span_is_linked_to_a_queue_run(stack: Stack, kept: Kept) -> None:
    """The parent of a queue run is the producer's span, and the host's span is linked."""
    await stack.submit()
    (item,) = await take(stack.queue, MESSAGE_SUBMITTED)
    with in_host_span() as host:
        await fan_out_message.consume(stack.app, item.text, last=False)
        await fan_out_message.consume(stack.app, untraced_copy(item.text), last=False)

    first, second = (span for span in kept.spans if span.name == "fan_out_message")
    assert parent_of(first) == id_of(kept.span("submit_message"))
    assert [link.context.span_id for link in first.links] == [host.span_id]
    assert parent_of(second) == host.span_id


def untraced_copy(text: str) -> str:
    """Return the item without the fields that telemetry adds."""
    members = json.loads(text)
    del members["traceparent"], members["due"]
    return json.dumps(members)


async def test_the_id_shown_to_the_caller_finds_the_trace(stack: Stack, kept: Kept) -> None:
    """A 500 shows the trace id; span and log have the type and place of the error."""
    reply = await crashing(stack)

    span = kept.span("submit_message")
    assert reply.body == {
        "status": 500,
        "title": "Internal server error",
        "detail": "The fault is in the logs under the trace_id; name it when you report the fault.",
        "trace_id": f"{trace_of(span):032x}",
    }
    assert not span.status.is_ok
    (event,) = span.events
    assert "crash" in str(told(event)["exception.stacktrace"])
    assert reply.body["trace_id"] in kept.logs[0][0]
    assert CITIZEN not in repr((span.to_json(), kept.logs))
    assert kept.metric("recapito.requests").keys() == {("submit_message", "500")}


async def test_a_cancelled_run_fails_its_span(stack: Stack, kept: Kept) -> None:
    """The span of a cancelled run has the error, and leaves the context."""
    queue_pushes(stack.app)
    stack.push.failure = asyncio.CancelledError()
    await stack.submit()
    with pytest.raises(asyncio.CancelledError):
        await stack.drain()

    span = kept.span("send_notification")
    assert told(span)["error.type"] == "CancelledError"
    assert telemetry.stamp(stack.clock.now()) == {}
