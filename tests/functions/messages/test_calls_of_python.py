"""Accepting a message is work for the processor above all, and calls are its measure."""

import cProfile
from typing import Final

import pytest

from tests.stack import Stack

MOST_CALLS: Final = 810
"""The calls in the thread of the requests, with those of built-in functions and of the test.

Each takes a third of a microsecond. A feature that needs more raises this number.
"""
MESSAGES: Final = 40


async def test_an_acceptance_makes_few_calls(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    """Checks, limits and lists add up: each feature adds some calls to each message."""
    # the test's own check of answers is no part of the app
    monkeypatch.setattr("tests.io_contract.check", lambda *_, **__: None)
    for _ in range(3):
        await stack.submit()
    profile = cProfile.Profile()
    profile.enable()
    for _ in range(MESSAGES):
        await stack.submit()
    profile.disable()

    calls = sum(entry.callcount for entry in profile.getstats())
    assert calls / MESSAGES < MOST_CALLS
