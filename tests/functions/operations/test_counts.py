"""What the app counts is exported once, whenever an export happens."""

import threading

from tests.doubles.telemetry import Kept
from tests.stack import Stack

ADDITIONS = 2_000


async def test_an_export_between_two_counts_loses_and_doubles_nothing(
    stack: Stack, kept: Kept
) -> None:
    """Each export has all counts until then; values since the start add up."""
    await stack.deliver()
    first = kept.metric("recapito.messages")
    await stack.deliver()

    assert first == {("ACCEPTED",): 1, ("PROCESSED",): 1}
    assert kept.metric("recapito.messages") == {("ACCEPTED",): 2, ("PROCESSED",): 2}


def test_counts_of_several_threads_are_exported_once(kept: Kept) -> None:
    """Exports while threads count lose no addition."""

    def count() -> None:
        with kept.telemetry.tick("a function") as run:
            for _ in range(ADDITIONS):
                run.add("recapito.swept", 1, queue="a queue")  # type: ignore[attr-defined]

    threads = [threading.Thread(target=count) for _ in range(2)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        kept.metric("recapito.swept")
    for thread in threads:
        thread.join()

    assert kept.metric("recapito.swept") == {("a queue",): 2 * ADDITIONS}


async def test_a_count_of_nothing_is_exported(stack: Stack, kept: Kept) -> None:
    """An alert takes a tick that found nothing as a sign that the timer runs."""
    await stack.tick()

    assert kept.metric("recapito.schedule_dispatched") == {(): 0}
