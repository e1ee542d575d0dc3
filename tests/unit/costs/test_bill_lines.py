"""Single lines of the bill: executions, telemetry, fixed costs, queue polls and storage."""

from dataclasses import replace
from decimal import Decimal

import pytest

from infra.azure.declarations import queue_names
from infra.costs.measuring.runs import Paths
from infra.costs.model import bill as bills
from infra.costs.model import growth, standing, traffic
from infra.costs.model.data import Data
from infra.costs.model.deployment import SETS, read_deployment
from tests.unit.costs.support import KB, MILLION, used, with_memory

pytestmark = pytest.mark.slow


def test_the_hours_hold_the_year(data: Data) -> None:
    """A year has 8,760 hours; the fullest hour of a day has a fifth of the day's messages."""
    year = traffic.hours(data, Decimal(250_000))

    assert sum(part.count for part in year) == 8760
    assert round(sum(part.count * part.messages for part in year)) == 250_000
    assert year[0].messages == 200
    assert traffic.fullest_second(data, Decimal(3600)) == 2


def test_a_lone_execution_is_billed_a_second(data: Data) -> None:
    """One execution an hour bills 1 s x 2 GB; very many bill every instance all the time."""
    data = with_memory(data, 2048)
    lone = traffic.gb_seconds_an_hour(data, used("1"), Decimal(1))
    many = traffic.gb_seconds_an_hour(data, used("1"), Decimal(3_600_000))

    assert Decimal("1.99") < lone <= 2
    # 1,000 a second x 0.5 ms of CPU x 4 at 60 %: four instances of a CPU, or fourteen of a quarter
    assert round(many) == 4 * 3600 * 2
    data = with_memory(data, 512)
    assert round(traffic.gb_seconds_an_hour(data, used("1"), Decimal(3_600_000))) == 14 * 1800


def test_telemetry_has_its_size(data: Data) -> None:
    """An execution has 3 records, of which 5 % are kept; a working minute has 15 values."""
    assert bills.message_telemetry(data, used("1")) == 150
    # 2,500 hours x 60 minutes x 15 kB
    assert bills.telemetry_gb(data, used("1"), MILLION) == Decimal("0.15") + Decimal("2.25")
    assert bills.telemetry_gb(data, used("1"), Decimal(0)) == 0


def test_fixed_costs_are_priced(data: Data, paths: Paths) -> None:
    """Alerts, availability tests, network, gateway and hub cost what a computation by hand says."""
    small, production = map(read_deployment, SETS)

    # six rules and the cap's, four times an hour; 4 series; a look each quarter of an hour
    alerts = 12 * (7 * Decimal("0.432") + 4 * Decimal("0.0865"))
    assert standing.looks(small) == 35_040
    assert standing.monitoring(data, small) == alerts + 35_040 * Decimal("0.000432")
    everywhere = small.chosen(availabilityLocations="[1, 2, 3, 4, 5]", availabilitySeconds="300")
    assert standing.looks(everywhere) == 525_600
    assert standing.network(data, small, Decimal(100)) == 0
    endpoints = 12 * 4 * (Decimal("6.31") + Decimal("0.432"))
    assert standing.network(data, production, Decimal(100)) == endpoints + Decimal("0.865")
    assert standing.gateway(data, small) == 0
    assert standing.gateway(data, small.chosen(withGateway="true")) == 12 * Decimal("129.74")
    assert standing.hub(data, small, MILLION) == 0
    pushing = small.chosen(withNotificationHub="true")
    # 20 million a month: ten are included, ten cost a dollar each
    assert standing.hub(data, pushing, 240 * MILLION) == 12 * (Decimal("8.65") + Decimal("8.65"))
    many = production.chosen(withNotificationHub="true")
    beyond = Decimal("172.98") + 90 * Decimal("8.649") + 100 * Decimal("2.162")
    assert standing.hub(data, many, 2400 * MILLION) == 12 * beyond
    # an instance of 512 MB, all the seconds of a year
    assert standing.ready(data, production) == 365 * 86_400 * Decimal("0.00000346") / 2
    assert standing.ticks(data, paths).runs >= 288 * 365


def test_every_queue_is_polled_all_year(data: Data) -> None:
    """The scale controller polls each queue and its poison queue every ten seconds."""
    asked = standing.polls(data, used("1"), Decimal(0))

    assert asked == len(queue_names()) * 3_153_600


def test_a_living_instance_polls_its_queue(data: Data) -> None:
    """One run a second keeps an instance alive for 2,500 hours, with a poll every two seconds."""
    mean = replace(used("1"), executions={"fan_out_message": Decimal(1), "http": Decimal(1)})
    asked = standing.polls(data, mean, 9_000_000 * Decimal(10)) - standing.polls(
        data, mean, Decimal(0)
    )

    assert round(asked, -3) == 2500 * 1800


@pytest.mark.parametrize(
    ("days", "years", "gigabytes"), [(None, 1, "1.15"), (None, 3, "3.45"), ("73", 3, "0.23")]
)
def test_stored_gigabytes(data: Data, days: str | None, years: int, gigabytes: str) -> None:
    """1,048,576 messages of 1 KB are 1 GB a year, 1.15 with the index; 73 days are a fifth."""
    one = growth.Kept("x", "messages", Decimal(KB), Decimal(days) if days else None)

    found = growth.stored_gb(data, one, Decimal(KB * KB), Decimal(years))

    assert found == Decimal(gigabytes)
