"""Stop calling a service that does not answer, since each call would cost a time-out."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Final

from lib.ports.errors import UnavailableError
from lib.ports.send_errors import DeferredError, NotSentError

FAILURES: Final = 3
"""Failures in a row: after one alone the other calls go on."""
AWAY_SECONDS: Final = 20.0
"""Less than what waits for the service is put back for the first time."""


class Breaker:
    """Count the calls in a row without an answer; after FAILURES let none through.

    After AWAY_SECONDS one call is let through; its result decides about the others.
    Concurrency: one breaker for each service and process, in one event loop.
    """

    def __init__(self, service: str) -> None:
        self._service = service
        self._failures, self._away_until, self._is_trying = 0, 0.0, False

    async def __call__[T](self, call: Callable[[], Awaitable[T]]) -> T:
        """Return what the call returns; raise NotSentError where it is not made."""
        is_trial = self._failures >= FAILURES
        if is_trial and (self._is_trying or time.monotonic() < self._away_until):
            raise NotSentError(f"{self._service} is not asked for a while")
        self._is_trying = self._is_trying or is_trial
        answered = True
        try:
            return await call()
        except UnavailableError as error:
            # a refusal, temporary or final, is an answer
            answered = isinstance(error, DeferredError)
            raise
        except asyncio.CancelledError:
            answered = False
            raise
        finally:
            if is_trial:
                self._is_trying = False
            if answered:
                self._failures = 0
            else:
                self._failures += 1
                self._away_until = time.monotonic() + AWAY_SECONDS
