"""The README's tables that set one thing beside another: levers, options, IO."""

from dataclasses import replace
from decimal import Decimal

from infra.costs.bill import SECONDS_A_YEAR, autoscale_maximum, bill, telemetry_bytes
from infra.costs.growth import all_stored_gb
from infra.costs.request_units import query_units
from infra.costs.tables import Model, euro, number, table
from infra.costs.traffic import HOURS_A_YEAR, fullest_second, hours


def query_bounds(model: Model) -> tuple[Decimal, Decimal]:
    """Return the RU of an inbox page by the least and by the largest published figure."""
    data = model.data
    sizes = model.paths["inbox"].documents[0].sizes
    return (
        query_units(data, sizes, data.units["query_document_least"]),
        query_units(data, sizes, data.units["query_document"]),
    )


def levers(model: Model) -> str:
    """Show what one input changes of a year's bill on autoscale, at the volume assumed."""
    messages = model.data.assumptions["messages"]

    def total(other: Model) -> Decimal:
        return bill(other.data, other.paths, other.usage, messages, "autoscale").total

    def assuming(**changes: str) -> Model:
        values = {name: Decimal(value) for name, value in changes.items()}
        return replace(
            model, data=replace(model.data, assumptions=model.data.assumptions.changed(values))
        )

    def ruled(**changes: Decimal) -> Model:
        return replace(model, data=replace(model.data, units=model.data.units.changed(changes)))

    least = model.data.units["query_document_least"]
    now = total(model)
    low, high = query_bounds(model)
    options = (
        (
            f"an inbox page costs {number(low, 1)} RU, not {number(high, 1)}",
            ruled(query_document=least),
        ),
        ("half as many inbox pages", assuming(reads=str(model.data.assumptions["reads"] / 2))),
        ("instances of 512 MB, if the app fits", assuming(instance_gb="0.5")),
        ("no telemetry sampled", assuming(telemetry_sampled="0")),
        ("all telemetry kept", assuming(telemetry_sampled="1")),
        ("a peak hour of 10 % of the day", assuming(peak_hour_share="0.1")),
        ("throughput used to 90 %", assuming(target_use="0.9")),
    )
    rows = [[name, euro(total(other) - now)] for name, other in options]
    bytes_ = telemetry_bytes(model.data, model.usage)
    heads = (
        f"change, at {number(messages)} messages and {number(bytes_)} telemetry bytes each",
        "euro a year",
    )
    return table(heads, rows)


def options(model: Model) -> str:
    """Show what is in no total, in euro a year at the volume assumed."""
    data, given = model.data, model.data.assumptions
    messages = given["messages"]
    stored = all_stored_gb(data, model.paths, messages, Decimal(1))
    peak = fullest_second(data, hours(data, messages)[0].messages)
    maxima = sum(
        autoscale_maximum(data, units, peak, stored if name == "messages" else Decimal(0))
        for name, units in model.usage.units.items()
    )
    hour = data.euro("cosmos_provisioned_100_ru_hour") * given["zone_factor_provisioned"]
    groups = len(model.usage.executions)
    ready = groups * given["instance_gb"] * SECONDS_A_YEAR * data.euro("functions_ready_gb_second")
    busy = groups * given["instance_gb"] * SECONDS_A_YEAR
    busy *= data.euro("functions_ready_execution_gb_second")
    rows = [
        [
            f"{number(maxima)} RU/s provisioned all year, instead of autoscale",
            euro(Decimal(maxima) / 100 * HOURS_A_YEAR * hour),
        ],
        [f"{groups} always-ready instances, one for each group of functions, idle", euro(ready)],
        ["the same, executing all the time, on top", euro(busy)],
        ["API Management, one unit", euro(12 * data.euro("api_management_month"))],
    ]
    return table(("option", "euro a year"), rows)


def beside_io(model: Model) -> str:
    """Show operations on documents and queues, beside those that IO's own backend makes."""

    def count(*names: str) -> int:
        runs = [model.paths[name] for name in names]
        return sum(len(run.documents) + len(run.queues) for run in runs)

    accept, seen = ("submit plain",), ("submit plain", "fan out plain")
    rows = [
        ["to accept", count(*accept), "accept"],
        ["until the citizen sees it", count(*seen), "seen"],
        ["and the push is sent", count(*seen, "notify"), "push"],
        [f"an inbox page of {given_items(model)}", count("inbox"), "inbox"],
    ]
    return table(
        ("operations", "Recapito", "IO"),
        [[str(what), str(ours), str(model.data.io[str(io)])] for what, ours, io in rows],
    )


def given_items(model: Model) -> int:
    """Return the messages of an inbox page."""
    return int(model.data.assumptions["page_items"])
