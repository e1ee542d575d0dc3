"""Send one request straight to a service; all that is not a plain answer is left to the SDK."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import formatdate
from functools import lru_cache
from http import HTTPStatus
from typing import Any, Final

import aiohttp
from azure.core.pipeline import PipelineResponse

from lib.adapters.azure.direct.examples import AUTHORIZATION, Dialect, Examples, Kind
from lib.adapters.azure.direct.exchanges import BROKEN, Answer, Exchanges
from lib.adapters.azure.errors import retry_after

LONGEST_WAIT_SECONDS: Final = 4
"""As `retry_throttle_backoff_max`: the SDK gives up at once if the service asks for more."""


@dataclass(frozen=True, slots=True, repr=False)
class Request:
    """The parts of one request that are its own. `target`: the end of its address."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes = b""


class DirectRequests:
    """The direct requests to one service. Each is sent once: retries are the SDK's."""

    def __init__(
        self,
        connector: Callable[[], aiohttp.BaseConnector],
        timeout: aiohttp.ClientTimeout,
        dialect: Dialect,
    ) -> None:
        self._exchanges, self._dialect = Exchanges(connector, timeout), dialect
        self._examples = Examples(dialect)

    def learn(self, kind: Kind, method: str) -> Callable[[PipelineResponse[Any, Any]], None]:
        """Return the hook for an operation of the SDK, which takes its request as the example."""
        return self._examples.learn(kind, method)

    async def send(self, kind: Kind, request: Request) -> Answer | None:
        """Return the answer, or None if the operation must go through the SDK.

        The service may have done the operation when the result is None.
        """
        example = self._examples.of(kind)
        if example is None:
            return None
        address = example.address + request.target
        headers = {
            **example.headers,
            **request.headers,
            "accept-encoding": "identity",
            "x-ms-date": _date(int(time.time())),
        }
        sign = self._dialect.sign
        if sign is not None:
            headers[AUTHORIZATION] = sign(request.method, address, headers, request.body)
        try:
            answer = await self._exchanges.exchange(request.method, address, headers, request.body)
        except BROKEN:
            # the SDK finds another region, and until it succeeds nothing more goes here
            self._examples.forget_all()
            return None
        if "content-encoding" not in answer.headers and self._dialect.is_final(
            answer.status, answer.headers
        ):
            return answer
        self._examples.forget(kind)
        await _wait_if_throttled(answer)
        return None

    def forget(self) -> None:
        """Forget all examples."""
        self._examples.forget_all()


@lru_cache(maxsize=1)
def _date(second: int) -> str:
    return formatdate(second, usegmt=True)


async def _wait_if_throttled(answer: Answer) -> None:
    """Wait as long as a 429 asks for, as the SDK does before each of its retries."""
    if answer.status == HTTPStatus.TOO_MANY_REQUESTS:
        wait = retry_after(answer.headers) or 0
        if 0 < wait <= LONGEST_WAIT_SECONDS:
            await asyncio.sleep(wait)
