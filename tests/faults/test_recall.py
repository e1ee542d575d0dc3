"""kill -9 during a recall: afterwards no withdrawn message is visible, and none is announced."""

import asyncio
import random
import time
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from infra.local.sandbox.seed import SENDER_KEY
from lib.composition.stacks import NOTIFICATIONS_FILE
from tests.faults.mortal_host import MortalHost
from tests.faults.submissions import Inbox, Sender, Submission
from tests.load.population import add_citizens

CITIZENS = 40
HEADERS = {"Ocp-Apim-Subscription-Key": SENDER_KEY}
PATIENCE_SECONDS = 60.0


@pytest.mark.parametrize(
    "count",
    [
        pytest.param(200, marks=pytest.mark.slow),
        pytest.param(10_000, marks=[pytest.mark.full, pytest.mark.timeout(900)]),
    ],
)
async def test_a_recall_survives_kill_9(tmp_path: Path, seed: int, count: int) -> None:
    """The host dies right after its 202, and the recall goes on when it is back."""
    rng = random.Random(seed)
    await add_citizens(tmp_path, CITIZENS, max_daily_notifications=2 * count)
    submissions = [Submission.make(number, CITIZENS, rng) for number in range(count)]
    host = MortalHost(tmp_path)
    try:
        await host.start()
        async with aiohttp.ClientSession() as session:
            sender = Sender(host, session, rng)
            for submission in submissions:
                submission.key = f"key-{submission.number}"
                await sender.send(submission)
            messages = [f"{one.citizen}/{one.id}" for one in submissions]
            body = {"reason": "Importo sbagliato", "messages": messages}
            url = f"{host.url}/api/v1/withdrawals"
            async with session.post(url, json=body, headers=HEADERS) as response:
                assert response.status == 202, await response.text()
                recall = await response.json()
        await asyncio.sleep(rng.random() * 0.3)
        await host.kill_all()
        await host.start()
        async with aiohttp.ClientSession() as session:
            await _done(host, session, recall)
            announced = _announced(tmp_path)
            inbox = Inbox(host, session)
            for citizen in sorted({one.citizen for one in submissions}):
                assert await inbox.whole(citizen) == []
            await asyncio.sleep(2)
            assert _announced(tmp_path) == announced
    finally:
        host.stop()


async def _done(host: MortalHost, session: aiohttp.ClientSession, recall: Any) -> None:
    """Wait until each message of the recall is withdrawn."""
    end = time.monotonic() + PATIENCE_SECONDS
    while True:
        url = f"{host.url}/api/v1/withdrawals/{recall['id']}"
        async with session.get(url, headers=HEADERS) as response:
            progress = await response.json()
        if progress.get("state") == "DONE":
            assert progress["withdrawn"] == progress["total"], progress
            return
        assert time.monotonic() < end, progress
        await asyncio.sleep(0.1)


def _announced(folder: Path) -> int:
    path = folder / NOTIFICATIONS_FILE
    return len(path.read_text().splitlines()) if path.exists() else 0
