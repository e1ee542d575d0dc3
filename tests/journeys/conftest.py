"""One host of two workers for each module of journeys and each stack."""

import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.local.emulators.processes import Emulators
from tests.host.host_process import ROOT
from tests.journeys.support import SCALE, Journeys, assert_private, start


@pytest.fixture(scope="module")
def app_folder() -> Path:
    """Return the folder of function_app.py and host.json; a module may have its own."""
    return ROOT


@pytest.fixture(scope="module", params=["embedded", "emulators"])
def journeys(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, app_folder: Path
) -> Iterator[Journeys]:
    """Yield the host; fail where it printed personal data during the module's tests."""
    settings = {}
    if request.param == "emulators":
        emulators: Emulators = request.getfixturevalue("emulators")
        settings = {**emulators.settings(), "COSMOS_DATABASE": f"journeys-{secrets.token_hex(6)}"}
    folder = tmp_path_factory.mktemp("journeys")
    options = ("--workers", "2", "--app-folder", str(app_folder))
    with start(folder, *options, **settings) as host:
        # the same endpoints answer on both stacks, and the emulators are slow
        examples = 3 if request.param == "emulators" else 15
        running = Journeys(host, examples * SCALE, settings)
        yield running
        running.session.close()
    assert host.process.returncode == 0, host.output
    assert_private(host)
