"""The README's tables that set one thing beside another: levers, options, IO."""

from dataclasses import replace
from decimal import Decimal

from infra.costs.bill import bill, maxima, message_telemetry
from infra.costs.growth import by_container
from infra.costs.request_units import query_units
from infra.costs.tables import Model, euro, number, table
from infra.costs.traffic import HOURS_A_YEAR, SECONDS_A_YEAR


def levers(model: Model) -> str:
    """Show what one input changes of a year's bill on autoscale, at the volume assumed."""
    data, messages = model.data, model.data.assumptions["messages"]

    def total(other: Model) -> Decimal:
        return bill(other.data, other.paths, other.usage, messages, "autoscale").total

    def assuming(**changes: Decimal) -> Model:
        assumptions = data.assumptions.changed(changes)
        return replace(model, data=replace(data, assumptions=assumptions))

    def ruled(**changes: Decimal) -> Model:
        return replace(model, data=replace(data, units=data.units.changed(changes)))

    sizes, least = model.paths["inbox"].documents[0].sizes, data.units["query_document_least"]
    low, high = (query_units(data, sizes, one) for one in (least, data.units["query_document"]))
    options = (
        ("the host's telemetry sampled like the app's", assuming(host_kept=Decimal("0.05"))),
        ("all of the app's traces kept", assuming(app_kept=Decimal(1))),
        (
            f"an inbox page costs {number(low, 1)} RU, not {number(high, 1)}",
            ruled(query_document=least),
        ),
        ("half as many inbox pages", assuming(reads=data.assumptions["reads"] / 2)),
        ("point reads as under Session consistency", ruled(current_read=Decimal(1))),
        ("instances of 512 MB, if the app fits", assuming(instance_mb=Decimal(512))),
        ("a peak hour of 10 % of the day", assuming(peak_hour_share=Decimal("0.1"))),
        ("backups of 30 days", assuming(backup_days=Decimal(30))),
    )
    now = total(model)
    rows = [[name, euro(total(other) - now)] for name, other in options]
    bytes_ = number(message_telemetry(data, model.usage))
    heads = (
        f"change, at {number(messages)} messages and {bytes_} telemetry bytes each",
        "euro a year",
    )
    return table(heads, rows)


def options(model: Model) -> str:
    """Show what is in no total, in euro a year at the volume assumed."""
    data, given = model.data, model.data.assumptions
    messages = given["messages"]
    highest = sum(
        maxima(data, model.usage, messages, by_container(data, model.paths, messages)).values()
    )
    fixed = data.euro("cosmos_provisioned_100_ru_hour") * given["zone_factor_provisioned"]
    ours = (given["messages_max_throughput"], given["shared_max_throughput"])
    idle = sum(ours) * data.limits["autoscale_floor"] * data.euro("cosmos_autoscale_100_ru_hour")
    groups = len(model.usage.executions)
    ready = groups * given["instance_mb"] / 1024 * SECONDS_A_YEAR
    rows = [
        [
            f"{number(highest)} RU/s provisioned all year, instead of autoscale",
            euro(highest * fixed * HOURS_A_YEAR / 100),
        ],
        [
            f"ceilings of {number(ours[0])} and {number(ours[1])} RU/s, the default, all idle",
            euro(idle * HOURS_A_YEAR / 100),
        ],
        [
            f"{groups} always-ready instances, one for each group of functions, idle",
            euro(ready * data.euro("functions_ready_gb_second")),
        ],
        [
            "the same, executing all the time, on top",
            euro(ready * data.euro("functions_ready_execution_gb_second")),
        ],
        ["API Management, one unit", euro(12 * data.euro("api_management_month"))],
    ]
    return table(("option", "euro a year"), rows)


def beside_io(model: Model) -> str:
    """Show operations on documents and queues, beside those that IO's own backend makes."""

    def row(what: str, theirs: str, *names: str) -> list[str]:
        runs = [model.paths[name] for name in names]
        count = sum(len(run.documents) + len(run.queues) for run in runs)
        return [what, str(count), str(model.data.io[theirs])]

    seen = ("submit plain", "fan out plain")
    rows = [
        row("to accept", "accept", "submit plain"),
        row("until the citizen sees it", "seen", *seen),
        row("and the push is sent", "push", *seen, "notify"),
        row(f"an inbox page of {model.data.assumptions['page_items']}", "inbox", "inbox"),
    ]
    return table(("operations", "Recapito", "IO"), rows)
