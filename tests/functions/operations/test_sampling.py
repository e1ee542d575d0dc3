"""The settings decide which traces are kept, and metrics count everything."""

import pytest
from opentelemetry.sdk.trace.sampling import ALWAYS_OFF, DEFAULT_OFF, DEFAULT_ON, Sampler

from lib.telemetry.parents import OwnSampler
from tests.doubles.telemetry import Kept, crashing
from tests.functions.operations.spans import CALLER, HOST, in_host_span
from tests.stack import Stack


def recorded(stack: Stack, sampler: Sampler) -> Kept:
    """Record the stack's telemetry with this sampler of traces."""
    kept = Kept(sampler)
    stack.app.telemetry = kept.telemetry
    return kept


@pytest.mark.parametrize(
    ("inner", "flag", "spans"),
    [(DEFAULT_ON, "0", 1), (DEFAULT_ON, "1", 1), (DEFAULT_OFF, "1", 0), (ALWAYS_OFF, "1", 0)],
)
async def test_callers_do_not_decide_about_sampling(
    stack: Stack, inner: Sampler, flag: str, spans: int
) -> None:
    """The sampling flag of a caller decides nothing, even where the host copied it."""
    kept = recorded(stack, inner)

    with in_host_span(f"{HOST[:-1]}{flag}"):
        await stack.call("read_openapi", headers={"traceparent": f"{CALLER}{flag}"})

    assert len(kept.spans) == spans
    assert "OwnSampler" in OwnSampler(inner).get_description()
    await kept.telemetry.close()


async def test_a_run_that_is_not_sampled_is_counted_and_its_faults_are_logged(stack: Stack) -> None:
    """A run without spans and events still has metrics, and faults with their trace id."""
    kept = recorded(stack, ALWAYS_OFF)
    await stack.deliver()

    assert (kept.spans, kept.logs) == ([], [])
    assert kept.metric("recapito.messages") == {("ACCEPTED",): 1, ("PROCESSED",): 1}

    reply = await crashing(stack)

    assert reply.body["trace_id"] in kept.logs[0][0]
    await kept.telemetry.close()
