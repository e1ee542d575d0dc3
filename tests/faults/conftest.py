"""The seed of a run, so that it can be had again."""

import os
import random
import sys
from collections.abc import Callable

import pytest

from lib.use_cases.shared import breaker


@pytest.fixture
def seed(record_property: Callable[[str, object], None]) -> int:
    """Return FAULTS_SEED, or another number each time; pytest shows it when the test fails."""
    given = os.environ.get("FAULTS_SEED")
    number = random.SystemRandom().randrange(10**6) if given is None else int(given)
    record_property("seed", number)
    sys.stdout.write(f"FAULTS_SEED={number}\n")
    return number


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ask what failed again at once: whole days pass in seconds here, but a breaker has its own."""
    monkeypatch.setattr(breaker, "AWAY_SECONDS", 0)
