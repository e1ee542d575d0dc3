"""Detect that too many calls take too long, so that the caller can queue further calls."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

SLOW_SECONDS: Final = 1.0
AT_MOST: Final = 8
"""The number of slow calls at a time from which a caller uses another way, such as a queue."""


class Pace:
    """Track the calls under way, each with its start."""

    def __init__(self) -> None:
        self._started: list[float] = []

    @property
    def is_slow(self) -> bool:
        """Whether the maximum number of calls has been running for too long."""
        if len(self._started) < AT_MOST:
            return False
        return sorted(self._started)[AT_MOST - 1] < time.monotonic() - SLOW_SECONDS

    @contextmanager
    def under_way(self) -> Iterator[None]:
        """Count a call while it runs."""
        started = time.monotonic()
        self._started.append(started)
        try:
            yield
        finally:
            self._started.remove(started)
