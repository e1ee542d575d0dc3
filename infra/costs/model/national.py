"""Compute a send to the whole country: throughput, partitions, queues, instances, hot keys."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from infra.costs.measuring.runs import Paths
from infra.costs.model.data import Data
from infra.costs.model.growth import GIGABYTE, kept, last_size
from infra.costs.model.throughput import DEDICATED, MILLION, pools
from infra.costs.model.traffic import HOURS_A_YEAR, fleets, rounded_up
from infra.costs.model.usage import ZERO, later, path_units, readings, usage, weights
from lib.domain.statistics.statistics import SHARDS
from lib.ports.schema.messages import STATISTICS
from lib.ports.schema.operations import DEAD_LETTERS


@dataclass(frozen=True, slots=True)
class Pool:
    """A throughput in the send: RU/s, and its physical partitions.

    `fullest` is the RU/s of the busiest partition in a second, by a bound that almost always holds.
    """

    name: str
    units_a_second: Decimal
    maximum: int
    gigabytes: Decimal
    count: int
    fullest: Decimal

    @property
    def given(self) -> Decimal:
        """The RU/s of each partition: an equal part of the maximum."""
        return Decimal(self.maximum) / self.count


def shares(data: Data) -> dict[str, Decimal]:
    """Return how often each path runs for a message of the send, during the send."""
    usual = weights(data)
    opened = (1 - data.assumptions["rejected_share"]) * data.national["app_openings"]
    asked = ("profile", "register device", "inbox", "open")
    now = {**dict.fromkeys(asked, opened), **readings(data, opened)}
    # a process looks for the latest message of ten seconds
    now["list accepted"] = 1 / data.national["listed_together"]
    # reminders and payments follow on other days; citizens do not change their choices for it
    return usual | now | dict.fromkeys(("archive", "status", "choose", *later(data)), ZERO)


def a_second(data: Data) -> Decimal:
    """Return the messages a second."""
    return data.national["messages"] / (data.national["hours"] * 3600)


def fullest_share(balls: Decimal, bins: int) -> Decimal:
    """Bound the fullest of `bins` for `balls` in random bins: m/n + sqrt(2 m/n ln n).

    Raab and Steger, "Balls into bins", 1998, for many balls in each bin.
    """
    if bins == 1:
        return balls
    mean = balls / bins
    return mean + (2 * mean * Decimal(bins).ln()).sqrt()


def partitions(data: Data, paths: Paths, own: Sequence[str] = DEDICATED) -> list[Pool]:
    """Return each throughput of the send; each container in `own` has a separate one."""
    rate = a_second(data)
    added: dict[str, Decimal] = {}
    for one in kept(data, paths):
        size = one.bytes * data.national["messages"] / GIGABYTE
        size *= 1 + data.assumptions["index_share"]
        added[one.container] = added.get(one.container, ZERO) + size
    found, gigabytes = [], pools(added, own)
    for name, units in pools(usage(data, paths, shares(data)).units, own).items():
        maximum = rounded_up(units * rate / data.national["target_use"], 1000)
        least = max(
            Decimal(maximum) / data.limits["partition_ru_per_second"],
            gigabytes[name] / data.limits["partition_gb"],
        )
        # partitions split in halves, so only a power of two makes them equal
        count = 2 ** math.ceil(math.log2(max(1, math.ceil(least))))
        # assume that one partition is the busiest one for every container that shares it
        fullest = fullest_share(rate, count) * units
        found.append(Pool(name, units * rate, maximum, gigabytes[name], count, fullest))
    return found


def presplit_euro(data: Data, found: list[Pool]) -> tuple[Decimal, Decimal]:
    """Return the euro of splitting before the send, and of the higher minimum for a year.

    While partitions split, Azure bills a tenth of the maximum that creates them. From then on, a
    tenth of this maximum is the smallest maximum, and a tenth of that is billed.
    """
    limits = data.limits
    price = data.euro("cosmos_autoscale_100_ru_hour") / 100
    splits = added = ZERO
    for one in found:
        if one.count > 1:
            highest = one.count * limits["partition_ru_per_second"]
            least = highest * limits["autoscale_highest_share"] - limits["autoscale_least_ru"]
            splits += highest * limits["autoscale_floor"]
            added += max(ZERO, least) * limits["autoscale_floor"]
    return splits * limits["split_hours"] * price, added * HOURS_A_YEAR * price


def send_euro(data: Data, found: list[Pool]) -> tuple[Decimal, Decimal]:
    """Return the euro of the send's throughput, on autoscale and as RU of a serverless account.

    Autoscale bills every partition like the busiest one.
    """
    hours = data.national["hours"]
    hundreds = sum(rounded_up(one.fullest * one.count, 100) // 100 for one in found)
    autoscale = data.euro("cosmos_autoscale_100_ru_hour") * hundreds * hours
    units = sum((one.units_a_second for one in found), ZERO)
    serverless = data.euro("cosmos_serverless_million_ru") / MILLION * units * hours * 3600
    return autoscale, serverless * data.assumptions["zone_factor_serverless"]


def queue_requests(data: Data, paths: Paths) -> dict[str, Decimal]:
    """Return the requests a second by queue; each receive returns a whole batch."""
    found: dict[str, Decimal] = {}
    often = shares(data)
    for name, run in paths.items():
        share = often.get(name.partition(" > ")[0], ZERO)
        for call in run.queues if share else ():
            batch = data.assumptions["receive_batch"] if call.kind == "receive" else 1
            requests = share * a_second(data) / batch
            found[call.queue] = found.get(call.queue, ZERO) + requests
    return found


def instances(data: Data, paths: Paths) -> dict[str, int]:
    """Return instances by function."""
    return fleets(data, usage(data, paths, shares(data)), a_second(data))


def hot_keys(data: Data, paths: Paths) -> dict[str, tuple[Decimal, Decimal]]:
    """Return the RU/s and GB of the busiest partition keys."""
    citizen = data.national["busiest_citizen_messages_year"]
    message = sum(one.bytes for one in kept(data, paths) if one.days is None)
    letter = path_units(data, paths["dead letter"])[DEAD_LETTERS.name]
    counted = usage(data, paths, shares(data)).units[STATISTICS.name] * a_second(data)
    marked = sum(one.bytes for one in kept(data, paths) if one.container == STATISTICS.name)
    letters = last_size(paths, "dead letter", DEAD_LETTERS) * data.national["messages"]
    return {
        "messages: the busiest citizen, a year's messages in one hour": (
            usage(data, paths).units["messages"] * citizen / 3600,
            message * citizen / GIGABYTE,
        ),
        f"statistics: one of a service's {SHARDS} parts, if it sends all messages": (
            counted / SHARDS,
            marked * data.national["messages"] / SHARDS / GIGABYTE,
        ),
        "dead-letters: one queue, if every item of the send fails": (
            letter * a_second(data),
            letters / GIGABYTE,
        ),
    }
