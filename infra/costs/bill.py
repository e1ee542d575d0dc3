"""The bill of a year, in euro, by component."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal

from infra.costs.data import Data
from infra.costs.growth import all_stored_gb
from infra.costs.paths import Paths
from infra.costs.traffic import fullest_second, gb_seconds_an_hour, hours, rounded_up
from infra.costs.usage import Usage
from lib.schema import CONTAINERS

type Mode = Literal["serverless", "autoscale"]
MODES: Final[tuple[Mode, ...]] = ("serverless", "autoscale")
MILLION: Final = 1_000_000
GB_SOLD: Final = 10**9
"""Logs and bandwidth are sold by 10^9 bytes."""
SECONDS_A_YEAR: Final = 365 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Bill:
    """Euro a year by component. `peak` is the RU/s of the fullest second in the fullest container.

    `possible` is False where serverless has no such throughput.
    """

    components: dict[str, Decimal]
    peak: Decimal
    possible: bool

    @property
    def total(self) -> Decimal:
        """Euro a year."""
        return sum(self.components.values(), Decimal(0))


def serverless_throughput(data: Data, usage: Usage, messages: Decimal) -> Decimal:
    """Return the euro a year for the RU used."""
    price = data.euro("cosmos_serverless_million_ru") * data.assumptions["zone_factor_serverless"]
    return usage.all_units * messages / MILLION * price


def autoscale_maximum(data: Data, units: Decimal, peak: Decimal, stored_gb: Decimal) -> int:
    """Return the RU/s to set for a container: `units` a message, `peak` messages a second."""
    limits = data.limits
    needed = units * peak / data.assumptions["target_use"]
    least = max(limits["autoscale_least_ru"], stored_gb * limits["autoscale_ru_for_gb"])
    return rounded_up(max(needed, least), 1000)


def autoscale_throughput(
    data: Data, usage: Usage, messages: Decimal, stored_gb: Decimal
) -> Decimal:
    """Return the euro a year: each hour bills its fullest second, a tenth of the maximum at least.

    Every container has its own throughput; what is stored is nearly all in `messages`.
    """
    year = hours(data, messages)
    peak = fullest_second(data, year[0].messages)
    hundreds = Decimal(0)
    for container in CONTAINERS:
        units = usage.units.get(container.name, Decimal(0))
        gb = stored_gb if container.name == "messages" else Decimal(0)
        maximum = autoscale_maximum(data, units, peak, gb)
        for part in year:
            used = units * fullest_second(data, part.messages)
            billed = rounded_up(max(used, maximum * data.limits["autoscale_floor"]), 100)
            hundreds += part.count * Decimal(billed) / 100
    return hundreds * data.euro("cosmos_autoscale_100_ru_hour")


def functions(data: Data, usage: Usage, messages: Decimal) -> Decimal:
    """Return the euro a year on demand, the monthly grant taken off."""
    seconds = sum(
        (
            part.count * gb_seconds_an_hour(data, usage, part.messages)
            for part in hours(data, messages)
        ),
        Decimal(0),
    )
    seconds = max(Decimal(0), seconds - 12 * data.limits["free_gb_seconds_month"])
    executions = usage.all_executions * messages - 12 * data.limits["free_executions_month"]
    return seconds * data.euro("functions_gb_second") + max(
        Decimal(0), executions
    ) / MILLION * data.euro("functions_million_executions")


def telemetry_bytes(data: Data, usage: Usage) -> Decimal:
    """Return the billed bytes of a message's sampled spans and log records."""
    given = data.assumptions
    spans = usage.all_executions * (1 + given["log_records"]) + usage.operations
    return spans * given["telemetry_sampled"] * given["telemetry_bytes"]


def polls_a_year(data: Data) -> Decimal:
    """Return the receives that find nothing: one instance asks the queues all year."""
    return data.assumptions["poll_queues"] * SECONDS_A_YEAR / data.assumptions["poll_seconds"]


def bill(data: Data, paths: Paths, usage: Usage, messages: Decimal, mode: Mode) -> Bill:
    """Return the first year's bill: storage grows evenly from nothing."""
    given, euro = data.assumptions, data.euro
    stored = all_stored_gb(data, paths, messages, Decimal(1))
    peak = fullest_second(data, hours(data, messages)[0].messages)
    throughput = (
        serverless_throughput(data, usage, messages)
        if mode == "serverless"
        else autoscale_throughput(data, usage, messages, stored)
    )
    storage_month = euro("cosmos_storage_gb_month") + euro("cosmos_backup_30_days_gb_month")
    queue_operations = usage.queue_operations * messages + polls_a_year(data)
    vault = given["key_vault_operations_day"] * 365 / 10_000 * euro("key_vault_10000_operations")
    fullest = max(usage.units.values()) * peak
    return Bill(
        {
            "Cosmos DB throughput": throughput,
            "Cosmos DB storage, backup": stored / 2 * 12 * storage_month,
            "Functions": functions(data, usage, messages),
            "queues": queue_operations / 10_000 * euro("queue_10000_operations"),
            "telemetry": telemetry_bytes(data, usage) * messages / GB_SOLD * euro("logs_gb"),
            "bandwidth": usage.reply_bytes * messages / GB_SOLD * euro("bandwidth_gb"),
            "vault, package": vault + 12 * given["deployment_gb"] * euro("blob_hot_gb_month"),
        },
        fullest,
        possible=mode == "autoscale" or fullest <= data.limits["serverless_ru_per_second"],
    )
