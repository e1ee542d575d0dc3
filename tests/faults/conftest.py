"""The seed of a run, with which the run can be repeated; a stack whose process can die."""

import os
import random
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from lib.use_cases.shared import breaker
from tests.faults.mortal_stack import MortalStack


@pytest.fixture
def seed(record_property: Callable[[str, object], None]) -> int:
    """Return FAULTS_SEED, or a random number; pytest shows the seed when the test fails."""
    given = os.environ.get("FAULTS_SEED")
    number = random.SystemRandom().randrange(10**6) if given is None else int(given)
    record_property("seed", number)
    sys.stdout.write(f"FAULTS_SEED={number}\n")
    return number


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the breakers try again at once: they use the real time, and days pass in seconds here."""
    monkeypatch.setattr(breaker, "AWAY_SECONDS", 0)


@pytest.fixture
async def mortal(tmp_path: Path) -> AsyncIterator[MortalStack]:
    """Yield a stack whose process can die."""
    stack = MortalStack(tmp_path)
    await stack.start()
    yield stack
    stack.life.revive()
    await stack.app.close()
