"""The README's tables on a year: euro, the break-even, what is stored."""

from decimal import Decimal
from typing import Final

from infra.costs.bill import MILLION, MODES, bill
from infra.costs.break_even import break_even, break_even_use
from infra.costs.growth import kept, stored_gb
from infra.costs.tables import Model, euro, number, table

VOLUMES: Final = (1_000_000, 100_000_000, 1_000_000_000)
YEARS: Final = (1, 2, 3, 5, 10)


def bills(model: Model) -> str:
    """Show euro a year and for a million messages, by volume and mode."""
    heads = ["euro a year"]
    found = []
    for volume in VOLUMES:
        for mode in MODES:
            one = bill(model.data, model.paths, model.usage, Decimal(volume), mode)
            found.append(one)
            note = "" if one.possible else " (too slow)"
            heads.append(f"{number(volume // MILLION)} M {mode}{note}")
    rows = [
        [
            name,
            *(
                f"{euro(one.components[name])} ({one.components[name] / one.total:.0%})"
                for one in found
            ),
        ]
        for name in found[0].components
    ]
    totals = [f"**{euro(one.total)}**" for one in found]
    millions = [
        euro(one.total * MILLION / volume)
        for one, volume in zip(found, [volume for volume in VOLUMES for _ in MODES], strict=True)
    ]
    peaks = [number(one.peak) for one in found]
    rows += [
        ["**total**", *totals],
        ["euro a million messages", *millions],
        ["RU/s in `messages`, fullest second", *peaks],
    ]
    return table(heads, rows)


def break_even_table(model: Model) -> str:
    """Show where autoscale throughput becomes cheaper than serverless."""
    rows = [
        [
            "messages a year, with the traffic assumed",
            number(break_even(model.data, model.paths, model.usage)),
        ],
        [
            "share of the billed RU/s that is used, whatever the traffic",
            f"{break_even_use(model.data):.1%}",
        ],
    ]
    return table(("autoscale is cheaper from", "amount"), rows)


def growth(model: Model) -> str:
    """Show GB by year for each kind of document, at the volume assumed."""
    data = model.data
    messages = data.assumptions["messages"]
    rows = []
    totals = [Decimal(0)] * len(YEARS)
    for one in kept(data, model.paths):
        sizes = [stored_gb(data, one, messages, Decimal(year)) for year in YEARS]
        totals = [total + size for total, size in zip(totals, sizes, strict=True)]
        lives = "for ever" if one.days is None else f"{number(one.days)} d"
        rows.append([f"{one.name}, {lives}", *(number(size, 1) for size in sizes)])
    price = data.euro("cosmos_storage_gb_month") + data.euro("cosmos_backup_30_days_gb_month")
    partition = data.limits["partition_gb"]
    rows += [
        ["all", *(number(total, 1) for total in totals)],
        ["euro a month, with backup", *(euro(total * price) for total in totals)],
        ["physical partitions by size", *(number(-(-total // partition)) for total in totals)],
    ]
    heads = (f"GB, {number(messages / MILLION)} M a year", *(f"year {year}" for year in YEARS))
    return table(heads, rows)
