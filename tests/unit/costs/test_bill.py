"""The yearly bill of a deployment, and its limits for small and large senders."""

from decimal import Decimal
from itertools import pairwise

import pytest

from infra.costs.measuring.runs import Paths
from infra.costs.model import bill as bills
from infra.costs.model import usage
from infra.costs.model.data import Data, DataError
from infra.costs.model.deployment import SETS, read_deployment
from tests.unit.costs.support import MILLION

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("name", SETS)
def test_more_messages_cost_more(data: Data, paths: Paths, name: str) -> None:
    """With more messages each component grows or stays the same, and the total grows."""
    mean, deployment = usage.usage(data, paths), read_deployment(name)
    found = [bills.bill(data, paths, mean, MILLION * 10**power, deployment) for power in range(5)]

    for less, more in pairwise(found):
        assert less.total < more.total
        assert all(less.components[name] <= more.components[name] for name in less.components)
    assert all(type(euro) is Decimal for one in found for euro in one.components.values())


def test_a_small_sender_pays_at_most_300_euro(data: Data, paths: Paths) -> None:
    """A million messages a year fit in the limit; the hub's price comes with pushes alone."""
    mean, small = usage.usage(data, paths), read_deployment("small")
    pushing = small.chosen(cosmosMode="free", withNotificationHub="true")

    for deployment, limit in ((small, 300), (pushing, 310)):
        found = bills.bill(data, paths, mean, MILLION, deployment)
        assert found.possible
        assert found.total <= limit


def test_a_hundred_million_cost_at_most_60_euro_a_million(data: Data, paths: Paths) -> None:
    """The production set fits in the limit, with four reminders of each notice and no hub."""
    mean, production = usage.usage(data, paths), read_deployment("production")

    assert bills.bill(data, paths, mean, 100 * MILLION, production).total <= 60 * 100


@pytest.mark.parametrize(
    ("mode", "most"), [("serverless", 200), ("free", 40), ("autoscale", 100_000)]
)
def test_a_bill_says_when_the_documents_are_too_slow(
    data: Data, paths: Paths, mode: str, most: int
) -> None:
    """A container has 5,000 RU/s on serverless, the free account 1,000, autoscale no limit."""
    mean, small = usage.usage(data, paths), read_deployment("small").chosen(cosmosMode=mode)

    assert bills.bill(data, paths, mean, MILLION, small).possible
    assert bills.bill(data, paths, mean, most * MILLION, small).possible == (mode == "autoscale")


def test_a_missing_parameter_of_a_set_is_an_error(data: Data) -> None:
    """A parameter that was renamed in Bicep is an error here, and has no default."""
    with pytest.raises(DataError, match="no suchParameter"):
        read_deployment("small")["suchParameter"]
