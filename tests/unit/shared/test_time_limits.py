"""A test that is past its time limit ends, whatever swallows the first alarm."""

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[3]
HANGING_TESTS = """
import asyncio
import time

import pytest


async def test_a_background_task_keeps_the_alarm():
    async def busy():
        time.sleep(30)

    await asyncio.wait([asyncio.create_task(busy())])
    await asyncio.sleep(30)


@pytest.fixture
def slow_to_end():
    yield
    time.sleep(30)


def test_the_teardown_after_a_failure_hangs(slow_to_end):
    raise AssertionError
"""


@pytest.mark.slow
def test_a_test_past_its_limit_ends(tmp_path: Path) -> None:
    """Each part that hangs fails, and the process ends soon after."""
    path = tmp_path / "test_hanging.py"
    path.write_text(HANGING_TESTS)
    options = ["-n", "0", "-q", "--timeout=1", "-p", "tests.time_limits", "-p", "no:cacheprovider"]
    options += ["-c", str(ROOT / "pyproject.toml"), f"--rootdir={ROOT}"]

    ended = subprocess.run(
        [sys.executable, "-m", "pytest", *options, str(path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=55,
        check=False,
    )

    assert "2 failed, 1 error" in ended.stdout, ended.stdout + ended.stderr
