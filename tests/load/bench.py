"""`make bench`: throughput and latency, each beside its bare baseline of the same run.

Prints a table and writes bench.json. `--quick` takes a minute and says little; the full run
takes about thirteen minutes on two cores.
"""

import argparse
import asyncio
import json
import os
import platform
import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from tests.load import azure, measures, reminders, telemetry
from tests.load.measures import Figures

OUTPUT = Path("bench.json")
TICK = "tick, many / few scheduled (p50)"
COUNTING = "accept with / without a limit of calls"
MASS = "reminders due at once / single messages"
MASS_ACCEPT = "accept p95, as they drain / alone"
TELEMETRY = "CPU of a message, telemetry on / off"
BOUNDS: dict[str, tuple[float, float | None]] = {
    TICK: (0, 1.3),
    COUNTING: (0.97, None),
    MASS: (0.5, None),
    MASS_ACCEPT: (0, 1.5),
    TELEMETRY: (0, 1.15),
}
"""The bounds of a ratio: at least the first, at most the second."""


async def run(results: Figures, *, quick: bool, only: str | None) -> None:
    """Take every measure, one after the other, and add each to the results."""
    seconds = 3.0 if quick else 10.0
    sustained = 10.0 if quick else 60.0
    few, many = 10_000, (50_000 if quick else 1_000_000)
    due_at_once = 3_000 if quick else 100_000
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
        for name, text, measure in plan:
            say(text)
            figures = await measure()
            if all(isinstance(part, dict) for part in figures.values()):
                results |= {f"{name}_{part}": own for part, own in figures.items()}
            else:
                results[name] = figures
            # a run that is cut short leaves the figures that it has
            save(results)
            progress.advance(task)


def _most(results: Figures) -> float:
    return float(round(0.8 * results.get("capacity_2", {"per_s": 800})["per_s"], -1))


def ratios(results: Figures) -> Figures:
    """Relate the figures to their baselines, as far as both were measured."""

    def ratio(name: str, key: str, to: str, to_key: str) -> float | None:
        if name not in results or to not in results:
            return None
        return round(float(results[name][key]) / float(results[to][to_key]), 3)

    found = {
        "accept / no-op, 1 worker": ratio("accept_1", "per_s", "noop_1", "per_s"),
        "accept / no-op, 2 workers": ratio("accept_2", "per_s", "noop_2", "per_s"),
        "accept / raw creates, 1 worker": ratio(
            "accept_1", "per_s", "storage", "raw_creates_per_s"
        ),
        "end to end / no-op, 2 workers": ratio("capacity_2", "per_s", "noop_2", "per_s"),
        "end to end / raw queue rounds, 1 worker": ratio(
            "capacity_1", "per_s", "storage", "raw_put_get_per_s"
        ),
        "inbox page, many / few messages (p50)": ratio(
            "inbox_many", "p50_ms", "inbox_few", "p50_ms"
        ),
        COUNTING: ratio("counting_on", "per_s", "counting_off", "per_s"),
        TICK: ratio("tick_many", "p50_ms", "tick_few", "p50_ms"),
        MASS: ratio("mass_reminders", "per_s", "mass_singles", "per_s"),
        MASS_ACCEPT: ratio("mass_accept_meanwhile", "p95_ms", "mass_accept_alone", "p95_ms"),
        TELEMETRY: ratio("azure_telemetry_on", "cpu_ms", "azure_telemetry_off", "cpu_ms"),
        "the same with all traces": ratio(
            "azure_telemetry_all", "cpu_ms", "azure_telemetry_off", "cpu_ms"
        ),
    }
    return {name: value for name, value in found.items() if value is not None}


def verdict(name: str, value: float) -> str:
    """Return whether a ratio keeps its bound, as text to be shown behind it."""
    if name not in BOUNDS:
        return ""
    least, most = BOUNDS[name]
    said = f"at least {least}" if most is None else f"at most {most}"
    kept = value >= least if most is None else value <= most
    return f"  {'ok' if kept else 'MISSED'}, {said}"


def table(results: Figures) -> Table:
    """Lay the figures out, a row a measure."""
    shown = Table(
        title="Recapito, embedded stack; azure_… on near-free services", title_justify="left"
    )
    for column in ("measure", "per second", "p50 ms", "p95 ms", "p99 ms", "notes"):
        shown.add_column(column, justify="left" if column in {"measure", "notes"} else "right")
    for name, figures in results.items():
        if name == "storage":
            for key, value in figures.items():
                shown.add_row(key.removesuffix("_per_s"), f"{value:,}", "", "", "", "1 process")
            continue
        row = figures.get("accept", figures)
        rate = figures.get("per_s", figures.get("rate"))
        shown.add_row(
            name,
            f"{rate:,}",
            *(str(row.get(f"p{percent}_ms", "")) for percent in (50, 95, 99)),
            "; ".join(_notes(figures)),
        )
    return shown


def _notes(figures: Figures) -> list[str]:
    notes: list[str] = []
    if "lost" in figures:
        notes.append(
            f"{figures['visible']:,} visible, {figures['lost']} lost, "
            f"{figures['doubled']} doubled, backlog {figures['backlog']}"
        )
    if "accept_to_visible" in figures:
        seen = figures["accept_to_visible"]
        notes.append(f"to inbox p50 {seen['p50_ms']} p95 {seen['p95_ms']} p99 {seen['p99_ms']}")
    if "stored" in figures:
        notes.append(f"{figures['stored']:,} messages stored")
    if "scheduled" in figures:
        notes.append(f"{reminders.DUE} due among {figures['scheduled']:,}")
    if "drained" in figures:
        notes.append(f"{figures['drained']:,} pushed, {figures['doubled']} doubled")
    if "notified" in figures:
        notes.append(f"{figures['accepted']:,} accepted, {figures['notified']:,} notified")
    if "cpu_ms" in figures:
        notes.append(f"{figures['cpu_ms']} ms CPU")
    if "unlogged" in figures:
        notes.append(f"{figures['unlogged']} not logged")
    return notes


def main() -> int:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a minute, small figures")
    parser.add_argument("--only", help="measures whose names start so, separated by commas")
    arguments = parser.parse_args()
    results: Figures = {}
    try:
        asyncio.run(run(results, quick=arguments.quick, only=arguments.only))
    finally:
        # a measure that fails after many minutes does not take the others with it
        report(results)
    return 0


def report(results: Figures) -> None:
    """Print the table and the ratios, and write them to OUTPUT."""
    related = ratios(results)
    console = Console(width=None if sys.stdout.isatty() else 140)
    console.print(table(results))
    for name, value in related.items():
        console.print(f"{name:<42} {value}{verdict(name, value)}")
    for name, figures in results.items():
        for part, percent in figures.get("profile", []):
            console.print(f"  {name}: profile  {part:<30} {percent:5.1f} %")
        for kind, number in figures.get("calls", {}).items():
            console.print(f"  {name}: calls  {kind:<40} {number:5.2f}")
    save(results)
    console.print(f"written to {OUTPUT}")


def save(results: Figures) -> None:
    """Write the figures and their ratios to OUTPUT."""
    machine: dict[str, Any] = {
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    OUTPUT.write_text(
        json.dumps({"machine": machine, "ratios": ratios(results), "measures": results}, indent=2)
    )


if __name__ == "__main__":
    sys.exit(main())
