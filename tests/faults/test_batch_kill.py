"""kill -9 at random moments of a batch: each row is sent once, and every count adds up."""

import asyncio
import contextlib
import csv
import io
import itertools
import json
import random
import sqlite3
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, NamedTuple

import aiohttp
import pytest

from infra.local.sandbox.seed import SENDER_KEY, a_profile
from lib.adapters.embedded.clock import SystemClock
from lib.adapters.embedded.sqlite.store import SQLiteStore
from lib.composition.stacks import NOTIFICATIONS_FILE, STORE_FILE
from lib.ports.schema.citizens import PROFILES
from lib.ports.schema.containers import CONTAINERS
from tests.faults.mortal_host import MortalHost
from tests.faults.submissions import Inbox
from tests.functions.batches.batch_calls import CONTENT, a_list, a_number
from tests.unit.batches.support import a_code

PAYING: Final = 5
"""Every fifth row asks for a payment."""
PATIENCE_SECONDS: Final = 480.0
ANSWER_SECONDS: Final = 10.0
ALL_OF_THE_HOST: Final = 0.5
LOOKED_AT: Final = 40
KILLS_OF_THE_CHECK: Final = 3
_LOST: Final = (aiohttp.ClientError, ConnectionError, TimeoutError)


class Size(NamedTuple):
    """The number of rows and kills; `unreached`: every so manieth citizen has no profile."""

    rows: int
    kills: int
    unreached: int = 10


class Client:
    """A sender that repeats each request until it is answered."""

    def __init__(self, host: MortalHost, session: aiohttp.ClientSession) -> None:
        self._host, self._session = host, session

    async def call(self, method: str, path: str, **request: Any) -> Any:
        """Return the answer: JSON, or the text of a file."""
        end = time.monotonic() + PATIENCE_SECONDS
        headers = {"Ocp-Apim-Subscription-Key": SENDER_KEY, **request.pop("headers", {})}
        while True:
            assert time.monotonic() < end, "no answer for too long"
            with contextlib.suppress(*_LOST):
                async with self._session.request(
                    method,
                    f"{self._host.url}/api/v1{path}",
                    headers=headers,
                    timeout=aiohttp.ClientTimeout(ANSWER_SECONDS),
                    **request,
                ) as response:
                    if response.status < 300:
                        is_json = "json" in response.headers["content-type"]
                        return await (response.json() if is_json else response.text())
                    assert response.status in {429, 503}, (path, response.status)
            await asyncio.sleep(0.02)

    async def begin(self, rows: list[list[str]]) -> str:
        """Make a batch and send it; return its id."""
        body = {"name": "TARI", "content": CONTENT}
        made = await self.call("POST", "/batches", json=body, headers={"Idempotency-Key": "k"})
        path = f"/batches/{made['id']}"
        await self.call(
            "PUT",
            f"{path}/recipients",
            data=a_list(rows, ("cf", "notice_number", "importo")),
            headers={"Content-Type": "text/csv"},
        )
        end = time.monotonic() + PATIENCE_SECONDS
        while (await self.call("GET", path))["status"] == "CHECKING":
            assert time.monotonic() < end, "still checking"
            await asyncio.sleep(0.05)
        await self.call("POST", f"{path}/send")
        return str(made["id"])

    async def ended(self, id_: str) -> Any:
        """Wait for the end of the batch; return what it shows."""
        end = time.monotonic() + PATIENCE_SECONDS
        while (batch := await self.call("GET", f"/batches/{id_}"))["status"] != "FINISHED":
            assert time.monotonic() < end, batch
            await asyncio.sleep(0.05)
        return batch


