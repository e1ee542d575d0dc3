"""Measures a batch with single messages beside it, and two senders at a time."""

import asyncio
import itertools
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

from infra.local.sandbox.seed import SENDER_KEY
from tests.load import population
from tests.load.batches.batch import Batch
from tests.load.batches.stored import outcome, sizes
from tests.load.client import Results, open_loop
from tests.load.measures import CONNECTIONS, Figures, Progress, latencies, statuses, watched
from tests.load.servers import Server

WORKERS = 2
RATE = 20
"""Single messages a second, beside a batch."""
SINGLES = 200
"""The citizens of the single messages, beside those of the batch."""
SLICE_SECONDS = 2.0
SMALL_ROWS = 1_000
"""The rows of the second sender, at most."""
HEAD_START_SECONDS = 1.0
TURNS = 3
"""How often the second sender sends, alone and beside the first."""
PLAIN = f"Gentile cittadina, gentile cittadino. {population.MARKDOWN}"
PERSONAL = f"Gentile {{{{ nome }}}}, la quota è {{{{ quota }}}}. {population.MARKDOWN}"


async def batches(rows: int, say: Progress) -> dict[str, Figures]:
    """Measure a batch with one content, one with personal texts, and two senders at a time.

    Each has a host of its own, on the same citizens, who have the choices of the sandbox's: each
    message has its push, with the full text.
    """
    with tempfile.TemporaryDirectory() as name:
        seeded = Path(name) / "seeded"
        seeded.mkdir(mode=0o700)
        say(f"adding {rows:,} citizens")
        await population.add_citizens(seeded, rows + SINGLES)
        await population.add_other_sender(seeded)
        figures = {}
        for part, markdown in (("shared", PLAIN), ("personal", PERSONAL)):
            say(f"sending {rows:,} rows, {part}")
            folder = Path(shutil.copytree(seeded, Path(name) / part))
            figures[part] = await _sent(folder, rows, markdown)
            shutil.rmtree(folder)
        small = min(SMALL_ROWS, rows // 10)
        say(f"sending {small:,} rows beside {rows:,}")
        return figures | await _fairness(seeded, rows, small)


async def _sent(folder: Path, rows: int, markdown: str) -> Figures:
    with Server(folder, workers=WORKERS) as server:
        at_rest, cpu, stored = server.memory_mb("VmRSS"), server.cpu_by_process(), sizes(folder)
        singles = population.submissions(server.url, SINGLES, first=rows)
        accept = partial(
            open_loop,
            server.url,
            singles,
            connections=CONNECTIONS,
            seconds=SLICE_SECONDS,
            rate=RATE,
        )
        started = time.perf_counter()
        batch = await Batch.made(server.url, SENDER_KEY, markdown)
        sending = asyncio.create_task(batch.delivered(rows))
        accepted, followed = await asyncio.gather(
            _while(sending, accept),
            _while(sending, lambda: watched(server.url, rows + SINGLES - 1, SLICE_SECONDS)),
        )
        checked, ended = await sending
        after = server.cpu_by_process()
        spent = [after[pid] - seconds for pid, seconds in cpu.items()]
        seconds, memory = ended - started, server.memory_mb
        arrived = Results(latencies=[*itertools.chain.from_iterable(followed)])
        answers = Results(latencies=[one for run in accepted for one in run.latencies])
        figures = {
            "per_s": round(rows / seconds),
            "seconds": round(seconds, 1),
            "check_seconds": round(checked - started, 1),
            "cpu_ms": round(1000 * sum(spent) / rows, 3),
            "cpu_seconds": [round(one, 1) for one in spent],
            "memory_mb": {
                "rest": at_rest,
                "peak": memory("VmHWM"),
                "resident": memory("VmRSS"),
                "pss": memory("Pss"),
            },
            "accept": latencies(answers),
            "statuses": statuses(*accepted),
            "accept_to_visible": {**latencies(arrived), "samples": len(arrived.latencies)},
        }
    messages = rows + len(answers.latencies) + len(arrived.latencies)
    return figures | outcome(folder, rows) | {"bytes": _each(sizes(folder), stored, messages)}


async def _fairness(folder: Path, rows: int, small: int) -> dict[str, Figures]:
    """Measure a small batch alone, and beside a large one of another sender that began before.

    Each is the median of TURNS batches, one after the other.
    """
    took: dict[str, list[float]] = {"alone": [], "beside": []}
    with Server(folder, workers=WORKERS) as server:
        large = await _checked(server, SENDER_KEY, rows)
        second = [await _checked(server, population.OTHER_KEY, small) for _ in range(2 * TURNS)]
        took["alone"] = [await _timed(one) for one in second[:TURNS]]
        await large.send()
        await asyncio.sleep(HEAD_START_SECONDS)
        for one in second[TURNS:]:
            if (await large.state())["status"] != "RUNNING":
                raise RuntimeError("the large batch has ended, so nothing can be beside it")
            took["beside"].append(await _timed(one))
    return {
        f"second_{name}": {
            "per_s": round(small / median(seconds)),
            "seconds": round(median(seconds), 2),
            "turns": [round(one, 2) for one in seconds],
        }
        for name, seconds in took.items()
    }


async def _checked(server: Server, key: str, rows: int) -> Batch:
    batch = await Batch.made(server.url, key, PLAIN)
    await batch.check(rows)
    return batch


async def _timed(batch: Batch) -> float:
    """Send a batch; return the seconds until it is finished."""
    started = time.perf_counter()
    await batch.send()
    await batch.when("FINISHED")
    return time.perf_counter() - started


async def _while[T](task: asyncio.Task[Any], measure: Callable[[], Awaitable[T]]) -> list[T]:
    """Take a measure again and again until a task is done."""
    found = []
    while not task.done():
        found.append(await measure())
    return found


def _each(after: Counter[str], before: Counter[str], messages: int) -> dict[str, int]:
    """Return the bytes for each message, of what has grown."""
    each = {name: round((size - before[name]) / messages) for name, size in after.items()}
    return {name: size for name, size in each.items() if size}
