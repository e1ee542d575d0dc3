"""Detect workers that hang: each worker increments a number in memory that all processes share."""

import asyncio
import mmap
import os
import tempfile
from collections.abc import Callable
from typing import Final

BEAT_SECONDS: Final = 1.0
_WIDTH: Final = 4
_WRAP: Final = 2**31


class Beats:
    """The numbers of all workers; each process writes its own."""

    def __init__(self, fd: int, workers: int) -> None:
        self._map = mmap.mmap(fd, workers * _WIDTH)
        self._numbers = memoryview(self._map).cast("i")

    @staticmethod
    def create(workers: int) -> tuple[int, "Beats"]:
        """Return the descriptor that children inherit, and the numbers."""
        with tempfile.TemporaryFile() as file:
            file.truncate(workers * _WIDTH)
            fd = os.dup(file.fileno())
        return fd, Beats(fd, workers)

    def start(self, worker: int) -> None:
        """Increment the worker's number each second while the loop runs."""
        self._numbers[worker] = (self._numbers[worker] + 1) % _WRAP
        asyncio.get_running_loop().call_later(BEAT_SECONDS, self.start, worker)

    def read(self, worker: int) -> int:
        """Return the worker's number."""
        return self._numbers[worker]


class Watch:
    """The watch over workers: it reports a worker whose loop does not run.

    It counts its own checks, not time, so that it reports no worker after the host was stopped or
    the machine slept.
    """

    def __init__(self, beats: Beats, limit: int, report: Callable[[int], None]) -> None:
        self._beats, self._limit, self._report = beats, limit, report
        self._watched: dict[int, tuple[int, int]] = {}

    def begin(self, worker: int) -> None:
        """Begin to watch a worker."""
        self._watched[worker] = (self._beats.read(worker), 0)

    def end(self, worker: int) -> None:
        """Stop watching a worker."""
        self._watched.pop(worker, None)

    def look(self) -> None:
        """Compare each number with the check before."""
        for worker, (seen, missed) in list(self._watched.items()):
            number = self._beats.read(worker)
            count = missed + 1 if number == seen else 0
            self._watched[worker] = (number, count)
            if count >= self._limit:
                self.end(worker)
                self._report(worker)

    async def run(self) -> None:
        """Check every second, until cancelled."""
        while True:
            await asyncio.sleep(BEAT_SECONDS)
            self.look()
