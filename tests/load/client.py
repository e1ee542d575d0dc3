"""A load generator: raw HTTP/1.1 over keep-alive connections, cheap enough to share a core.

Requests are bytes made before the run. Answers are parsed for their status and length only, so
the server must send Content-Length (or none with 204 and 304), not chunks.

    python -m tests.load.client http://127.0.0.1:7071/noop --seconds 5 --connections 32
"""

import argparse
import asyncio
import itertools
import time
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, cast, override
from urllib.parse import urlsplit

import uvloop

LOST: Final = 0
"""The status counted for a request whose connection closed before the answer."""

_HEAD_END = b"\r\n\r\n"
_TICK_SECONDS = 0.001
_LENGTH = b"content-length:"


@dataclass(slots=True)
class Results:
    """The results of a run: `latencies` in seconds, in the order of the answers."""

    statuses: Counter[int] = field(default_factory=Counter)
    latencies: list[float] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.latencies) / self.seconds if self.seconds else 0.0

    def percentile(self, percent: float) -> float:
        """Return a latency in seconds; 0 when nothing was answered."""
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))] if ordered else 0.0


def request(
    method: str, url: str, body: bytes = b"", headers: Mapping[str, str] | None = None
) -> bytes:
    """Encode one request for the target of `url`."""
    parts = urlsplit(url)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    lines = [f"{method} {target} HTTP/1.1", f"Host: {parts.netloc}"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    if body or method in {"POST", "PUT", "PATCH"}:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode() + body


async def closed_loop(
    url: str, requests: Iterable[bytes], *, connections: int, seconds: float
) -> Results:
    """Each connection sends its next request on the answer; `requests` ends the run, or the time.

    Measures capacity. Pass `itertools.repeat(...)` for one request over and over.
    """
    run = _Run(iter(requests), time.perf_counter() + seconds)
    await run.open(url, connections)
    started = time.perf_counter()
    for connection in run.connections:
        connection.next()
    await run.finished.wait()
    run.results.seconds = time.perf_counter() - started
    run.close()
    return run.results


async def open_loop(
    url: str, requests: Iterable[bytes], *, connections: int, seconds: float, rate: float
) -> Results:
    """Send at a fixed rate a second, whatever the answers do.

    A request is due at a tick of 1 ms, and its latency counts from there: a server that stalls is
    seen stalling, for the wait for a free connection is part of it.
    """
    run = _Run(iter(requests), time.perf_counter() + seconds + 30, paced=True)
    await run.open(url, connections)
    started = time.perf_counter()
    total, released = int(rate * seconds), 0
    while released < total:
        now = time.perf_counter()
        ready = min(total, int((now - started) * rate) + 1)
        run.due.extend([now] * (ready - released))
        released = ready
        run.send_due()
        # Not shorter: a pacer that spins would take its core from the server.
        await asyncio.sleep(_TICK_SECONDS)
    run.last_sent = True
    run.send_due()
    run.check_finished()
    await run.finished.wait()
    run.results.seconds = time.perf_counter() - started
    run.close()
    return run.results


class _Run:
    def __init__(self, requests: Iterator[bytes], end: float, *, paced: bool = False) -> None:
        self.requests, self.end, self.paced = requests, end, paced
        self.results = Results()
        self.finished = asyncio.Event()
        self.connections: list[_Connection] = []
        self.idle: deque[_Connection] = deque()
        self.due: deque[float] = deque()
        self.last_sent = False
        self.busy = 0
        self._url = urlsplit("")
        self._replacing: set[asyncio.Task[None]] = set()

    async def open(self, url: str, connections: int) -> None:
        self._url = urlsplit(url)
        for _ in range(connections):
            self.connections.append(await self.connect())
        if self.paced:
            self.idle.extend(self.connections)
        else:
            self.busy = connections

    async def connect(self) -> "_Connection":
        _, protocol = await asyncio.get_running_loop().create_connection(
            lambda: _Connection(self), self._url.hostname or "127.0.0.1", self._url.port or 80
        )
        return protocol

    def send_due(self) -> None:
        while self.due and self.idle:
            connection = self.idle.popleft()
            data = next(self.requests, None)
            if data is None:
                self.due.clear()
                self.idle.append(connection)
                return
            self.busy += 1
            connection.send(data, self.due.popleft())

    def answered(self, connection: "_Connection") -> None:
        if self.paced:
            self.busy -= 1
            self.idle.append(connection)
            self.send_due()
            self.check_finished()
        else:
            connection.next()

    def lost(self, connection: "_Connection") -> None:
        self.results.statuses[LOST] += 1
        task = asyncio.get_running_loop().create_task(self._replace(connection))
        self._replacing.add(task)
        task.add_done_callback(self._replacing.discard)

    async def _replace(self, connection: "_Connection") -> None:
        try:
            fresh = await self.connect()
        except OSError:
            if time.perf_counter() > self.end:
                self.done()
                return
            await asyncio.sleep(0.05)
            await self._replace(connection)
            return
        self.connections[self.connections.index(connection)] = fresh
        self.answered(fresh)

    def check_finished(self) -> None:
        if self.last_sent and not self.busy and not self.due:
            self.finished.set()

    def done(self) -> None:
        self.busy -= 1
        if not self.busy:
            self.finished.set()

    def close(self) -> None:
        for connection in self.connections:
            connection.transport.close()


class _Connection(asyncio.Protocol):
    __slots__ = ("_buffer", "_need", "_run", "_since", "_status", "transport", "waiting")

    def __init__(self, run: _Run) -> None:
        self._run = run
        self._buffer = b""
        self._need = 0
        self._status = 0
        self._since = 0.0
        self.waiting = False

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)

    def next(self) -> None:
        now = time.perf_counter()
        data = next(self._run.requests, None) if now < self._run.end else None
        if data is None:
            self._run.done()
        else:
            self.send(data, now)

    def send(self, data: bytes, since: float) -> None:
        self._since = since
        self.waiting = True
        self.transport.write(data)

    @override
    def data_received(self, data: bytes) -> None:
        if self._need:
            self._need -= len(data)
            if self._need <= 0:
                self._complete()
            return
        if self._buffer:
            data = self._buffer + data
        head = data.find(_HEAD_END)
        if head < 0:
            self._buffer = data
            return
        self._buffer = b""
        self._status = int(data[9:12])
        self._need = _content_length(data[:head]) - (len(data) - head - len(_HEAD_END))
        if self._need <= 0:
            self._complete()

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        if self.waiting:
            self.waiting = False
            self._run.lost(self)

    def _complete(self) -> None:
        self._need = 0
        self.waiting = False
        results = self._run.results
        results.statuses[self._status] += 1
        results.latencies.append(time.perf_counter() - self._since)
        self._run.answered(self)


def _content_length(head: bytes) -> int:
    start = head.find(b"Content-Length:")
    if start < 0:
        start = head.lower().find(_LENGTH)
    if start < 0:
        return 0
    start += len(_LENGTH)
    end = head.find(b"\r\n", start)
    return int(head[start : end if end >= 0 else None])


def main() -> None:
    """Measure one address from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url")
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--connections", type=int, default=32)
    parser.add_argument("--rate", type=float, help="a second; without it: as many as possible")
    arguments = parser.parse_args()
    repeated = itertools.repeat(request("GET", arguments.url))
    common = {"connections": arguments.connections, "seconds": arguments.seconds}
    cpu = time.process_time()
    results = uvloop.run(
        open_loop(arguments.url, repeated, rate=arguments.rate, **common)
        if arguments.rate
        else closed_loop(arguments.url, repeated, **common)
    )
    cpu = time.process_time() - cpu
    print(
        f"{results.rate:.0f}/s, statuses {dict(results.statuses)}, "
        f"p50 {results.percentile(50) * 1000:.2f} ms, p99 {results.percentile(99) * 1000:.2f} ms, "
        f"client {cpu / max(1, len(results.latencies)) * 1e6:.0f} us a request"
    )


if __name__ == "__main__":
    main()
