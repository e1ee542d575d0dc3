"""A local host that is killed and comes back on the same data."""

import asyncio
import os
import random
import signal
import time
from pathlib import Path

from tests.host.host_process import ROOT, HostProcess, is_alive, wait_for

LEASE_SECONDS = 1
WORKERS = 2
_DEATH_SECONDS = 10.0


class MortalHost:
    """A local host with two workers that answer and others in the background.

    `killed_workers` counts the workers that were killed, `kills` the calls that killed some.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._process: HostProcess | None = None
        self._outputs: list[str] = []
        self.url = ""
        self.kills = 0
        self.killed_workers = 0

    async def start(self) -> None:
        """Start the host; return when it is ready to serve."""
        self._process = HostProcess(
            self._folder,
            "--workers",
            str(WORKERS),
            "--lease-seconds",
            str(LEASE_SECONDS),
            app=ROOT,
            STACK="embedded",
        )
        await asyncio.to_thread(self._process.__enter__)
        self.url = f"http://127.0.0.1:{self._process.port}"

    @property
    def output(self) -> str:
        """The output of the host over all its starts."""
        now = [self._process.output] if self._process else []
        return "".join([*self._outputs, *now])

    @property
    def gave_up(self) -> bool:
        """Whether the supervisor ended without having been killed."""
        return self._process is not None and self._process.process.poll() is not None

    def kill_one(self, rng: random.Random) -> bool:
        """Kill -9 one worker, even one that is starting; the supervisor replaces the worker."""
        assert self._process
        workers = self._process.workers
        if not workers:
            return False
        os.kill(rng.choice(workers), signal.SIGKILL)
        self.kills += 1
        self.killed_workers += 1
        return True

    async def kill_one_and_its_replacement(self, rng: random.Random) -> None:
        """Kill a worker and then its replacement while that starts; wait for the third."""
        assert self._process
        before = set(self._process.workers)
        assert self.kill_one(rng)
        starting = await self._next_worker(before)
        await asyncio.sleep(rng.random() * 0.1)
        os.kill(starting, signal.SIGKILL)
        await self._next_worker(before | {starting})

    async def _next_worker(self, known: set[int]) -> int:
        process = self._process
        assert process
        fresh = await asyncio.to_thread(
            wait_for, lambda: process.process.poll() or set(process.workers) - known, 60
        )
        assert isinstance(fresh, set), process.output
        return fresh.pop()

    async def kill_all(self) -> None:
        """Kill -9 the supervisor and its workers at one moment; return when all have ended."""
        assert self._process
        # stopped first, so that it cannot start another worker between the look and the blow
        self._process.process.send_signal(signal.SIGSTOP)
        workers = self._process.workers
        for pid in workers:
            os.kill(pid, signal.SIGKILL)
        self._process.kill()
        end = time.monotonic() + _DEATH_SECONDS
        while any(is_alive(pid) for pid in workers):
            assert time.monotonic() < end, "a worker survived kill -9"
            await asyncio.sleep(0.005)
        self._outputs.append(self._process.output)
        self._process = None
        self.kills += 1
        self.killed_workers += len(workers)

    def stop(self) -> None:
        """Stop the host gently, if it runs."""
        if self._process is not None:
            self._process.__exit__(None, None, None)
