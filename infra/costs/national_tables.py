"""The README's tables on a send to the whole country."""

from decimal import Decimal

from infra.costs import hot_keys as hot
from infra.costs import national
from infra.costs.tables import Model, euro, number, table


def throughput(model: Model) -> str:
    """Show RU/s and partitions by container."""
    found = national.partitions(model.data, model.paths)
    rows = [
        [
            f"`{one.container}`",
            number(one.units_a_second),
            number(one.maximum),
            number(one.gigabytes, 1),
            str(one.count),
            number(one.given),
            number(one.fullest),
            f"{one.fullest / one.given:.0%}",
        ]
        for one in found
    ]
    heads = (
        f"{number(national.a_second(model.data), 1)} messages a second",
        "RU/s used",
        "RU/s to set",
        "GB added",
        "physical partitions",
        "RU/s each has",
        "RU/s, the fullest",
        "of what it has",
    )
    return table(heads, rows)


def costs(model: Model) -> str:
    """Show what the send costs, and preparing for it."""
    data = model.data
    found = national.partitions(data, model.paths)
    split, left = national.presplit_euro(data, found)
    autoscale, serverless = national.send_euro(data, found)
    rows = [
        ["throughput of the send, autoscale", euro(autoscale)],
        ["the same RU on a serverless account", euro(serverless)],
        [
            f"splitting partitions before, {data.limits['split_hours']} hours at the floor",
            euro(split),
        ],
        ["what it adds to the floor, a year", euro(left)],
    ]
    return table(("a national send", "euro"), rows)


def queues(model: Model) -> str:
    """Show requests a second by queue, against the targets of a queue and of an account."""
    data = model.data
    found = national.queue_requests(data, model.paths)
    each, account = (
        data.limits["queue_requests_per_second"],
        data.limits["account_requests_per_second"],
    )
    rate = national.a_second(data)
    rows = [
        [f"`{name}`", number(one), f"{one / each:.0%}", number(each * rate / one)]
        for name, one in found.items()
    ]
    total = sum(found.values(), Decimal(0))
    ends = number(account * rate / total)
    rows.append([f"account, of {number(account)}", number(total), f"{total / account:.0%}", ends])
    heads = ("queue", "requests a second", f"of {number(each)}", "ends at messages a second")
    return table(heads, rows)


def fleets(model: Model) -> str:
    """Show instances by function."""
    found = national.fleets(model.data, model.paths)
    rows = [
        [f"`{name}`", str(count), number(at_once, 1)] for name, (count, at_once) in found.items()
    ]
    rows.append(["all", str(sum(count for count, _ in found.values())), ""])
    return table(("function", "instances", "executions at once, each"), rows)


def hot_keys(model: Model) -> str:
    """Show the busiest logical partition of each kind, against its limits."""
    limits = model.data.limits
    units, size = limits["partition_ru_per_second"], limits["logical_partition_gb"]
    rows = [
        [
            one.what,
            number(one.units_a_second, 1),
            f"{one.units_a_second / units:.1%}",
            number(one.gigabytes, 2),
            f"{one.gigabytes / size:.1%}",
        ]
        for one in hot.hot_keys(model.data, model.paths)
    ]
    heads = ("one partition key", "RU/s", f"of {number(units)}", "GB", f"of {number(size)}")
    return table(heads, rows)
