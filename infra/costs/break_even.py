"""Where autoscale throughput becomes cheaper than a serverless account."""

from decimal import Decimal

from infra.costs.bill import MILLION, autoscale_throughput, serverless_throughput
from infra.costs.data import Data
from infra.costs.growth import all_stored_gb
from infra.costs.paths import Paths
from infra.costs.usage import Usage


def break_even(data: Data, paths: Paths, usage: Usage) -> int:
    """Return the messages a year, to the thousand, from which autoscale throughput is cheaper."""

    def cheaper(thousands: int) -> bool:
        messages = Decimal(thousands * 1000)
        stored = all_stored_gb(data, paths, messages, Decimal(1))
        autoscale = autoscale_throughput(data, usage, messages, stored)
        return autoscale < serverless_throughput(data, usage, messages)

    low, high = 0, 1
    while not cheaper(high):
        low, high = high, high * 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if cheaper(middle) else (middle, high)
    return high * 1000


def break_even_use(data: Data) -> Decimal:
    """Return the share of the billed throughput that must be used for autoscale to be cheaper."""
    hour = data.euro("cosmos_autoscale_100_ru_hour") / (100 * 3600)
    serverless = (
        data.euro("cosmos_serverless_million_ru")
        * data.assumptions["zone_factor_serverless"]
        / MILLION
    )
    return hour / serverless
