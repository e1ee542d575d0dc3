"""The measures of the bench. Every function returns figures: rates a second, milliseconds."""

import asyncio
import itertools
import random
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import orjson
import requests

from infra.local.sandbox.seed import SENDER_KEY
from tests.load import population
from tests.load.client import Results, closed_loop, open_loop, request
from tests.load.profile import shares
from tests.load.raw_storage import raw_creates, raw_put_get
from tests.load.servers import PATIENCE_SECONDS, Server

CONNECTIONS = 128
"""For each worker."""
CITIZENS = 5_000
ROUNDS = 10
READERS = 1_000
"""Citizens whose inboxes are read: more than SQLite's own cache holds of them."""
NOOP_APP = Path(__file__).parent / "noop_app"

type Figures = dict[str, Any]
type Progress = Callable[[str], None]


def latencies(results: Results) -> Figures:
    """Return the percentiles of a run, in milliseconds."""
    return {
        f"p{percent}_ms": round(results.percentile(percent) * 1000, 2) for percent in (50, 95, 99)
    }


def statuses(*runs: Results) -> dict[str, int]:
    """Return how many answers there were by status."""
    found = sum((run.statuses for run in runs), Counter())
    return {str(status): count for status, count in sorted(found.items())}


async def storage(seconds: float) -> Figures:
    """Measure the bare baselines: creates and queue rounds of one process."""
    with tempfile.TemporaryDirectory() as folder:
        return {
            "raw_creates_per_s": round(await raw_creates(Path(folder), seconds, CONNECTIONS)),
            "raw_put_get_per_s": round(await raw_put_get(Path(folder), seconds, CONNECTIONS)),
        }


async def noop(workers: int, seconds: float) -> Figures:
    """Measure a function that does nothing, sent the same bytes as a submission."""
    with (
        tempfile.TemporaryDirectory() as folder,
        Server(Path(folder), workers=workers, app=NOOP_APP) as server,
    ):
        body = next(population.submissions(server.url, 1)).partition(b"\r\n\r\n")[2]
        sent = request(
            "POST",
            f"{server.url}/noop",
            body,
            {"Ocp-Apim-Subscription-Key": "sandbox", "Content-Type": "application/json"},
        )
        forever = itertools.repeat(sent)
        await closed_loop(server.url, forever, connections=CONNECTIONS * workers, seconds=1)
        results = await closed_loop(
            server.url, forever, connections=CONNECTIONS * workers, seconds=seconds
        )
        return {"per_s": round(results.rate), **latencies(results)}


async def accept(workers: int, seconds: float) -> Figures:
    """Measure accepting alone: the fan-out is disabled, so that nothing else runs beside it."""
    with (
        tempfile.TemporaryDirectory() as folder,
        Server(Path(folder), workers=workers, consume=False) as server,
    ):
        sent = population.submissions(server.url, CITIZENS)
        await closed_loop(server.url, sent, connections=CONNECTIONS * workers, seconds=1)
        results = await closed_loop(
            server.url, sent, connections=CONNECTIONS * workers, seconds=seconds
        )
        return {"per_s": round(results.rate), **latencies(results), "statuses": statuses(results)}


async def counting(workers: int, seconds: float) -> Figures:
    """Compare a key whose calls are counted against its limit with a key without a limit.

    The two take turns on the same host; each figure is a median of ROUNDS.
    """
    keys = {"on": SENDER_KEY, "off": population.UNCOUNTED_KEY}
    rates: dict[str, list[float]] = {name: [] for name in keys}
    cpu: dict[str, list[float]] = {name: [] for name in keys}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        await population.add_uncounted_key(folder)
        with Server(folder, workers=workers, consume=False) as server:
            for turn in range(ROUNDS + 1):
                for is_on, key in keys.items():
                    sent = population.submissions(server.url, CITIZENS, key)
                    before = server.cpu_seconds()
                    results = await closed_loop(
                        server.url,
                        sent,
                        connections=CONNECTIONS * workers,
                        seconds=seconds / ROUNDS,
                    )
                    assert results.statuses.keys() == {201}, results.statuses
                    if turn:
                        spent = server.cpu_seconds() - before
                        rates[is_on].append(results.rate)
                        cpu[is_on].append(1000 * spent / results.statuses[201])
    return {
        is_on: {"per_s": round(median(rates[is_on])), "cpu_ms": round(median(cpu[is_on]), 3)}
        for is_on in keys
    }


async def accept_at(workers: int, rate: float, seconds: float) -> Figures:
    """Measure the latency of accepting at a fixed rate, everything else running too."""
    with tempfile.TemporaryDirectory() as folder:
        await population.add_citizens(Path(folder), CITIZENS)
        with Server(Path(folder), workers=workers) as server:
            sent = population.submissions(server.url, CITIZENS)
            await open_loop(
                server.url, sent, connections=CONNECTIONS * workers, seconds=1, rate=rate
            )
            results = await open_loop(
                server.url, sent, connections=CONNECTIONS * workers, seconds=seconds, rate=rate
            )
            return {"rate": rate, **latencies(results), "statuses": statuses(results)}


