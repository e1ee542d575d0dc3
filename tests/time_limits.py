"""The time limit of a test holds: pytest-timeout's one alarm can be swallowed."""

import signal
from collections.abc import Generator
from typing import Final, Protocol

import pytest

ALARM_AGAIN_SECONDS: Final = 20


class TimeLimit(Protocol):
    """The settings of pytest-timeout for a test's limit."""

    timeout: float
    method: str


LIMIT: Final = pytest.StashKey[TimeLimit]()


@pytest.hookimpl(wrapper=True)
def pytest_timeout_set_timer(
    item: pytest.Item, settings: TimeLimit
) -> Generator[None, object, object]:
    """Fail a test that is past its time limit again and again, until it ends.

    The alarm raises in whatever runs. In a background task asyncio keeps the exception, and the
    test would go on.
    """
    item.stash[LIMIT] = settings
    result = yield
    if settings.method == "signal":
        again = min(settings.timeout, ALARM_AGAIN_SECONDS)
        signal.setitimer(signal.ITIMER_REAL, settings.timeout, again)
    return result


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_teardown(item: pytest.Item) -> None:
    """Limit the teardown too: the plugin takes the limit away when a test fails."""
    if settings := item.stash.get(LIMIT, None):
        item.ihook.pytest_timeout_set_timer(item=item, settings=settings)
