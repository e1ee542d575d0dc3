"""Signs of life: each worker counts up in memory that all processes of the host share."""

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
    """One number for each worker; each process writes its own."""

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
        """Count from the running loop, for as long as it runs."""
        self._numbers[worker] = (self._numbers[worker] + 1) % _WRAP
        asyncio.get_running_loop().call_later(BEAT_SECONDS, self.start, worker)

    def read(self, worker: int) -> int:
        """Return the worker's number."""
        return self._numbers[worker]


class Watch:
    """Tells of workers whose loop does not run any more.

    It counts its own looks, not time: while the whole host is stopped, or the machine asleep,
    nobody is suspected.
    """

    def __init__(self, beats: Beats, looks: int, told: Callable[[int], None]) -> None:
        self._beats, self._looks, self._told = beats, looks, told
        self._watched: dict[int, tuple[int, int]] = {}

    def begin(self, worker: int) -> None:
        """Expect signs of the worker from now on."""
        self._watched[worker] = (self._beats.read(worker), 0)

    def end(self, worker: int) -> None:
        """Expect none any more."""
        self._watched.pop(worker, None)

    def look(self) -> None:
        """Compare with the look before."""
        for worker, (seen, missed) in list(self._watched.items()):
            number = self._beats.read(worker)
            count = missed + 1 if number == seen else 0
            self._watched[worker] = (number, count)
            if count >= self._looks:
                self.end(worker)
                self._told(worker)

    async def run(self) -> None:
        """Look again and again, until cancelled."""
        while True:
            await asyncio.sleep(BEAT_SECONDS)
            self.look()
