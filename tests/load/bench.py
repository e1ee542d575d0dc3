"""`make bench`: throughput and latency, each beside its bare baseline of the same run.

Prints a table and writes bench.json. `--quick` takes a minute and says little; the full run
takes about eighteen minutes on two cores.
"""

import argparse
import asyncio
import sys
from collections.abc import Awaitable, Callable
from functools import partial

from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from tests.load import azure, measures, reminders, stampede, telemetry
from tests.load.batches import measure
from tests.load.measures import Figures
from tests.load.report import report, save


async def run(results: Figures, *, quick: bool, only: str | None, rows: int | None = None) -> None:
    """Take every measure, one after the other, and add each to the results.

    `rows`: those of a batch.
    """
    seconds = 3.0 if quick else 10.0
    sustained = 10.0 if quick else 60.0
    few, many = 10_000, (50_000 if quick else 1_000_000)
    due_at_once = 3_000 if quick else 100_000
    rows = rows or (5_000 if quick else 100_000)
    with Progress(
        TextColumn("{task.description:<44}"), BarColumn(), TimeElapsedColumn(), transient=True
    ) as progress:
        task = progress.add_task("starting")

        def say(text: str) -> None:
            progress.update(task, description=text)

        plan: list[tuple[str, str, Callable[[], Awaitable[Figures]]]] = [
            ("storage", "bare storage", lambda: measures.storage(seconds / 2)),
        ]
        for workers in (1, 2):
            plan += [
                (
                    f"noop_{workers}",
                    f"no-op, {workers} workers",
                    partial(measures.noop, workers, seconds),
                ),
                (
                    f"accept_{workers}",
                    f"accepting alone, {workers} workers",
                    partial(measures.accept, workers, seconds),
                ),
                (
                    f"accept_at_200_{workers}",
                    f"accepting at 200 a second, {workers} workers",
                    partial(measures.accept_at, workers, 200, seconds),
                ),
            ]
        plan += [
            (
                "counting",
                "accepting with and without a limit, 2 workers",
                lambda: measures.counting(2, 2 * seconds),
            ),
            (
                "capacity_1",
                "end to end, as fast as it goes, 1 worker",
                lambda: measures.end_to_end(1, seconds, None),
            ),
            (
                "capacity_2",
                "end to end, as fast as it goes, 2 workers",
                lambda: measures.end_to_end(2, seconds, None, profile=True),
            ),
            (
                "sustained_1000",
                "end to end at 1,000 a second, 2 workers",
                lambda: measures.end_to_end(2, sustained, 1000),
            ),
            (
                "sustained_fast",
                "end to end at 80 % of capacity, 2 workers",
                lambda: measures.end_to_end(2, sustained, _most(results)),
            ),
            ("inbox_few", "inbox pages", lambda: measures.inbox(few, seconds, say)),
            ("inbox_many", "inbox pages", lambda: measures.inbox(many, seconds, say)),
            ("tick", "ticks of the reminders", lambda: reminders.tick(few, many, say)),
            (
                "mass",
                "reminders due at once, 2 workers",
                lambda: reminders.mass(due_at_once, 0.4 * seconds, say),
            ),
            (
                "batches",
                "batches with single messages, 2 workers",
                lambda: measure.batches(rows, say),
            ),
            (
                "stampede",
                "a batch whose pushes are opened, 2 workers",
                lambda: stampede.stampede(rows // 2, say),
            ),
            ("azure", "bare calls of the Azure SDKs", lambda: azure.bare(200 if quick else 1_000)),
            (
                "azure_delivered",
                "messages with their pushes, Azure stack, 2 workers",
                lambda: azure.delivered(2, seconds),
            ),
            (
                "azure_telemetry",
                "the same without and with telemetry",
                lambda: telemetry.compared(2, 2 * seconds),
            ),
            ("azure_inbox", "inbox pages, Azure stack", lambda: azure.inbox(seconds)),
        ]
        plan = [step for step in plan if not only or step[0].startswith(tuple(only.split(",")))]
        progress.update(task, total=len(plan))
        for name, text, take in plan:
            say(text)
            figures = await take()
            if all(isinstance(part, dict) for part in figures.values()):
                results |= {f"{name}_{part}": own for part, own in figures.items()}
            else:
                results[name] = figures
            # a run that is cut short leaves the figures that it has
            save(results)
            progress.advance(task)


def _most(results: Figures) -> float:
    return float(round(0.8 * results.get("capacity_2", {"per_s": 800})["per_s"], -1))


def main() -> int:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a minute, small figures")
    parser.add_argument("--only", help="measures whose names start so, separated by commas")
    parser.add_argument("--rows", type=int, help="the rows of a batch")
    arguments = parser.parse_args()
    results: Figures = {}
    try:
        asyncio.run(run(results, quick=arguments.quick, only=arguments.only, rows=arguments.rows))
    finally:
        # a measure that fails after many minutes does not take the others with it
        report(results)
    return 0


if __name__ == "__main__":
    sys.exit(main())
