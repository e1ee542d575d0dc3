"""Two workers share the limit of a sender's calls, and no log has a key of a query."""

import asyncio
import re
import statistics
import time
from functools import partial

import aiohttp
import pytest
import requests

from infra.local.sandbox.seed import CITIZEN, LIMITED_KEY, SENDER_KEY, SLOW_KEY
from lib.domain.limits.allowance import DEFAULT_CALLS, WINDOW_SECONDS
from tests.builders.messages import a_message
from tests.host.host_process import wait_for
from tests.journeys.support import SUBMIT, Journeys

SECONDS = 11
CONNECTIONS = 12
PATH = f"{SUBMIT}/{CITIZEN}/01J0000000000000000000000A"


async def _call(session: aiohttp.ClientSession, base: str, key: str) -> tuple[int, float]:
    """Read a message that does not exist; return the status and the seconds that it took."""
    began = time.monotonic()
    async with session.get(base + PATH, headers={"Ocp-Apim-Subscription-Key": key}) as answer:
        await answer.read()
        if answer.status == 429:
            assert int(answer.headers["Retry-After"]) >= 1
        assert not [name for name in answer.headers if name.lower().startswith("x-rate")]
    return answer.status, time.monotonic() - began


async def _flood(base: str, until: float) -> tuple[list[tuple[float, float]], int]:
    """Call all the time; return start and end of admitted calls, and the number of the others."""
    admitted, refused = [], 0

    async def one() -> None:
        nonlocal refused
        # each has its own connection, so that both workers get some
        async with aiohttp.ClientSession() as session:
            while time.monotonic() < until:
                began = time.monotonic()
                status, seconds = await _call(session, base, SLOW_KEY)
                assert status in {404, 429}
                if status != 429:
                    admitted.append((began, began + seconds))
                else:
                    refused += 1
                    await asyncio.sleep(0.1)

    await asyncio.gather(*(one() for _ in range(CONNECTIONS)))
    return admitted, refused


async def _steady(base: str, until: float) -> list[tuple[int, float]]:
    """Call twenty times a second as another sender; return statuses and seconds."""
    found = []
    async with aiohttp.ClientSession() as session:
        while time.monotonic() < until:
            found.append(await _call(session, base, LIMITED_KEY))
            await asyncio.sleep(0.05)
    return found


async def test_two_workers_hold_the_limit_of_one_sender(journeys: Journeys) -> None:
    """150 calls in any five seconds within a tenth; another sender is not refused or slowed."""
    until = time.monotonic() + SECONDS
    (admitted, refused), others = await asyncio.gather(
        _flood(journeys.base, until), _steady(journeys.base, until)
    )

    # a call counts where it began and ended in the window: the host decided in between, and a
    # busy machine moves the end of many calls at once
    most = max(
        sum(start <= began and ended < start + WINDOW_SECONDS for began, ended in admitted)
        for start, _ in admitted
    )
    assert most <= DEFAULT_CALLS * 1.1
    # a machine that makes fewer calls than the limit has none to refuse
    tried = len(admitted) + refused
    assert len(admitted) >= 0.9 * min(tried, DEFAULT_CALLS * (SECONDS // WINDOW_SECONDS))
    assert {status for status, _ in others} == {404}
    assert statistics.median(seconds for _, seconds in others) < 5


@pytest.mark.parametrize("journeys", ["embedded"], indirect=True)
def test_no_line_of_the_log_has_a_key_of_a_query(journeys: Journeys) -> None:
    """Accepted, refused, on a path that does not exist, and in a request that is too long."""
    wrong = "a-wrong-key-of-a-sender"
    statuses = [
        requests.post(
            f"{journeys.base}{path}?subscription-key={key}", json=a_message(), timeout=60
        ).status_code
        for path, key in (
            (SUBMIT, SENDER_KEY),
            (SUBMIT, wrong),
            ("/api/v1/no-such-path", wrong),
            (SUBMIT, f"{wrong}{'x' * 9000}"),
        )
    ]

    assert statuses == [201, 401, 404, 431]
    wait_for(partial(_is_logged, journeys, r" 431 "))
    for key in (SENDER_KEY, wrong):
        assert key not in journeys.host.output


def _is_logged(journeys: Journeys, pattern: str) -> bool:
    return re.search(pattern, journeys.host.output) is not None
