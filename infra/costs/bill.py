"""The bill of a year, in euro, by component, and where the two ways to pay for requests meet."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal

from infra.costs.data import Data
from infra.costs.growth import by_container
from infra.costs.paths import Paths
from infra.costs.traffic import (
    SECONDS_A_YEAR,
    SECONDS_AN_HOUR,
    fleets,
    fullest_second,
    gb_seconds_a_year,
    hours,
    rounded_up,
)
from infra.costs.usage import ZERO, Usage

type Mode = Literal["serverless", "autoscale"]
MODES: Final[tuple[Mode, ...]] = ("serverless", "autoscale")
DEDICATED: Final = ("messages",)
"""Containers with throughput of their own in autoscale; a test holds them to the Bicep's."""
SHARED: Final = "the others"
"""All containers without: they share the database's throughput, and its physical partitions."""
MILLION: Final = 1_000_000
GB_SOLD: Final = 10**9
"""Logs and bandwidth are sold by 10^9 bytes."""


@dataclass(frozen=True, slots=True)
class Bill:
    """Euro a year by component.

    `peak` is the RU/s of the fullest second in the busiest container; `possible` is False where
    serverless has no such throughput.
    """

    components: dict[str, Decimal]
    peak: Decimal
    possible: bool

    @property
    def total(self) -> Decimal:
        """Euro a year."""
        return sum(self.components.values(), ZERO)


def pools(found: dict[str, Decimal], own: Sequence[str] = DEDICATED) -> dict[str, Decimal]:
    """Add up what containers have by the throughput they are under."""
    others = (value for name, value in found.items() if name not in own)
    return {**{name: found.get(name, ZERO) for name in own}, SHARED: sum(others, ZERO)}


def serverless_throughput(data: Data, usage: Usage, messages: Decimal) -> Decimal:
    """Return the euro a year for the RU used."""
    price = data.euro("cosmos_serverless_million_ru") * data.assumptions["zone_factor_serverless"]
    return usage.all_units * messages / MILLION * price


def autoscale_maximum(data: Data, units: Decimal, peak: Decimal, stored_gb: Decimal) -> int:
    """Return the RU/s to set: `units` a message, `peak` messages a second."""
    limits = data.limits
    needed = units * peak / data.assumptions["target_use"]
    least = max(limits["autoscale_least_ru"], stored_gb * limits["autoscale_ru_for_gb"])
    return rounded_up(max(needed, least), 1000)


def maxima(
    data: Data, usage: Usage, messages: Decimal, stored: dict[str, Decimal]
) -> dict[str, int]:
    """Return the RU/s to set for a year, with so many GB stored by container."""
    peak, gigabytes = fullest_second(data, hours(data, messages)[0].messages), pools(stored)
    return {
        name: autoscale_maximum(data, units, peak, gigabytes[name])
        for name, units in pools(usage.units).items()
    }


def autoscale_throughput(
    data: Data, usage: Usage, messages: Decimal, stored: dict[str, Decimal]
) -> Decimal:
    """Return the euro a year: each hour bills its fullest second, a tenth of the maximum at least.

    `stored` is in GB by container.
    """
    hundreds = ZERO
    units = pools(usage.units)
    for name, maximum in maxima(data, usage, messages, stored).items():
        for part in hours(data, messages):
            used = units[name] * fullest_second(data, part.messages)
            billed = rounded_up(max(used, maximum * data.limits["autoscale_floor"]), 100)
            hundreds += part.count * Decimal(billed) / 100
    return hundreds * data.euro("cosmos_autoscale_100_ru_hour")


def break_even(data: Data, paths: Paths, usage: Usage) -> int:
    """Return the messages a year, to the thousand, from which autoscale throughput is cheaper."""

    def cheaper(thousands: int) -> bool:
        messages = Decimal(thousands * 1000)
        stored = by_container(data, paths, messages)
        autoscale = autoscale_throughput(data, usage, messages, stored)
        return autoscale < serverless_throughput(data, usage, messages)

    low, high = 0, 1
    while not cheaper(high):
        low, high = high, high * 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if cheaper(middle) else (middle, high)
    return high * 1000


def functions(data: Data, usage: Usage, messages: Decimal) -> Decimal:
    """Return the euro a year on demand, the monthly grant taken off; no always-ready instance."""
    seconds = gb_seconds_a_year(data, usage, messages) - 12 * data.limits["free_gb_seconds_month"]
    executions = usage.all_executions * messages - 12 * data.limits["free_executions_month"]
    return max(ZERO, seconds) * data.euro("functions_gb_second") + max(
        ZERO, executions
    ) / MILLION * data.euro("functions_million_executions")


def message_telemetry(data: Data, usage: Usage) -> Decimal:
    """Return the billed bytes of a message's spans, events and lines of log, as they are kept."""
    given = data.assumptions
    records = given["app_records"] * given["app_kept"] + given["host_records"] * given["host_kept"]
    return usage.all_executions * records * given["record_bytes"]


def telemetry_gb(data: Data, usage: Usage, messages: Decimal) -> Decimal:
    """Return the GB a year, with the metrics of each instance, minute by minute."""
    instance_hours = sum(
        part.count * sum(fleets(data, usage, part.messages / SECONDS_AN_HOUR).values())
        for part in hours(data, messages)
        if part.messages
    )
    given = data.assumptions
    metrics = instance_hours * 60 * given["metric_series"] * given["record_bytes"]
    return (message_telemetry(data, usage) * messages + metrics) / GB_SOLD


def polls_a_year(data: Data) -> Decimal:
    """Return the receives that find nothing: one instance asks the queues all year."""
    return data.assumptions["poll_queues"] * SECONDS_A_YEAR / data.assumptions["poll_seconds"]


def storage_month(data: Data) -> Decimal:
    """Return the euro of one GB for a month; a backup of 7 days costs nothing."""
    backup = data.euro("cosmos_backup_30_days_gb_month")
    longer = data.assumptions["backup_days"] > 7  # noqa: PLR2004 - Azure's tiers: 7 days or 30
    return data.euro("cosmos_storage_gb_month") + (backup if longer else ZERO)


def bill(data: Data, paths: Paths, usage: Usage, messages: Decimal, mode: Mode) -> Bill:
    """Return the first year's bill: storage grows evenly from nothing."""
    given, euro = data.assumptions, data.euro
    stored = by_container(data, paths, messages)
    throughput = (
        serverless_throughput(data, usage, messages)
        if mode == "serverless"
        else autoscale_throughput(data, usage, messages, stored)
    )
    queue_operations = usage.queue_operations * messages + polls_a_year(data)
    vault = given["key_vault_operations_day"] * 365 / 10_000 * euro("key_vault_10000_operations")
    peak = max(usage.units.values()) * fullest_second(data, hours(data, messages)[0].messages)
    return Bill(
        {
            "Cosmos DB throughput": throughput,
            "Cosmos DB storage": sum(stored.values(), ZERO) / 2 * 12 * storage_month(data),
            "Functions": functions(data, usage, messages),
            "queues": queue_operations / 10_000 * euro("queue_10000_operations"),
            "telemetry": telemetry_gb(data, usage, messages) * euro("logs_gb"),
            "bandwidth": usage.reply_bytes * messages / GB_SOLD * euro("bandwidth_gb"),
            "vault, package": vault + 12 * given["deployment_gb"] * euro("blob_hot_gb_month"),
        },
        peak,
        possible=mode == "autoscale" or peak <= data.limits["serverless_ru_per_second"],
    )
