"""Hosts of two workers: one for each module and stack, or one for the modules of a group."""

import secrets
from collections.abc import Iterator, Mapping
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


class SharedHosts:
    """The hosts of a group's modules, one for each stack."""

    def __init__(self, tmp_path_factory: pytest.TempPathFactory) -> None:
        self._folders = tmp_path_factory
        self._hosts = ExitStack()
        self._running: dict[bool, Started] = {}

    def of(self, emulators: Emulators | None) -> Started:
        """Return the host of a stack; start it at the first call."""
        is_embedded = emulators is None
        if is_embedded not in self._running:
            folder = self._folders.mktemp("journeys")
            self._running[is_embedded] = self._hosts.enter_context(started(folder, ROOT, emulators))
        return self._running[is_embedded]

    def end(self) -> None:
        """Stop the hosts."""
        self._running.clear()
        self._hosts.close()


@pytest.fixture(scope="package")
def shared_hosts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SharedHosts]:
    """Yield the hosts of the group; they stop with its last module."""
    hosts = SharedHosts(tmp_path_factory)
    yield hosts
    hosts.end()


@pytest.fixture(scope="module", autouse=True)
def alone(request: pytest.FixtureRequest, shared_hosts: SharedHosts) -> None:
    """Stop the group's hosts before a module of another host: both would take from one queue."""
    if not group_of(request.path):
        shared_hosts.end()


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
            host, settings = request.getfixturevalue("shared_hosts").of(emulators)
        else:
            folder = tmp_path_factory.mktemp("journeys")
            host, settings = own.enter_context(started(folder, app_folder, emulators))
        # the same endpoints answer on both stacks, and the emulators are slow
        examples = 3 if emulators else 15
        running = Journeys(host, examples * SCALE, settings)
        yield running
        running.session.close()
