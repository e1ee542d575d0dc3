"""How many connections each worker has, in memory that all processes of the host share."""

import mmap
import os
import tempfile
from typing import Final

_WIDTH: Final = 4
_NOBODY: Final = 2**31 - 1


class Loads:
    """One number for each worker; each process writes its own, and whole."""

    def __init__(self, fd: int, workers: int) -> None:
        self._map = mmap.mmap(fd, workers * _WIDTH)
        self._numbers = memoryview(self._map).cast("i")

    @staticmethod
    def create(workers: int) -> tuple[int, "Loads"]:
        """Return the descriptor that children inherit, and the loads with nobody at work yet."""
        with tempfile.TemporaryFile() as file:
            file.truncate(workers * _WIDTH)
            fd = os.dup(file.fileno())
        loads = Loads(fd, workers)
        for worker in range(workers):
            loads.gone(worker)
        return fd, loads

    def is_heavy(self, worker: int, connections: int) -> bool:
        """Note how many the worker has; tell whether another one has fewer."""
        self._numbers[worker] = connections
        return min(self._numbers) < connections

    def gone(self, worker: int) -> None:
        """Expect nothing of the worker until it tells its number again."""
        self._numbers[worker] = _NOBODY
