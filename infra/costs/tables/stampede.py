"""Build the README's tables about a stampede."""

from decimal import Decimal

from infra.costs.model.send import partitions
from infra.costs.model.stampede import milliseconds_in_an_instance, requests_a_second, stampede
from infra.costs.tables.layout import Model, euro, number, table
from infra.costs.tables.national import instances_table, pools_table


def throughput(model: Model) -> str:
    """Show RU/s and partitions."""
    send = stampede(model.data)
    found = partitions(model.data, model.paths, send)
    return pools_table(send, [(one.name, one) for one in found])


def requests(model: Model) -> str:
    """Show the requests of the apps, their time in an instance, and the price of the throughput."""
    data = model.data
    given, send = data.stampede, stampede(data)
    pools = partitions(data, model.paths, send)
    hundreds = sum((Decimal(one.maximum) / 100 for one in pools), Decimal(0))
    price = hundreds * data.euro("cosmos_autoscale_100_ru_hour")
    rows = [
        ["apps opened a second", number(send.a_second * given["opened"], 1)],
        ["their requests a second", number(requests_a_second(data))],
        *(
            [
                f"milliseconds in an instance, {part:.0%} of the requests",
                number(milliseconds_in_an_instance(data, part)),
            ]
            for part in (Decimal("0.5"), Decimal("0.95"), Decimal("0.99"))
        ),
        [
            "euro of the throughput for an hour",
            euro(price),
        ],
    ]
    return table(("a stampede", "amount"), rows)


def instances(model: Model) -> str:
    """Show instances by function."""
    return instances_table(model, stampede(model.data))
