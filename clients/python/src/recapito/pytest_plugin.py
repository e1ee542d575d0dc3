"""A pytest plugin: the fixture `recapito_server` is the real Recapito, from a checkout."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from recapito.local_server import LocalServer


@pytest.fixture(scope="session")
def recapito_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalServer]:
    """Start Recapito once for the run, from the checkout that RECAPITO_HOME names."""
    home = os.environ.get("RECAPITO_HOME")
    if not home:
        pytest.fail("set RECAPITO_HOME to a checkout of Recapito in which `make run` ran once")
    with LocalServer(Path(home), tmp_path_factory.mktemp("recapito"), os.environ) as server:
        yield server
