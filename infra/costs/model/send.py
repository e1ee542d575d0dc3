"""Compute the throughput, the partitions and the instances that a send needs."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from infra.costs.measuring.runs import Paths
from infra.costs.model.data import Data
from infra.costs.model.growth import GIGABYTE, kept
from infra.costs.model.throughput import DEDICATED, pools
from infra.costs.model.traffic import fleets, rounded_up
from infra.costs.model.usage import ZERO, Usage, usage


@dataclass(frozen=True, slots=True)
class Send:
    """Many messages at an even rate. `shares`: how often each path runs for a message."""

    messages: Decimal
    a_second: Decimal
    shares: dict[str, Decimal]

    def usage(self, data: Data, paths: Paths) -> Usage:
        """Return the usage of a message."""
        return usage(data, paths, self.shares)

    def instances(self, data: Data, paths: Paths) -> dict[str, int]:
        """Return instances by function."""
        return fleets(data, self.usage(data, paths), self.a_second)


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


def fullest_share(balls: Decimal, bins: int) -> Decimal:
    """Bound the fullest of `bins` for `balls` in random bins: m/n + sqrt(2 m/n ln n).

    Raab and Steger, "Balls into bins", 1998, for many balls in each bin.
    """
    if bins == 1:
        return balls
    mean = balls / bins
    return mean + (2 * mean * Decimal(bins).ln()).sqrt()


def partitions(data: Data, paths: Paths, send: Send, own: Sequence[str] = DEDICATED) -> list[Pool]:
    """Return each throughput of the send; each container in `own` has a separate one."""
    rate = send.a_second
    added: dict[str, Decimal] = {}
    for one in kept(data, paths):
        size = one.bytes * send.messages / GIGABYTE
        size *= 1 + data.assumptions["index_share"]
        added[one.container] = added.get(one.container, ZERO) + size
    found, gigabytes = [], pools(added, own)
    for name, units in pools(send.usage(data, paths).units, own).items():
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
