"""Build the README's tables about messages, as Markdown."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from infra.costs.measuring.calls import indexed_terms
from infra.costs.measuring.runs import PathRun, Paths
from infra.costs.model.data import Data
from infra.costs.model.request_units import request_units
from infra.costs.model.standing import polls, ticks
from infra.costs.model.traffic import gb_seconds_a_year
from infra.costs.model.usage import Usage, usage
from lib.ports.schema.containers import CONTAINERS

_ORDER: Final = (
    "create",
    "read",
    "query",
    "loaded",
    "count",
    "patch",
    "replace",
    "put",
    "receive",
    "update",
    "delete",
)


def number(value: Decimal | int, places: int = 0) -> str:
    """Format a number with separators of thousands."""
    return f"{value:,.{places}f}"


def euro(value: Decimal) -> str:
    """Format euro with cents."""
    return number(value, 2)


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Format a Markdown table: the first column is aligned left, the others right."""
    lines = [heads, ["---", *["---:"] * (len(heads) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


@dataclass(frozen=True, slots=True)
class Model:
    """The data file and the measured paths."""

    data: Data
    paths: Paths

    @property
    def usage(self) -> Usage:
        """Return the usage of the average message."""
        return usage(self.data, self.paths)


def _counted(kinds: list[str]) -> str:
    counts = Counter(kinds)
    ordered = sorted(counts, key=_ORDER.index)
    return ", ".join(f"{counts[kind]} {kind}" for kind in ordered) or "none"


def _path_row(model: Model, name: str, run: PathRun) -> list[str]:
    units = sum((request_units(model.data, call) for call in run.documents), Decimal(0))
    largest = max((size for call in run.documents for size in call.sizes), default=0)
    return [
        name,
        _counted([call.kind for call in run.documents]),
        number(units, 2),
        _counted([call.kind for call in run.queues]),
        number(largest),
        number(run.reply_bytes),
    ]


def per_path(model: Model) -> str:
    """Show the operations of one execution of each path."""
    rows = [_path_row(model, name, run) for name, run in model.paths.items()]
    heads = (
        "path, one execution",
        "documents",
        "RU",
        "queues",
        "largest document, bytes",
        "reply, bytes",
    )
    return table(heads, rows)


def per_message(model: Model) -> str:
    """Show the usage of the average message, its reads included."""
    used, given = model.usage, model.data.assumptions
    messages, data = given["messages"], model.data
    gb_seconds = gb_seconds_a_year(model.data, used, messages)
    rows = [[f"RU in `{name}`", number(units, 2)] for name, units in used.units.items()]
    rows += [
        ["**total RU**", f"**{number(used.all_units, 2)}**"],
        ["operations, documents and queues", number(used.operations, 2)],
        ["queue operations", number(used.queue_operations, 2)],
        *([f"executions, `{name}`", number(count, 2)] for name, count in used.executions.items()),
        [f"GB-s at {number(messages)} a year, estimated", number(gb_seconds / messages, 2)],
        ["reply bytes", number(used.reply_bytes)],
        [
            "polls of empty queues in a year, not included above",
            number(polls(data, used, messages)),
        ],
        ["runs of timers in a year", number(ticks(data, model.paths).runs)],
    ]
    return table(("the average message", "amount"), rows)


def containers(model: Model) -> str:
    """Show the index entries and the sizes of the documents that the paths stored."""
    rows = []
    for container in CONTAINERS:
        sizes = [
            size
            for run in model.paths.values()
            for call in run.documents
            if call.container == container.name
            for size in call.sizes
        ]
        span = f"{number(min(sizes))} to {number(max(sizes))}" if sizes else "not measured"
        terms = str(indexed_terms(container) + int(model.data.units["system_terms"]))
        rows.append([f"`{container.name}`", f"`{container.partition_key}`", terms, span])
    return table(("container", "partition key", "index entries", "stored bytes"), rows)
