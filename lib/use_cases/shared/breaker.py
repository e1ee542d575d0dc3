"""Stop calls to a service that does not answer, since each call would cost a time-out."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Final

from lib.ports.errors import UnavailableError
from lib.ports.send_errors import DeferredError, NotSentError

FAILURES: Final = 3
"""The number of failures in a row that stop the calls."""
AWAY_SECONDS: Final = 20.0
"""The pause of the calls, shorter than the first delay of an item that is put back."""


class Breaker:
    """Count the calls in a row without an answer; after FAILURES of them stop all calls.

    After AWAY_SECONDS the breaker allows one call, and the result decides about further calls.
    Concurrency: one breaker for each service and process, in one event loop.
    """

    def __init__(self, service: str) -> None:
        self._service = service
        self._failures, self._away_until, self._is_trying = 0, 0.0, False

    async def __call__[T](self, call: Callable[[], Awaitable[T]]) -> T:
        """Return the result of the call; raise NotSentError if the call is stopped."""
        is_trial = self._failures >= FAILURES
        if is_trial and (self._is_trying or time.monotonic() < self._away_until):
            raise NotSentError(f"{self._service}: calls are stopped after failures in a row")
        self._is_trying = self._is_trying or is_trial
        answered = True
        try:
            return await call()
        except UnavailableError as error:
            # a refusal is an answer, temporary or final
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
