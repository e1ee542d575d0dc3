"""Compute the price of throughput, by request and by autoscale, and the break-even of both."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from infra.costs.measuring.runs import Paths
from infra.costs.model.data import Data
from infra.costs.model.deployment import Deployment
from infra.costs.model.growth import by_container
from infra.costs.model.traffic import SECONDS_AN_HOUR, hours, rounded_up
from infra.costs.model.usage import ZERO, Usage

DEDICATED: Final = ("messages",)
"""Containers with their own throughput in autoscale; a test compares them with the Bicep."""
SHARED: Final = "the others"
"""All other containers, which share the database's throughput and physical partitions."""
MILLION: Final = 1_000_000


def pools(found: dict[str, Decimal], own: Sequence[str] = DEDICATED) -> dict[str, Decimal]:
    """Add the containers' values by throughput."""
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
    data: Data,
    usage: Usage,
    messages: Decimal,
    stored: dict[str, Decimal],
    deployed: Deployment | None = None,
) -> dict[str, int]:
    """Return the RU/s to set for a year, with so many GB stored by container.

    The deployed values are kept if they are enough.
    """
    # partitions save unused RU for five minutes, for seconds above the mean
    peak, gigabytes = hours(data, messages)[0].messages / SECONDS_AN_HOUR, pools(stored)
    given = ceilings(deployed) if deployed else {}
    return {
        name: max(given.get(name, 0), autoscale_maximum(data, units, peak, gigabytes[name]))
        for name, units in pools(usage.units).items()
    }


def ceilings(deployment: Deployment) -> dict[str, int]:
    """Return the RU/s that a set of parameters sets, by throughput."""
    own = dict.fromkeys(DEDICATED, int(deployment.number("messagesMaxThroughput")))
    return {**own, SHARED: int(deployment.number("sharedMaxThroughput"))}


def fullest_units(data: Data, usage: Usage, messages: Decimal) -> dict[str, Decimal]:
    """Return the RU/s of the peak second in an hour with `messages`, by throughput.

    Requests come in bursts. Work from queues is smoother: queues delay it by seconds, and the
    stages of a message run at different times.
    """
    a_second = messages / SECONDS_AN_HOUR
    asked = pools(usage.asked)
    given = data.assumptions
    return {
        name: a_second * (asked[name] * given["burst"] + (units - asked[name]) * given["levelled"])
        for name, units in pools(usage.units).items()
    }


def autoscale_throughput(
    data: Data,
    usage: Usage,
    messages: Decimal,
    stored: dict[str, Decimal],
    deployed: Deployment | None = None,
) -> Decimal:
    """Return the euro a year: each hour bills its peak second, at least a tenth of the maximum.

    Above the maximum a second uses the RU that its partitions saved (burst capacity), at no charge.
    `stored` is in GB by container.
    """
    hundreds = ZERO
    highest = maxima(data, usage, messages, stored, deployed)
    for part in hours(data, messages):
        for name, fullest in fullest_units(data, usage, part.messages).items():
            used = min(Decimal(highest[name]), fullest)
            billed = rounded_up(max(used, highest[name] * data.limits["autoscale_floor"]), 100)
            hundreds += part.count * Decimal(billed) / 100
    return hundreds * data.euro("cosmos_autoscale_100_ru_hour")


def break_even(data: Data, paths: Paths, usage: Usage) -> int:
    """Return the messages a year, in steps of 1,000, from which autoscale throughput is cheaper."""

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


def throughput_euro(
    data: Data,
    usage: Usage,
    messages: Decimal,
    stored: dict[str, Decimal],
    deployment: Deployment,
) -> Decimal:
    """Return the euro a year for requests to documents; zero for the free account."""
    match deployment["cosmosMode"]:
        case "serverless":
            return serverless_throughput(data, usage, messages)
        case "autoscale":
            return autoscale_throughput(data, usage, messages, stored, deployment)
        case _:
            return ZERO