@pytest.mark.parametrize(
    "size",
    [
        pytest.param(Size(1000, 3), marks=pytest.mark.slow),
        pytest.param(Size(20_000, 30), marks=[pytest.mark.full, pytest.mark.timeout(900)]),
    ],
    ids=["small", "full"],
)
async def test_a_batch_survives_kill_9(
    tmp_path: Path, seed: int, record_property: Callable[[str, object], None], size: Size
) -> None:
    """Of the host or of one worker, while the rows are checked and sent."""
    rng = random.Random(seed)
    codes = [a_code(number) for number in range(size.rows)]
    rows = [
        [code, a_number(number), "1,00"] if number % PAYING == 0 else [code, "", ""]
        for number, code in enumerate(codes)
    ]
    reached = {code for number, code in enumerate(codes) if number % size.unreached}
    await _add_profiles(tmp_path, sorted(reached))
    host = MortalHost(tmp_path)
    started = time.monotonic()
    try:
        await host.start()
        async with aiohttp.ClientSession() as session:
            client = Client(host, session)
            sending = asyncio.create_task(client.begin(rows))
            # as many as an item takes: the next one would need the timer of lost steps
            for _ in range(min(KILLS_OF_THE_CHECK, size.kills // 2)):
                await asyncio.sleep(rng.random())
                await _kill(host, rng)
            id_ = await sending
            ending = asyncio.create_task(client.ended(id_))
            await _strike(host, rng, size, tmp_path, until=ending)
            batch = await ending
        ended = time.monotonic()
        async with aiohttp.ClientSession() as session:
            await _check_answers(Client(host, session), batch, codes, reached)
            inbox = Inbox(host, session)
            for code in rng.sample(codes, LOOKED_AT):
                items = await inbox.whole(code)
                assert len(items) == (code in reached)
        assert not host.gave_up
    finally:
        host.stop()
    pushed = _check_storage(tmp_path, reached, host.killed_workers)
    assert not any(code in host.output for code in codes)
    figures = {
        "rows": size.rows,
        "kills": host.kills,
        "killed workers": host.killed_workers,
        "pushes": pushed,
        "pushes in doubt": len(reached) - pushed,
        "seconds": round(ended - started, 1),
    }
    for name, figure in figures.items():
        record_property(name, figure)
    sys.stdout.write(f"{figures}\n")


async def _add_profiles(folder: Path, codes: list[str]) -> None:
    store = SQLiteStore(folder / STORE_FILE, SystemClock(), CONTAINERS)
    for some in itertools.batched(codes, 200, strict=False):
        await asyncio.gather(*(store.upsert(PROFILES, a_profile(code)) for code in some))
    await store.close()


async def _strike(
    host: MortalHost, rng: random.Random, size: Size, folder: Path, *, until: asyncio.Task[Any]
) -> None:
    """Kill right after a random number of rows was sent, as often as is left to do."""
    moments = sorted(rng.randrange(size.rows) for _ in range(size.kills - host.kills))
    for moment in moments:
        while not until.done() and _sent_rows(folder) < moment:
            assert not host.gave_up, host.output
            await asyncio.sleep(0.005)
        await asyncio.sleep(rng.random() * 0.05)
        await _kill(host, rng)


async def _kill(host: MortalHost, rng: random.Random) -> None:
    if rng.random() < ALL_OF_THE_HOST or not host.kill_one(rng):
        await host.kill_all()
        await asyncio.sleep(rng.random() * 0.2)
        await host.start()


def _sent_rows(folder: Path) -> int:
    with contextlib.closing(sqlite3.connect(f"file:{folder / STORE_FILE}?mode=ro", uri=True)) as db:
        return int(db.execute("SELECT count(*) FROM messages").fetchone()[0])


async def _check_answers(client: Client, batch: Any, codes: list[str], reached: set[str]) -> None:
    """Compare progress, results, list and statistics of the sender."""
    outcomes = {"SENT": len(reached), "REJECTED": len(codes) - len(reached)}
    assert batch["progress"]["outcomes"] == outcomes
    assert batch["progress"]["done"] == batch["progress"]["total"] == len(codes)
    text = await client.call("GET", f"/batches/{batch['id']}/results.csv")
    results = list(csv.DictReader(io.StringIO(text)))
    assert [one["fiscal_code"] for one in results] == codes
    assert {one["fiscal_code"] for one in results if one["outcome"] == "SENT"} == reached
    assert len({one["message_id"] for one in results}) == len(codes)
    totals = (await client.call("GET", "/reports/messages"))["totals"]
    found = (totals["sent"], totals["processed"], totals["rejected"])
    assert found == (len(codes), outcomes["SENT"], outcomes["REJECTED"])


def _check_storage(folder: Path, reached: set[str], killed_workers: int) -> int:
    """Compare messages and pushes; return the number of pushes."""
    with contextlib.closing(sqlite3.connect(f"file:{folder / STORE_FILE}?mode=ro", uri=True)) as db:
        query = (
            "SELECT body ->> '$.id', body ->> '$.fiscal_code', body ->> '$.status' FROM messages"
        )
        messages = db.execute(query).fetchall()
    sent = {id_: citizen for id_, citizen, status in messages if status == "PROCESSED"}
    assert Counter(sent.values()) == Counter(reached)
    whole, cut = list[str](), 0
    for line in (folder / NOTIFICATIONS_FILE).read_text().splitlines():
        try:
            whole.append(json.loads(line)["message_id"])
        except json.JSONDecodeError:
            cut += 1
    assert cut <= killed_workers
    pushes = Counter(whole)
    assert set(pushes.values()) == {1}, "announced twice"
    assert pushes.keys() <= sent.keys()
    return len(pushes)
