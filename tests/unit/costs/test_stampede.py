"""A million pushes in ten minutes, and a fifth of the citizens open the app."""

from dataclasses import replace
from decimal import Decimal

import pytest

from infra.costs.measuring.runs import Paths
from infra.costs.model import send
from infra.costs.model.data import Data
from infra.costs.model.stampede import (
    milliseconds_in_an_instance,
    requests_a_second,
    stampede,
)

pytestmark = pytest.mark.slow


def test_the_rates_are_those_of_the_stampede(data: Data) -> None:
    """Six requests for each app: profile, device, counters, list, message, mark."""
    assert round(stampede(data).a_second, 1) == Decimal("1666.7")
    assert round(requests_a_second(data)) == 2_000


def test_openings_cost_the_share_that_they_have(data: Data, paths: Paths) -> None:
    """Without openings the RU of the batch are left, and no instance answers requests of apps."""
    calm = replace(data, stampede=data.stampede.changed({"opened": Decimal(0)}))
    whole, batch = (
        sum(one.units_a_second for one in send.partitions(each, paths, stampede(each)))
        for each in (data, calm)
    )

    assert batch < whole < 2 * batch
    with_apps, without = (stampede(one).instances(one, paths)["http"] for one in (data, calm))
    assert (with_apps > 20, without) == (True, 1)


def test_the_time_in_an_instance_is_exponential(data: Data) -> None:
    """Work of 8 ms, at 60 % use, stays 20 ms in the mean: 95 % within 60 ms."""
    assert round(milliseconds_in_an_instance(data, Decimal("0.95")), 1) == Decimal("59.9")
