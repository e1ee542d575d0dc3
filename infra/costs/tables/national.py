"""Build the README's tables about a send to the whole country."""

from collections.abc import Sequence
from decimal import Decimal

from infra.costs.model import national
from infra.costs.model.send import Pool, Send, partitions
from infra.costs.model.throughput import DEDICATED
from infra.costs.tables.layout import Model, euro, number, table


def throughput(model: Model) -> str:
    """Show RU/s and partitions, as deployed and with a separate limit for `notifications`."""
    data, paths = model.data, model.paths
    send = national.national_send(data)
    apart = partitions(data, paths, send, (*DEDICATED, "notifications"))[len(DEDICATED) :]
    named = [(one.name, one) for one in partitions(data, paths, send)]
    named += [(f"with a separate limit: {one.name}", one) for one in apart]
    return pools_table(send, named)


def pools_table(send: Send, named: Sequence[tuple[str, Pool]]) -> str:
    """Show throughputs with their names."""
    rows = [
        [
            name,
            number(one.units_a_second),
            number(one.maximum),
            number(one.gigabytes, 1),
            str(one.count),
            number(one.given),
            number(one.fullest),
            f"{one.fullest / one.given:.0%}",
        ]
        for name, one in named
    ]
    heads = (
        f"{number(send.a_second, 1)} messages a second",
        "RU/s used",
        "RU/s to set",
        "GB added",
        "physical partitions",
        "RU/s of each",
        "RU/s of the busiest",
        "share of its RU/s",
    )
    return table(heads, rows)


def costs(model: Model) -> str:
    """Show the costs of the send and of its preparation."""
    data = model.data
    found = partitions(data, model.paths, national.national_send(data))
    split, left = national.presplit_euro(data, found)
    autoscale, serverless = national.send_euro(data, found)
    rows = [
        ["throughput of the send, autoscale", euro(autoscale)],
        ["the same RU on a serverless account", euro(serverless)],
        [
            f"splitting partitions before, {data.limits['split_hours']} hours at the minimum",
            euro(split),
        ],
        ["the higher minimum, a year", euro(left)],
    ]
    return table(("a national send", "euro"), rows)


def queues(model: Model) -> str:
    """Show the requests a second by queue, and the targets of a queue and of an account."""
    limits = model.data.limits
    each, account = limits["queue_requests_per_second"], limits["account_requests_per_second"]
    found = national.queue_requests(model.data, model.paths)
    targets = {f"`{name}`": (one, each) for name, one in found.items()}
    targets[f"account, of {number(account)}"] = (sum(found.values(), Decimal(0)), account)
    rate = national.a_second(model.data)
    rows = [
        [name, number(one), f"{one / target:.0%}", number(target * rate / one)]
        for name, (one, target) in targets.items()
    ]
    heads = ("queue", "requests a second", f"of {number(each)}", "limit in messages a second")
    return table(heads, rows)


def instances(model: Model) -> str:
    """Show instances by function."""
    return instances_table(model, national.national_send(model.data))


def instances_table(model: Model, send: Send) -> str:
    """Show the instances of a send."""
    found = send.instances(model.data, model.paths)
    rows = [[f"`{name}`", str(count)] for name, count in found.items()]
    rows.append(["total", str(sum(found.values()))])
    return table(("function", "instances"), rows)


def hot_keys(model: Model) -> str:
    """Show the busiest logical partitions and their limits."""
    limits = model.data.limits
    units, size = limits["partition_ru_per_second"], limits["logical_partition_gb"]
    rows = [
        [
            name,
            number(a_second, 1),
            f"{a_second / units:.1%}",
            number(gigabytes, 2),
            f"{gigabytes / size:.1%}",
        ]
        for name, (a_second, gigabytes) in national.hot_keys(model.data, model.paths).items()
    ]
    heads = ("one partition key", "RU/s", f"of {number(units)}", "GB", f"of {number(size)}")
    return table(heads, rows)
