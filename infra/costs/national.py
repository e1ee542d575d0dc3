"""A send to the whole country: throughput, partitions, queues, instances."""

import math
from dataclasses import dataclass
from decimal import Decimal

from infra.costs.bill import MILLION
from infra.costs.data import Data
from infra.costs.growth import GIGABYTE, kept
from infra.costs.paths import Paths
from infra.costs.traffic import HOURS_A_YEAR, instances, rounded_up
from infra.costs.usage import Usage, usage, weights


@dataclass(frozen=True, slots=True)
class Partitions:
    """A container in the send: RU/s, and the physical partitions it needs.

    `fullest` is the RU/s of the fullest partition in a second, with all but certainty.
    """

    container: str
    units_a_second: Decimal
    maximum: int
    gigabytes: Decimal
    count: int
    fullest: Decimal

    @property
    def given(self) -> Decimal:
        """RU/s that each partition has of the maximum: an equal part."""
        return Decimal(self.maximum) / self.count


def shares(data: Data) -> dict[str, Decimal]:
    """Return how often each path runs for a message of the send, while it lasts."""
    usual = weights(data)
    opened = usual["notify"] * data.national["app_openings"]
    now = {"inbox": opened, "open": opened, "mark": opened}
    later = {"archive": Decimal(0), "status": Decimal(0)}
    return usual | now | later


def a_second(data: Data) -> Decimal:
    """Return the messages a second."""
    return data.national["messages"] / (data.national["hours"] * 3600)


def fullest_share(balls: Decimal, bins: int) -> Decimal:
    """Bound the fullest of `bins` that `balls` fall into evenly: m/n + sqrt(2 m/n ln n).

    Raab and Steger, "Balls into bins", 1998, for many balls in each bin.
    """
    if bins == 1:
        return balls
    mean = balls / bins
    return mean + (2 * mean * Decimal(bins).ln()).sqrt()


def partitions(data: Data, paths: Paths) -> list[Partitions]:
    """Return the containers that the send writes or reads, the busiest first."""
    used = usage(data, paths, shares(data))
    rate = a_second(data)
    stored = dict.fromkeys(used.units, Decimal(0))
    names = {"messages": "messages", "deliveries": "deliveries"}
    for one in kept(data, paths):
        if one.name in names:
            index = 1 + data.assumptions["index_share"]
            stored[names[one.name]] = one.bytes * data.national["messages"] * index / GIGABYTE
    found = []
    for container, units in used.units.items():
        maximum = rounded_up(units * rate / data.assumptions["target_use"], 1000)
        by_units = math.ceil(maximum / data.limits["partition_ru_per_second"])
        by_size = math.ceil(stored[container] / data.limits["partition_gb"])
        # partitions split in halves: only a power of two has them even
        count = 2 ** math.ceil(math.log2(max(1, by_units, by_size)))
        found.append(
            Partitions(
                container,
                units * rate,
                maximum,
                stored[container],
                count,
                fullest_share(rate, count) * units,
            )
        )
    return sorted(found, key=lambda one: -one.units_a_second)


def presplit_euro(data: Data, found: list[Partitions]) -> tuple[Decimal, Decimal]:
    """Return the euro of splitting before the send, and of what it adds to a year's floor.

    While partitions split, a tenth of the maximum that makes them is billed. Ever after, a tenth
    of it is the least maximum, and of that a tenth is billed.
    """
    limits = data.limits
    price = data.euro("cosmos_autoscale_100_ru_hour") / 100
    splits = added = Decimal(0)
    for one in found:
        if one.count > 1:
            highest = one.count * limits["partition_ru_per_second"]
            least = highest * limits["autoscale_highest_share"] - limits["autoscale_least_ru"]
            splits += highest * limits["autoscale_floor"]
            added += max(Decimal(0), least) * limits["autoscale_floor"]
    return splits * limits["split_hours"] * price, added * HOURS_A_YEAR * price


def send_euro(data: Data, found: list[Partitions]) -> tuple[Decimal, Decimal]:
    """Return the euro of the send's throughput, on autoscale and as RU of a serverless account.

    Autoscale bills as if every partition were as busy as the fullest.
    """
    hours = data.national["hours"]
    hundreds = sum(rounded_up(one.fullest * one.count, 100) // 100 for one in found)
    autoscale = data.euro("cosmos_autoscale_100_ru_hour") * hundreds * hours
    units = sum((one.units_a_second for one in found), Decimal(0))
    serverless = data.euro("cosmos_serverless_million_ru") / MILLION * units * hours * 3600
    return autoscale, serverless * data.assumptions["zone_factor_serverless"]


def queue_requests(data: Data, paths: Paths) -> dict[str, Decimal]:
    """Return the requests a second by queue; a full receive brings a whole batch."""
    found: dict[str, Decimal] = {}
    for name, share in shares(data).items():
        for call in paths[name].queues:
            batch = data.assumptions["receive_batch"] if call.kind == "receive" else 1
            requests = share * a_second(data) / batch
            found[call.queue] = found.get(call.queue, Decimal(0)) + requests
    return found


def fleets(data: Data, paths: Paths) -> dict[str, tuple[int, Decimal]]:
    """Return instances by function, and the executions of each that run at once."""
    used: Usage = usage(data, paths, shares(data))
    rate = a_second(data)
    found = {}
    for function, executions in used.executions.items():
        fleet = instances(data, used.cpu_seconds[function], rate)
        at_once = executions * rate * data.assumptions["execution_seconds"] / fleet
        found[function] = (fleet, at_once)
    return found
