"""The report of a bench: the table, the ratios with their bounds, and the file."""

import json
import os
import platform
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from tests.load import reminders
from tests.load.measures import Figures

OUTPUT = Path("bench.json")
TICK = "tick, many / few scheduled (p50)"
COUNTING = "accept with / without a limit of calls"
MASS = "reminders due at once / single messages"
MASS_ACCEPT = "accept p95, as they drain / alone"
TELEMETRY = "CPU of a message, telemetry on / off"
PERSONAL = "a batch of personal texts / of one text"
SECOND = "a second sender's batch, beside / alone"
STAMPEDE = "list p95 in a stampede, ms"
REFUSED = "requests refused in a stampede"
BOUNDS: dict[str, tuple[float, float | None]] = {
    TICK: (0, 1.3),
    COUNTING: (0.97, None),
    MASS: (0.5, None),
    MASS_ACCEPT: (0, 1.5),
    TELEMETRY: (0, 1.15),
    PERSONAL: (0, 1.5),
    SECOND: (0, 3),
    STAMPEDE: (0, 200),
    REFUSED: (0, 0),
}
"""The bounds of a ratio or figure: at least the first, at most the second."""
_TEXTS = {
    "lost": "{visible:,} visible, {lost} lost, {doubled} doubled",
    "backlog": "backlog {backlog}",
    "unpushed": "{unpushed} without push, {pushed_twice} with two",
    "seconds": "{seconds} s",
    "check_seconds": "check {check_seconds} s",
    "stored": "{stored:,} messages stored",
    "scheduled": f"{reminders.DUE} due among {{scheduled:,}}",
    "drained": "{drained:,} pushed, {doubled} doubled",
    "notified": "{accepted:,} accepted, {notified:,} notified",
    "cpu_ms": "{cpu_ms} ms CPU",
    "cpu_seconds": "CPU of the processes {cpu_seconds} s",
    "memory_mb": "their memory {memory_mb[peak]} MB",
    "bytes": "bytes a message {bytes}",
    "unlogged": "{unlogged} not logged",
    "scale": "{scale} times slower than a million in ten minutes",
    "opened": "{opened:,} apps opened",
}
"""The text about some figures of a measure, by the name of the one that calls for it."""


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
        "batch rows / raw creates, 2 workers": ratio(
            "batches_shared", "per_s", "storage", "raw_creates_per_s"
        ),
        PERSONAL: ratio("batches_personal", "seconds", "batches_shared", "seconds"),
        SECOND: ratio("batches_second_beside", "seconds", "batches_second_alone", "seconds"),
        TELEMETRY: ratio("azure_telemetry_on", "cpu_ms", "azure_telemetry_off", "cpu_ms"),
        "the same with all traces": ratio(
            "azure_telemetry_all", "cpu_ms", "azure_telemetry_off", "cpu_ms"
        ),
    }
    if "stampede_list" in results:
        found[STAMPEDE] = results["stampede_list"]["p95_ms"]
        found[REFUSED] = results["stampede_pushes"]["refused"]
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
    if "accept_to_visible" in figures:
        seen = figures["accept_to_visible"]
        notes.append(f"to inbox p50 {seen['p50_ms']} p95 {seen['p95_ms']} p99 {seen['p99_ms']}")
    for member, text in _TEXTS.items():
        if member in figures:
            notes.append(text.format_map(figures))
    return notes


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
