"""Hosts of two workers: one for each module and stack, or one for the modules of a group."""

import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from infra.local.emulators.processes import Emulators
from tests.groups import group_of
from tests.host.host_process import ROOT, HostProcess
from tests.journeys.support import SCALE, Journeys, assert_private, start

type Started = tuple[HostProcess, Mapping[str, str]]


@contextmanager
def started(
    folder: Path, app_folder: Path, emulators: Emulators | None
) -> Iterator[tuple[HostProcess, Mapping[str, str]]]:
    """Start a host, with the settings of its stores; fail where it printed personal data."""
    settings = {}
    if emulators:
        database = f"journeys-{secrets.token_hex(6)}"
        settings = {**emulators.settings(), "COSMOS_DATABASE": database}
    with start(folder, "--workers", "2", "--app-folder", str(app_folder), **settings) as host:
        yield host, settings
    assert host.process.returncode == 0, host.output
    assert_private(host)


@pytest.fixture(scope="module")
def app_folder() -> Path:
    """Return the folder of function_app.py and host.json; a module may have its own."""
    return ROOT


@pytest.fixture(scope="package")
def shared_hosts(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Callable[[Emulators | None], Started]]:
    """Yield a function that starts the group's host of a stack at its first call."""
    with ExitStack() as hosts:
        running: dict[bool, Started] = {}

        def of(emulators: Emulators | None) -> Started:
            is_embedded = emulators is None
            if is_embedded not in running:
                folder = tmp_path_factory.mktemp("journeys")
                running[is_embedded] = hosts.enter_context(started(folder, ROOT, emulators))
            return running[is_embedded]

        yield of


@pytest.fixture(scope="module", params=["embedded", "emulators"])
def journeys(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, app_folder: Path
) -> Iterator[Journeys]:
    """Yield the host of the module."""
    emulators: Emulators | None = None
    if request.param == "emulators":
        emulators = request.getfixturevalue("emulators")
    with ExitStack() as own:
        if group_of(request.path):
            host, settings = request.getfixturevalue("shared_hosts")(emulators)
        else:
            folder = tmp_path_factory.mktemp("journeys")
            host, settings = own.enter_context(started(folder, app_folder, emulators))
        # the same endpoints answer on both stacks, and the emulators are slow
        examples = 3 if emulators else 15
        running = Journeys(host, examples * SCALE, settings)
        yield running
        running.session.close()