async def end_to_end(
    workers: int, seconds: float, rate: float | None, *, profile: bool = False
) -> Figures:
    """Submit for `seconds`, at a fixed rate or as fast as it goes, until all are in an inbox.

    `per_s` is messages visible over the whole time, the tail included. `backlog` is what was not
    yet visible when the last submission was answered.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        await population.add_citizens(folder, CITIZENS)
        with Server(folder, workers=workers) as server:
            sent = population.submissions(server.url, CITIZENS)
            await closed_loop(server.url, sent, connections=CONNECTIONS * workers, seconds=1)
            before = await _settled(folder)
            watching = watched(server.url, CITIZENS - 1, seconds) if rate else None
            watch = asyncio.create_task(watching) if watching else None
            profiled = asyncio.create_task(_profiled(server, seconds)) if profile else None
            started = time.perf_counter()
            if rate is None:
                results = await closed_loop(
                    server.url, sent, connections=CONNECTIONS, seconds=seconds
                )
            else:
                results = await open_loop(
                    server.url, sent, connections=CONNECTIONS * workers, seconds=seconds, rate=rate
                )
            answered = time.perf_counter() - started
            backlog = population.visible(folder)[1]
            arrived = await watch if watch else []
            total = await _settled(folder) - before
            took = time.perf_counter() - started if backlog else answered
            accepted = results.statuses[201] + len(arrived)
            figures: Figures = {
                "per_s": round((total - len(arrived)) / took),
                "accepted": accepted,
                "visible": total,
                "lost": max(0, accepted - total),
                "doubled": max(0, total - accepted),
                "backlog": backlog,
                "accept": latencies(results),
                "statuses": statuses(results),
            }
            if arrived:
                seen = Results(latencies=arrived)
                figures["accept_to_visible"] = {**latencies(seen), "samples": len(arrived)}
            if profiled:
                figures["profile"] = await profiled
            return figures


async def _settled(folder: Path) -> int:
    """Wait until nothing is on its way; return how many messages are visible."""
    while True:
        done, waiting = population.visible(folder)
        if not waiting:
            return done
        await asyncio.sleep(0.02)


async def watched(url: str, number: int, seconds: float) -> list[float]:
    """Follow a message of a citizen's own every 200 ms; return the seconds from 201 to inbox."""
    arrived: list[float] = []
    end = time.perf_counter() + seconds
    token = await asyncio.to_thread(token_of, url, population.fiscal_code(number))
    body = orjson.dumps(
        {
            "fiscal_code": population.fiscal_code(number),
            "content": {"subject": "Watched message", "markdown": population.MARKDOWN},
        }
    )
    while time.perf_counter() < end:
        arrived.append(await asyncio.to_thread(_follow, url, token, body))
        await asyncio.sleep(0.2)
    return arrived


def token_of(url: str, fiscal_code: str) -> str:
    """Return a citizen's token of the sandbox."""
    asked = {"fiscal_code": fiscal_code}
    answer = requests.post(f"{url}/sandbox/token", json=asked, timeout=PATIENCE_SECONDS)
    return str(answer.json()["token"])


def _follow(url: str, token: str, body: bytes) -> float:
    with requests.Session() as session:
        answer = session.post(
            f"{url}/api/v1/messages",
            data=body,
            headers={
                "Ocp-Apim-Subscription-Key": SENDER_KEY,
                "Content-Type": "application/json",
            },
            timeout=30,
        )
        accepted = time.perf_counter()
        id_ = answer.json()["id"]
        while True:
            page = session.get(
                f"{url}/api/communication/v1/messages?page_size=1",
                headers={"Authorization": f"Bearer {token}"},
                timeout=30,
            ).json()
            if page["items"] and page["items"][0]["id"] >= id_:
                return time.perf_counter() - accepted
            time.sleep(0.002)


async def inbox(messages: int, seconds: float, say: Progress) -> Figures:
    """Measure pages of 20 on one connection, from inboxes of 100 among `messages` stored."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        citizens = messages // 100
        stored = 0

        def progress(more: int) -> None:
            nonlocal stored
            stored += more
            if stored % 10_000 < more:
                say(f"storing messages: {stored:,} of {messages:,}")

        await population.add_messages(folder, citizens, 100, progress)
        with Server(folder, workers=1) as server:
            chosen = random.Random(1).sample(range(citizens), min(citizens, 100))
            pages = [
                request(
                    "GET",
                    f"{server.url}/api/communication/v1/messages"
                    "?page_size=20&enrich_result_data=true",
                    headers={
                        "Authorization": "Bearer "
                        + await asyncio.to_thread(
                            token_of, server.url, population.fiscal_code(number)
                        )
                    },
                )
                for number in chosen
            ]
            once = iter(pages)
            await closed_loop(server.url, once, connections=1, seconds=60)
            say(f"reading pages among {messages:,}")
            results = await closed_loop(
                server.url, itertools.cycle(pages), connections=1, seconds=seconds
            )
            return {"per_s": round(results.rate), **latencies(results), "stored": messages}


async def _profiled(server: Server, seconds: float) -> list[list[Any]]:
    """Sample a worker under load; return modules with their share of its busy time, in percent."""
    await asyncio.sleep(1)
    return await shares(server.workers[0], max(1, int(seconds - 2)))
