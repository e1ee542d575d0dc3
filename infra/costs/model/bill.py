"""Compute a year's bill in euro, by component, for a set of parameters."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from infra.costs.measuring.runs import Paths
from infra.costs.model.data import Data
from infra.costs.model.deployment import Deployment
from infra.costs.model.growth import by_container
from infra.costs.model.standing import gateway, hub, looks, monitoring, network, polls, ready, ticks
from infra.costs.model.throughput import MILLION, fullest_units, throughput_euro
from infra.costs.model.traffic import (
    SECONDS_AN_HOUR,
    fleets,
    gb_seconds_a_year,
    hours,
)
from infra.costs.model.usage import ZERO, Usage, notices

GB_SOLD: Final = 10**9
"""The bytes of a GB in the prices of logs and bandwidth."""
_FREE_BACKUP_DAYS = 7
"""Azure has two tiers of continuous backup: 7 days and 30 days."""


@dataclass(frozen=True, slots=True)
class Bill:
    """A bill in euro a year, by component.

    `peak` is the RU/s of the peak second in the busiest container; `possible` is False if the mode
    (serverless or free) has less throughput.
    """

    components: dict[str, Decimal]
    peak: Decimal
    possible: bool

    @property
    def total(self) -> Decimal:
        """Return the total in euro a year."""
        return sum(self.components.values(), ZERO)


def functions(data: Data, usage: Usage, messages: Decimal, standing: Decimal = ZERO) -> Decimal:
    """Return the euro a year on demand, less the monthly free grant.

    The `standing` runs need no message, for example timers. Each runs alone on its instance, for
    the shortest billed time.
    """
    alone = standing * data.limits["least_billed_seconds"] * data.assumptions["instance_mb"] / 1024
    seconds = gb_seconds_a_year(data, usage, messages) + alone
    seconds -= 12 * data.limits["free_gb_seconds_month"]
    executions = usage.all_executions * messages + standing
    executions -= 12 * data.limits["free_executions_month"]
    return max(ZERO, seconds) * data.euro("functions_gb_second") + max(
        ZERO, executions
    ) / MILLION * data.euro("functions_million_executions")


def message_telemetry(data: Data, usage: Usage) -> Decimal:
    """Return the billed bytes of a message's kept spans, events and log records."""
    given = data.assumptions
    records = given["app_records"] * given["app_kept"] + given["host_records"] * given["host_kept"]
    return usage.all_executions * records * given["record_bytes"]


def telemetry_gb(data: Data, usage: Usage, messages: Decimal) -> Decimal:
    """Return the GB a year, including the metrics of each instance in each minute."""
    instance_hours = sum(
        part.count * sum(fleets(data, usage, part.messages / SECONDS_AN_HOUR).values())
        for part in hours(data, messages)
        if part.messages
    )
    given = data.assumptions
    metrics = instance_hours * 60 * given["metric_series"] * given["record_bytes"]
    return (message_telemetry(data, usage) * messages + metrics) / GB_SOLD


def storage_month(data: Data) -> Decimal:
    """Return the euro for one stored GB in a month; a backup of 7 days costs nothing."""
    backup = data.euro("cosmos_backup_30_days_gb_month")
    longer = data.assumptions["backup_days"] > _FREE_BACKUP_DAYS
    return data.euro("cosmos_storage_gb_month") + (backup if longer else ZERO)


def stored_euro(data: Data, deployment: Deployment, stored: dict[str, Decimal]) -> Decimal:
    """Return the euro of the first year's documents, which grow evenly from zero."""
    grown = sum(stored.values(), ZERO) / 2
    if deployment["cosmosMode"] == "free":
        grown = max(ZERO, grown - data.limits["free_tier_gb"])
    return grown * 12 * storage_month(data)


def bill(data: Data, paths: Paths, usage: Usage, messages: Decimal, deployment: Deployment) -> Bill:
    """Return the first year's bill of the resources that a set of parameters deploys."""
    data = deployment.applied(data)
    given, euro, mode = data.assumptions, data.euro, deployment["cosmosMode"]
    stored = by_container(data, paths, messages)
    idle = ticks(data, paths)
    in_ticks = sum(idle.units.values(), ZERO) / MILLION * euro("cosmos_serverless_million_ru")
    operations = usage.queue_operations * messages + polls(data, usage, messages)
    blobs = idle.runs * given["blob_writes_of_a_tick"] / 10_000 * euro("blob_10000_writes")
    blobs += usage.blob_writes * messages / 10_000 * euro("blob_10000_writes")
    blobs += usage.blob_reads * messages / 10_000 * euro("blob_10000_reads")
    vault = given["key_vault_operations_day"] * 365 / 10_000 * euro("key_vault_10000_operations")
    reached = given["push_share"] * notices(data) * messages
    mailed = given["email_share"] * notices(data) * messages
    out = (usage.reply_bytes * messages + mailed * given["email_bytes"]) / GB_SOLD
    fullest = fullest_units(data, usage, hours(data, messages)[0].messages)
    peak = max(fullest.values())
    within = {
        "serverless": peak <= data.limits["serverless_ru_per_second"],
        "free": sum(fullest.values(), ZERO) <= data.limits["free_tier_ru"],
    }
    return Bill(
        {
            "Cosmos DB throughput": throughput_euro(data, usage, messages, stored, deployment)
            + (in_ticks * given["zone_factor_serverless"] if mode == "serverless" else ZERO),
            "Cosmos DB storage": stored_euro(data, deployment, stored),
            "Functions": functions(data, usage, messages, idle.runs + looks(deployment))
            + ready(data, deployment),
            "queues": operations / 10_000 * euro("queue_10000_operations"),
            "push": hub(data, deployment, reached),
            "telemetry": max(
                ZERO,
                telemetry_gb(data, usage, messages) - 12 * data.limits["free_logs_gb_month"],
            )
            * euro("logs_gb"),
            "alerts, availability test": monitoring(data, deployment),
            "private network": network(data, deployment, _through_endpoints(data, usage, messages)),
            "API Management": gateway(data, deployment),
            "bandwidth": max(ZERO, out - 12 * data.limits["free_bandwidth_gb_month"])
            * euro("bandwidth_gb"),
            "vault, package, timers": vault
            + 12 * given["deployment_gb"] * euro("blob_hot_gb_month")
            + blobs,
        },
        peak,
        possible=within.get(mode, True),
    )


def _through_endpoints(data: Data, usage: Usage, messages: Decimal) -> Decimal:
    """Return the GB a year of requests to documents and queues, in both directions."""
    return usage.operations * messages * data.assumptions["operation_bytes"] / GB_SOLD
