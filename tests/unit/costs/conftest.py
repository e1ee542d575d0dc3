"""The data file, and the measured paths of the app."""

import pytest

from infra.costs.measuring.paths import measure
from infra.costs.measuring.runs import Paths
from infra.costs.model.data import Data, read_data


@pytest.fixture(scope="session")
def data() -> Data:
    """Return the data file."""
    return read_data()


@pytest.fixture(scope="session")
def paths() -> Paths:
    """Return every path, measured once."""
    return measure(characters=800, page_items=20)
