"""Build the README's tables about a year: euro, break-even, stored data."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from infra.costs.model.bill import bill, storage_month, telemetry_gb
from infra.costs.model.deployment import read_deployment
from infra.costs.model.growth import by_container, kept, stored_gb
from infra.costs.model.throughput import MILLION, SHARED, break_even, maxima, serverless_throughput
from infra.costs.model.traffic import SECONDS_AN_HOUR
from infra.costs.tables.layout import Model, euro, number, table

PRICED: Final = (
    (1_000_000, "small"),
    (1_000_000, "production"),
    (10_000_000, "small"),
    (10_000_000, "production"),
    (100_000_000, "production"),
    (1_000_000_000, "production"),
)
YEARS: Final = (1, 2, 3, 5, 10)


def bills(model: Model) -> str:
    """Show euro a year and for a million messages, by volume and set of parameters."""
    data, paths, used = model.data, model.paths, model.usage
    columns = [(Decimal(volume), read_deployment(name)) for volume, name in PRICED]
    found = [bill(data, paths, used, volume, one) for volume, one in columns]
    pushed = [
        bill(data, paths, used, volume, one.chosen(withNotificationHub="true")).total
        for volume, one in columns
    ]
    heads = ["euro a year"]
    ceilings, daily = [], []
    for (volume, deployment), one in zip(columns, found, strict=True):
        note = "" if one.possible else " (too slow)"
        heads.append(f"{number(volume / MILLION)} M {deployment.name}{note}")
        stored = by_container(data, paths, volume)
        highest = maxima(data, used, volume, stored, deployment)
        set_ = deployment["cosmosMode"] == "autoscale"
        ceilings.append(" + ".join(map(number, highest.values())) if set_ else "")
        telemetry = telemetry_gb(deployment.applied(data), used, volume)
        daily.append(telemetry / data.assumptions["traffic_days"])
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

    def a_million(totals: Sequence[Decimal]) -> list[str]:
        return [
            euro(total * MILLION / volume)
            for total, (volume, _) in zip(totals, columns, strict=True)
        ]

    rows += [
        ["**total**", *(f"**{euro(one.total)}**" for one in found)],
        ["euro a million messages", *a_million([one.total for one in found])],
        ["total with a Notification Hub", *map(euro, pushed)],
        ["euro a million messages with it", *a_million(pushed)],
        ["RU/s in the peak second, the larger throughput", *(number(one.peak) for one in found)],
        [f"RU/s to set, `messages` + {SHARED}", *ceilings],
        [
            f"GB of telemetry a day, cap {number(data.assumptions['log_daily_cap_gb'])}",
            *(number(one, 1) for one in daily),
        ],
    ]
    return table(heads, rows)


def break_even_table(model: Model) -> str:
    """Show the volume above which autoscale throughput is cheaper than serverless."""
    data = model.data
    serverless = serverless_throughput(data, model.usage, Decimal(1)) / model.usage.all_units
    autoscale = data.euro("cosmos_autoscale_100_ru_hour") / (100 * SECONDS_AN_HOUR)
    rows = [
        [
            "messages a year, with the assumed traffic",
            number(break_even(data, model.paths, model.usage)),
        ],
        [
            "used share of the billed RU/s, for any traffic",
            f"{autoscale / serverless:.1%}",
        ],
    ]
    return table(("autoscale is cheaper from", "amount"), rows)


def growth(model: Model) -> str:
    """Show the GB by year for each kind of document, at the assumed volume."""
    data = model.data
    messages = data.assumptions["messages"]
    rows = []
    totals = [Decimal(0)] * len(YEARS)
    for one in kept(data, model.paths):
        sizes = [stored_gb(data, one, messages, Decimal(year)) for year in YEARS]
        totals = [total + size for total, size in zip(totals, sizes, strict=True)]
        lives = "for ever" if one.days is None else f"{number(one.days)} d"
        rows.append([f"{one.name}, {lives}", *(number(size, 1) for size in sizes)])
    partition = data.limits["partition_gb"]
    rows += [
        ["total", *(number(total, 1) for total in totals)],
        ["euro a month", *(euro(total * storage_month(data)) for total in totals)],
        ["physical partitions by size", *(number(-(-total // partition)) for total in totals)],
    ]
    heads = (f"GB, {number(messages / MILLION)} M a year", *(f"year {year}" for year in YEARS))
    return table(heads, rows)
