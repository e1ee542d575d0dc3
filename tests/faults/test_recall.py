"""kill -9 during a recall: afterwards no withdrawn message is visible, and none is announced."""

import asyncio
import random
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from infra.local.sandbox.seed import SENDER_KEY
from lib.composition.stacks import NOTIFICATIONS_FILE
from lib.domain.shared.values import timestamp
from tests.faults.mortal_host import MortalHost
from tests.faults.submissions import Inbox, Sender, Submission
from tests.load.population import add_citizens

CITIZENS = 40
AT_ONCE = 16
HEADERS = {"Ocp-Apim-Subscription-Key": SENDER_KEY}
PATIENCE_SECONDS = 120.0


FULL = [pytest.mark.full, pytest.mark.timeout(900)]


@pytest.mark.parametrize("by_time", [False, True], ids=["by id", "by time"])
@pytest.mark.parametrize(
    "count", [pytest.param(200, marks=pytest.mark.slow), pytest.param(10_000, marks=FULL)]
)
async def test_a_recall_survives_kill_9(
    tmp_path: Path, seed: int, count: int, *, by_time: bool
) -> None:
    """The host dies right after its 202, and the recall goes on when it is back."""
    rng = random.Random(seed)
    await add_citizens(tmp_path, CITIZENS, max_daily_notifications=2 * count)
    submissions = [Submission.make(number, CITIZENS, rng) for number in range(count)]
    host = MortalHost(tmp_path)
    begun = datetime.now(UTC)
    try:
        await host.start()
        async with aiohttp.ClientSession() as session:
            sender = Sender(host, session, rng)
            await _send_all(sender, submissions)
            if by_time:
                # the process that accepts a message lists it within two seconds
                await asyncio.sleep(4)
            recall = await _recall(host, session, submissions, begun if by_time else None)
        await asyncio.sleep(rng.random() * 0.3)
        await host.kill_all()
        await host.start()
        async with aiohttp.ClientSession() as session:
            progress = await _done(host, session, recall)
            assert progress["withdrawn"] == count, progress
            announced = _announced(tmp_path)
            inbox = Inbox(host, session)
            for citizen in sorted({one.citizen for one in submissions}):
                assert await inbox.whole(citizen) == []
            await asyncio.sleep(2)
            assert _announced(tmp_path) == announced
    finally:
        host.stop()


async def _send_all(sender: Sender, submissions: list[Submission]) -> None:
    """Send the submissions, AT_ONCE of them at a time."""
    places = asyncio.Semaphore(AT_ONCE)

    async def send(submission: Submission) -> None:
        async with places:
            submission.key = f"key-{submission.number}"
            await sender.send(submission)

    await asyncio.gather(*map(send, submissions))


async def _recall(
    host: MortalHost,
    session: aiohttp.ClientSession,
    submissions: list[Submission],
    since: datetime | None,
) -> Any:
    """Recall the messages: by their ids, or all that were sent since a time."""
    body: dict[str, Any] = {"reason": "Importo sbagliato"}
    if since is None:
        body["messages"] = [f"{one.citizen}/{one.id}" for one in submissions]
        path = "/api/v1/withdrawals"
    else:
        body |= {"since": timestamp(since), "until": timestamp(datetime.now(UTC))}
        path = "/api/v1/sent-messages/withdrawal"
    async with session.post(f"{host.url}{path}", json=body, headers=HEADERS) as response:
        assert response.status == 202, await response.text()
        return await response.json()


async def _done(host: MortalHost, session: aiohttp.ClientSession, recall: Any) -> Any:
    """Wait until the recall is done; return its progress."""
    end = time.monotonic() + PATIENCE_SECONDS
    while True:
        url = f"{host.url}/api/v1/withdrawals/{recall['id']}"
        async with session.get(url, headers=HEADERS) as response:
            progress = await response.json()
        if progress.get("state") == "DONE":
            return progress
        assert time.monotonic() < end, progress
        await asyncio.sleep(0.1)


def _announced(folder: Path) -> int:
    path = folder / NOTIFICATIONS_FILE
    return len(path.read_text().splitlines()) if path.exists() else 0
