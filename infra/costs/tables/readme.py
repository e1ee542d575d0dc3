"""Write the generated parts of README.md, between `<!-- table: name -->` and `<!-- end -->`."""

import re
from pathlib import Path
from typing import Final

from infra.costs.measuring.paths import measure
from infra.costs.model.data import Data, DataError
from infra.costs.tables import comparisons
from infra.costs.tables import layout as tables
from infra.costs.tables import national as national_tables
from infra.costs.tables import stampede as stampede_tables
from infra.costs.tables import year as year_tables
from infra.costs.tables.layout import Model

FILE: Final = Path(__file__).parents[1] / "README.md"
_PART: Final = re.compile(r"(<!-- table: ([a-z-]+) -->\n).*?(<!-- end -->)", re.DOTALL)


def _prices(model: Model) -> str:
    rows = [
        [f"{one.unit} (`{name}`)", f"{one.euro}", one.region, str(one.date), one.status]
        for name, one in model.data.prices.items()
    ]
    return tables.table(("unit", "euro", "region", "date", "status"), rows)


def build(data: Data) -> dict[str, str]:
    """Measure the app and return every table by name; raise MeasureError, DataError, OSError."""
    given = data.assumptions
    paths = measure(
        characters=int(given["message_characters"]), page_items=int(given["page_items"])
    )
    model = Model(data, paths)
    return {
        "paths": tables.per_path(model),
        "message": tables.per_message(model),
        "containers": tables.containers(model),
        "bills": year_tables.bills(model),
        "break-even": year_tables.break_even_table(model),
        "national": national_tables.throughput(model),
        "national-costs": national_tables.costs(model),
        "queues": national_tables.queues(model),
        "instances": national_tables.instances(model),
        "hot-keys": national_tables.hot_keys(model),
        "stampede": stampede_tables.throughput(model),
        "stampede-requests": stampede_tables.requests(model),
        "stampede-instances": stampede_tables.instances(model),
        "growth": year_tables.growth(model),
        "levers": comparisons.levers(model),
        "small-levers": comparisons.small_levers(model),
        "options": comparisons.options(model),
        "io": comparisons.beside_io(model),
        "batches": comparisons.batches(model),
        "prices": _prices(model),
    }


def rewritten(text: str, built: dict[str, str]) -> str:
    """Return the text with its generated parts replaced.

    Raises: DataError if the text does not have every table exactly once.
    """
    if sorted(_names(text)) != sorted(built):
        raise DataError(f"README.md must have each of these tables once: {', '.join(built)}")
    return _PART.sub(lambda part: f"{part[1]}\n{built[part[2]]}\n\n{part[3]}", text)


def _names(text: str) -> list[str]:
    return [part[2] for part in _PART.finditer(text)]
