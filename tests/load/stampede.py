"""Measures a stampede: a batch is pushed, and every fifth citizen opens the app at once."""

import asyncio
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, NamedTuple

import orjson

from infra.local.sandbox.seed import SENDER_KEY
from infra.local.sandbox.tokens import issuer_of_settings
from lib.composition.secrets import pseudonyms_of
from lib.composition.stacks import NOTIFICATIONS_FILE
from tests.builders.settings import settings_for
from tests.load import population
from tests.load.batches.batch import Batch
from tests.load.batches.measure import PLAIN
from tests.load.client import Results, open_loop, request
from tests.load.measures import Figures, Progress, latencies, statuses
from tests.load.servers import Server

OPENED: Final = 5
"""Every fifth citizen opens the app."""
MESSAGES: Final = 20
"""The messages that these citizens have before."""
WANTED: Final = 1_000_000 / 600
"""The pushes a second of the stampede that this one is scaled down from."""
WORKERS: Final = 2
SLICE_SECONDS: Final = 0.5
"""The pushes of this time are opened evenly within the next."""
CONNECTIONS: Final = 32
"""For each kind of request. A request that waits for one has waited, too."""
MAX_IDLE_SECONDS: Final = 120
_PATHS: Final = {
    "list": "/api/communication/v1/messages?page_size=20&enrich_result_data=true",
    "detail": "/api/communication/v1/messages/{id}?public_message=true",
    "counters": "/api/communication/v1/inbox/counters",
}


class Opened(NamedTuple):
    """A push that its citizen follows. `token`: the citizen's."""

    token: str
    message_id: str


async def stampede(rows: int, say: Progress) -> dict[str, Figures]:
    """Send a batch of so many rows; open the app for every fifth push, while the others are sent.

    The latency of a request counts from the moment at which the citizen sends it.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        openers = rows // OPENED
        say(f"adding {rows:,} citizens")
        await population.add_citizens(folder, rows)
        say(f"adding {openers * MESSAGES:,} messages")
        await population.add_messages(folder, openers, MESSAGES, lambda _: None, every=OPENED)
        pushes = _Pushes(folder, [population.fiscal_code(OPENED * n) for n in range(openers)])
        with Server(folder, workers=WORKERS) as server:
            batch = await Batch.made(server.url, SENDER_KEY, PLAIN)
            await batch.check(rows)
            say(f"pushing {rows:,} messages")
            before, started = server.cpu_by_process(), time.perf_counter()
            await batch.send()
            found = await _opened(server, pushes, rows)
            after = server.cpu_by_process()
    seconds, refused = pushes.ended - started, 0
    figures: dict[str, Figures] = {
        "pushes": {
            "per_s": round(rows / seconds),
            "seconds": round(seconds, 1),
            "scale": round(WANTED * seconds / rows, 1),
            "cpu_seconds": [round(after[pid] - spent, 1) for pid, spent in before.items()],
        }
    }
    for kind, results in found.items():
        refused += sum(results.statuses.values()) - results.statuses[200]
        figures[kind] = {
            "per_s": round(len(results.latencies) / seconds),
            **latencies(results),
            "opened": len(results.latencies),
            "statuses": statuses(results),
        }
    figures["pushes"]["refused"] = refused
    return figures


async def _opened(server: Server, pushes: "_Pushes", rows: int) -> dict[str, Results]:
    """Open the app for each push of an opener until all rows are pushed; return the answers."""
    found = {kind: Results() for kind in _PATHS}
    while pushes.seen < rows or pushes.waiting:
        opened, pushes.waiting = pushes.waiting, []
        slice_ends = asyncio.create_task(asyncio.sleep(SLICE_SECONDS))
        answers = await asyncio.gather(*(_asked(server.url, kind, opened) for kind in _PATHS))
        await slice_ends
        for results, more in zip(found.values(), answers, strict=True):
            results.statuses += more.statuses
            results.latencies += more.latencies
        pushes.look()
    return found


async def _asked(url: str, kind: str, opened: list[Opened]) -> Results:
    """Send a request of this kind for each app."""
    if not opened:
        return Results()
    return await open_loop(
        url,
        _requests(url, kind, opened),
        connections=min(CONNECTIONS, len(opened)),
        seconds=SLICE_SECONDS,
        rate=len(opened) / SLICE_SECONDS,
    )


def _requests(url: str, kind: str, opened: list[Opened]) -> Iterator[bytes]:
    for one in opened:
        headers = {"Authorization": f"Bearer {one.token}"}
        yield request("GET", url + _PATHS[kind].format(id=one.message_id), headers=headers)


class _Pushes:
    """The captured pushes. `waiting`: those of openers that were not opened yet."""

    def __init__(self, folder: Path, openers: list[str]) -> None:
        issuer, now = issuer_of_settings(folder), datetime.now(UTC)
        pseudonyms = pseudonyms_of(settings_for(folder))
        self._tokens = {pseudonyms.of(code): issuer.issue(code, now)[0] for code in openers}
        self._path, self._read, self._rest = folder / NOTIFICATIONS_FILE, 0, b""
        self.seen = 0
        self.waiting: list[Opened] = []
        self.ended = time.perf_counter()

    def look(self) -> None:
        """Take up what is new; raise RuntimeError when nothing has come for long."""
        found = b""
        if self._path.exists():
            with self._path.open("rb") as file:
                file.seek(self._read)
                found = file.read()
        self._read += len(found)
        *lines, self._rest = (self._rest + found).split(b"\n")
        for push in map(orjson.loads, lines):
            token = self._tokens.get(push["recipients"][0])
            if token is not None:
                self.waiting.append(Opened(token, push["message_id"]))
        if lines:
            self.seen += len(lines)
            self.ended = time.perf_counter()
        elif time.perf_counter() - self.ended > MAX_IDLE_SECONDS:
            raise RuntimeError(f"only {self.seen} pushes arrived")
