"""Compute a send to the whole country: its rate, price, queues and hot keys."""

from decimal import Decimal

from infra.costs.measuring.runs import Paths
from infra.costs.model.data import Data
from infra.costs.model.growth import GIGABYTE, kept, last_size
from infra.costs.model.send import Pool, Send
from infra.costs.model.throughput import MILLION
from infra.costs.model.traffic import HOURS_A_YEAR, rounded_up
from infra.costs.model.usage import ZERO, later, path_units, readings, usage, weights
from lib.domain.statistics.statistics import SHARDS
from lib.ports.schema.messages import STATISTICS
from lib.ports.schema.operations import DEAD_LETTERS


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


def national_send(data: Data) -> Send:
    """Return the send of the assumptions."""
    return Send(data.national["messages"], a_second(data), shares(data))


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
