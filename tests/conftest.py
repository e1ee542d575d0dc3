"""Fixtures for all tests."""

import gc
import os
from collections.abc import AsyncIterator, Generator, Iterator
from functools import cache
from pathlib import Path
from typing import Final

import pytest
from hypothesis import settings

from infra.local.emulators.processes import Emulators, why_not
from tests.bytecode import keep_bytecode
from tests.groups import ByGroup, group_of
from tests.memory_folder import use_memory_for_temporary_files
from tests.stack import Stack
from tests.time_limits import pytest_runtest_teardown, pytest_timeout_set_timer

__all__ = ("pytest_runtest_teardown", "pytest_timeout_set_timer")

LONG: Final = {Path(__file__).parent / name for name in ("faults", "host", "journeys", "web")}
"""The folders of the tests that start hosts; some of their files take a minute or two."""

use_memory_for_temporary_files()
keep_bytecode()

# timings are asserted nowhere: the machine may be busy with something else
settings.register_profile("recapito", deadline=None)
settings.load_profile("recapito")

# the hosts' background work must not wait until all other processes had their turn
os.environ.setdefault("RECAPITO_LOCAL_NICENESS", "0")


@pytest.fixture(scope="module", autouse=True)
def left_open() -> Iterator[None]:
    """Collect garbage after each file, so that a file left open is reported there."""
    yield
    gc.collect()
    # later collections would walk each time all that lives on
    gc.freeze()


@pytest.fixture(autouse=True)
def same_mask() -> Iterator[None]:
    """Restore the umask, which the host's `main` sets where a test calls it in this process."""
    before = os.umask(0o077)
    os.umask(before)
    yield
    os.umask(before)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Return one worker more than there are cores: tests of hosts wait a part of their time."""
    return len(os.sched_getaffinity(0)) + 1


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> object:
    """Give each worker whole files, and the files that share a host to one worker."""
    return ByGroup(config, log) if config.getoption("dist") == "loadfile" else None


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """Keep all that is imported and collected out of later collections of garbage.

    Each of them would walk these million objects, which live until the end anyway.
    """
    gc.collect()
    gc.freeze()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Generator[None, object, object]:
    """Mark the tests on the emulators, whose start takes seconds, as slow; put long files first.

    Another plug-in shuffles the files. A file of minutes that came last would run alone. Files
    that share a host are beside each other, so that it ends when they have ended.
    """
    for item in items:
        if "emulators" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.slow)
    result = yield
    items.sort(key=lambda item: _place(item.path))
    return result


@cache
def _place(file: Path) -> tuple[str, bool]:
    # "~" comes after all names of groups
    return group_of(file) or "~", file.parent not in LONG


@pytest.fixture(scope="session")
def emulators() -> Iterator[Emulators]:
    """Run the emulators once for the process; skip where they cannot run, but never in CI."""
    if reason := why_not():
        if os.environ.get("CI"):
            pytest.fail(f"CI runs on both stacks, but {reason}")
        pytest.skip(f"the azure stack is not tested here: {reason}")
    with Emulators() as running:
        yield running


@pytest.fixture
async def stack(tmp_path: Path) -> AsyncIterator[Stack]:
    """Yield the app on a seeded embedded stack for one test."""
    stack = await Stack(tmp_path).start()
    yield stack
    await stack.app.close()
