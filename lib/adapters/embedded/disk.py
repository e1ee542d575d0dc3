"""Make files durable, with a thread that waits for the disk."""

import asyncio
import os
import queue
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

type Job = Callable[[], None]
type Then = Callable[[asyncio.AbstractEventLoop, OSError | None], None]

sync_data: Final[Callable[[int], None]] = getattr(os, "fdatasync", os.fsync)
"""Sync a file's content; macOS has no fdatasync."""


def sync_folder(folder: Path) -> None:
    """Make the entries of a folder durable."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


class HelperThread:
    """A thread for blocking calls. Cost: an executor's futures would cost more than a sync."""

    def __init__(self) -> None:
        self._jobs: queue.SimpleQueue[tuple[asyncio.AbstractEventLoop, Job, Then] | None] = (
            queue.SimpleQueue()
        )
        self._thread = threading.Thread(target=self._run, name="disk", daemon=True)
        self._thread.start()

    def run(self, loop: asyncio.AbstractEventLoop, job: Job, then: Then) -> None:
        """Run `job` in the thread, then `then` on the loop with the job's OSError or None."""
        self._jobs.put((loop, job, then))

    def stop(self) -> None:
        """Wait for the earlier jobs, and end the thread."""
        self._jobs.put(None)
        self._thread.join()

    def _run(self) -> None:
        while (entry := self._jobs.get()) is not None:
            loop, job, then = entry
            failure = None
            try:
                job()
            except OSError as error:
                failure = error
            with suppress(RuntimeError):  # the loop is closed, so no caller waits
                loop.call_soon_threadsafe(then, loop, failure)
