"""Spread a year's messages over its hours, and compute the instances that serve them."""

import math
from dataclasses import dataclass
from decimal import Decimal

from infra.costs.measuring.runs import HTTP
from infra.costs.model.data import Data
from infra.costs.model.usage import Usage

HOURS_A_YEAR = 8760
SECONDS_AN_HOUR = 3600
SECONDS_A_YEAR = HOURS_A_YEAR * SECONDS_AN_HOUR


@dataclass(frozen=True, slots=True)
class Hours:
    """A number of hours of the year with `messages` in each."""

    count: int
    messages: Decimal


def hours(data: Data, messages: Decimal) -> tuple[Hours, Hours, Hours]:
    """Split a year into its peak hours, its other active hours and its idle hours."""
    given = data.assumptions
    days, active = int(given["traffic_days"]), int(given["active_hours"])
    day = messages / days
    peak = day * given["peak_hour_share"]
    other = (day - peak) / (active - 1)
    return (
        Hours(days, peak),
        Hours(days * (active - 1), other),
        Hours(HOURS_A_YEAR - days * active, Decimal(0)),
    )


def fullest_second(data: Data, messages: Decimal) -> Decimal:
    """Return the messages in the peak second of an hour."""
    return messages / SECONDS_AN_HOUR * data.assumptions["burst"]


def rounded_up(value: Decimal, step: int) -> int:
    """Return the smallest multiple of `step` that is not below the value."""
    return math.ceil(value / step) * step


def fleets(data: Data, usage: Usage, a_second: Decimal) -> dict[str, int]:
    """Return the instances by function, at least one; all HTTP functions share instances."""
    full = 1000 * data.assumptions["cpu_target"]
    return {
        function: max(
            1, math.ceil(executions * a_second * milliseconds_of_cpu(data, function) / full)
        )
        for function, executions in usage.executions.items()
    }


def milliseconds_of_cpu(data: Data, function: str) -> Decimal:
    """Return how long an execution uses the CPU of an instance."""
    given = data.assumptions
    factor = given["cpu_factor"] * data.limits["mb_of_a_cpu"] / given["instance_mb"]
    return data.milliseconds(function) * factor


def gb_seconds_an_hour(data: Data, usage: Usage, messages: Decimal) -> Decimal:
    """Return the billed GB-s on demand for an hour with `messages`.

    An instance is billed while it executes, at least one second each time, and as long as its CPU
    takes; concurrent executions share it. Random arrivals keep an instance busy for
    1 - exp(-rate x seconds) of the time. Each queue function has its own instances; all HTTP
    functions share instances.
    """
    seconds = max(data.limits["least_billed_seconds"], data.assumptions["execution_seconds"])
    busy = _busy_seconds_an_hour(data, usage, messages, seconds)
    return sum(busy.values(), Decimal(0)) * data.assumptions["instance_mb"] / 1024


def _busy_seconds_an_hour(
    data: Data, usage: Usage, messages: Decimal, seconds: Decimal
) -> dict[str, Decimal]:
    """Return the busy seconds of each function's instances, with `seconds` for each execution."""
    a_second = messages / SECONDS_AN_HOUR
    found = {}
    for function, fleet in fleets(data, usage, a_second).items():
        rate = usage.executions[function] * a_second / fleet
        lasts = max(seconds, milliseconds_of_cpu(data, function) / 1000)
        found[function] = fleet * (1 - (-rate * lasts).exp()) * SECONDS_AN_HOUR
    return found


def alive_seconds_a_year(data: Data, usage: Usage, messages: Decimal, idle: Decimal) -> Decimal:
    """Return the seconds in which instances of queue functions are alive.

    An instance stays alive for `idle` seconds after each execution.
    """
    return sum(
        (
            part.count * seconds
            for part in hours(data, messages)
            for function, seconds in _busy_seconds_an_hour(data, usage, part.messages, idle).items()
            if function != HTTP
        ),
        Decimal(0),
    )


def gb_seconds_a_year(data: Data, usage: Usage, messages: Decimal) -> Decimal:
    """Return the billed GB-s on demand for a year with `messages`."""
    return sum(
        (
            part.count * gb_seconds_an_hour(data, usage, part.messages)
            for part in hours(data, messages)
        ),
        Decimal(0),
    )
