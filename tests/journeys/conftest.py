"""One host of two workers for each module of journeys."""

from collections.abc import Iterator

import pytest

from tests.journeys.support import Journeys, assert_private, start


@pytest.fixture(scope="module")
def journeys(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Journeys]:
    """Yield the host; what it printed while the module's tests ran must name nobody."""
    with start(tmp_path_factory.mktemp("journeys"), "--workers", "2") as host:
        running = Journeys(host)
        yield running
        running.session.close()
    assert host.process.returncode == 0, host.output
    assert_private(host)
