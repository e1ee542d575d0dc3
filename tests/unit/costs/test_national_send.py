"""A message to every citizen: partitions, instances, queues and price."""

from dataclasses import replace
from decimal import Decimal

import pytest

from infra.costs.measuring.runs import Paths
from infra.costs.model import national, send, throughput, usage
from infra.costs.model.data import Data

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    ("balls", "bins", "fullest"), [("700", 1, "700.00"), ("1000", 10, "121.46")]
)
def test_the_fullest_of_many_bins(balls: str, bins: int, fullest: str) -> None:
    """The fullest of 10 bins gets 100 + sqrt(2 x 100 x ln 10); a single bin gets all."""
    assert round(send.fullest_share(Decimal(balls), bins), 2) == Decimal(fullest)


@pytest.mark.parametrize("own", [("messages",), ("messages", "deliveries")])
def test_partitions_are_enough_and_even(data: Data, paths: Paths, own: tuple[str, ...]) -> None:
    """The partitions are a power of two, and the fullest is within its limits."""
    found = send.partitions(data, paths, national.national_send(data), own)

    assert round(national.a_second(data), 1) == Decimal("694.4")
    assert [one.name for one in found] == [*own, throughput.SHARED]
    all_units = usage.usage(data, paths, national.shares(data)).all_units
    together = sum(one.units_a_second for one in found)
    assert round(together, 6) == round(all_units * national.a_second(data), 6)
    for one in found:
        assert one.count in {1, 2, 4, 8, 16}
        assert one.maximum <= one.count * 10_000
        assert one.gigabytes <= one.count * 50
        assert one.units_a_second / one.count <= one.fullest <= one.given <= 10_000


def test_a_national_send_has_its_price(data: Data) -> None:
    """The send lasts eight hours at the rate of the fullest partition; six hours prepare it."""
    one = send.Pool("messages", Decimal(24_000), 35_000, Decimal(1), 4, fullest=Decimal(6_010))

    # 24,040 RU/s, sold by the hundred; 24,000 x 3,600 x 8 RU at 0.2638 x 1.25 a million
    assert national.send_euro(data, [one]) == (
        8 * 241 * Decimal("0.0104"),
        Decimal("691.2") * Decimal("0.32975"),
    )
    # 40,000 RU/s bill 4,000 for six hours, and leave 4,000 to bill 400: 300 above the least
    assert national.presplit_euro(data, [one]) == (
        6 * 40 * Decimal("0.0104"),
        8760 * 3 * Decimal("0.0104"),
    )


def test_a_faster_send_needs_more(data: Data, paths: Paths) -> None:
    """In half the time the send needs twice the rate and requests, and more instances."""
    values = {"hours": Decimal(4)}
    fast = replace(data, national=data.national.changed(values))

    assert national.a_second(fast) == 2 * national.a_second(data)
    slow_fleet, fast_fleet = (
        national.national_send(one).instances(one, paths) for one in (data, fast)
    )
    assert all(fast_fleet[name] > count for name, count in slow_fleet.items())
    for name, rate in national.queue_requests(data, paths).items():
        assert round(national.queue_requests(fast, paths)[name], 9) == round(2 * rate, 9)


def test_a_message_asks_its_queue_for_little(data: Data, paths: Paths) -> None:
    """A message needs a put, a delete, and a thirty-second of a receive."""
    requests = national.queue_requests(data, paths)["message-submitted"]

    assert requests / national.a_second(data) == Decimal("2.03125")


def test_the_hot_key_is_the_dead_letters(data: Data, paths: Paths) -> None:
    """A queue's dead letters are the only shared key that can pass a partition's limit."""
    found = national.hot_keys(data, paths)

    hot = [what for what, (units_a_second, _) in found.items() if units_a_second > 10_000]
    assert hot == ["dead-letters: one queue, if every item of the send fails"]
