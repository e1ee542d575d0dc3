"""Throughput of Cosmos DB: how much is needed, and the price of serverless and autoscale."""

from dataclasses import replace
from decimal import Decimal

import pytest

from infra.costs.measuring.runs import Paths
from infra.costs.model import growth, throughput, usage
from infra.costs.model.data import Data
from tests.unit.costs.support import MILLION, used

pytestmark = pytest.mark.slow


def test_serverless_is_units_times_price(data: Data) -> None:
    """A million messages of 10 RU cost 10 x 0.2638 x 1.25, the last factor for the zones."""
    assert throughput.serverless_throughput(data, used("10"), MILLION) == Decimal("3.2975")


def test_autoscale_bills_a_tenth_when_idle(data: Data) -> None:
    """`messages` and the shared containers bill 100 RU/s all year: 0.0104 x 8,760 each."""
    idle = throughput.autoscale_throughput(data, used("0"), Decimal(0), {})

    assert idle == 2 * Decimal("0.0104") * 8760


def test_containers_without_throughput_of_their_own_share_one() -> None:
    """The use of the containers that share the throughput adds up."""
    units = {"messages": Decimal(7), "deliveries": Decimal(3), "profiles": Decimal(2)}

    assert throughput.pools(units) == {"messages": 7, throughput.SHARED: 5}
    assert throughput.pools(units, ("messages", "deliveries")) == {
        "messages": 7,
        "deliveries": 3,
        throughput.SHARED: 2,
    }


@pytest.mark.parametrize(
    ("units", "peak", "stored", "maximum"),
    [
        ("0", "0", "0", 1000),
        ("10", "85", "0", 1000),
        ("10", "86", "0", 2000),
        ("0", "0", "150", 2000),
    ],
)
def test_the_maximum_of_autoscale(
    data: Data, units: str, peak: str, stored: str, maximum: int
) -> None:
    """Units x rate / 85 %, at least 10 for each GB stored and 1,000, rounded up to thousands."""
    found = throughput.autoscale_maximum(data, Decimal(units), Decimal(peak), Decimal(stored))

    assert found == maximum


def test_autoscale_bills_the_fullest_second_of_an_hour(data: Data) -> None:
    """900 M messages of 10 RU bill the maximum in full hours, and 1,777.8 in the others."""
    price = Decimal("0.0104")
    found = throughput.autoscale_throughput(data, used("10"), Decimal(900_000_000), {})
    # 2,000 RU/s in the mean of the fullest hour, at 85 % of 3,000; the fullest second has 4,000, of
    # which burst capacity serves what is above. In the nine other hours, twice 888.9
    busy = 250 * 30 + 2250 * Decimal(18) + 6260 * 3

    assert found == (busy + 8760) * price


def test_queues_level_the_load(data: Data) -> None:
    """A fifth comes over HTTP: 2 x 20 + 1.3 x 80 RU/s in the fullest second."""
    mean = replace(used("100"), asked={"messages": Decimal(20)})

    assert throughput.fullest_units(data, mean, Decimal(3600))["messages"] == 144


def test_break_even_is_where_autoscale_becomes_cheaper(data: Data, paths: Paths) -> None:
    """Autoscale is cheaper at the break-even, and is not at a thousand messages less."""
    mean = usage.usage(data, paths)
    found = throughput.break_even(data, paths, mean)

    def cheaper(messages: int) -> bool:
        stored = growth.by_container(data, paths, Decimal(messages))
        autoscale = throughput.autoscale_throughput(data, mean, Decimal(messages), stored)
        return autoscale < throughput.serverless_throughput(data, mean, Decimal(messages))

    assert cheaper(found)
    assert not cheaper(found - 1000)
