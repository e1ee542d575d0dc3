"""The supervisor's side of the nursery: ask for workers, and wait for their ends. Linux alone."""

import asyncio
import ctypes
import os
import signal
import socket
import sys
from contextlib import suppress
from pathlib import Path
from typing import Final, Self

from infra.local.settings.options import WorkerOptions

CAN_FORK: Final = sys.platform == "linux"
"""Whether workers are forked. Elsewhere each is a new process: on macOS a fork is not safe."""
_PR_SET_CHILD_SUBREAPER: Final = 36
_PID_BYTES: Final = 32


class NurseryError(Exception):
    """The nursery ended; a worker that is started as a new process tells the reason."""


class Forked:
    """A forked worker: what `asyncio.subprocess.Process` gives for a new process."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self._fd = os.pidfd_open(pid)
        self._ended: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        asyncio.get_running_loop().add_reader(self._fd, self._reap)

    async def wait(self) -> int:
        """Return the exit code; a negative one is the number of the signal."""
        return await asyncio.shield(self._ended)

    def send_signal(self, number: int) -> None:
        """Send a signal, unless the worker has ended."""
        if self.returncode is None:
            signal.pidfd_send_signal(self._fd, number)

    def kill(self) -> None:
        """Kill the worker."""
        self.send_signal(signal.SIGKILL)

    def _reap(self) -> None:
        asyncio.get_running_loop().remove_reader(self._fd)
        _, status = os.waitpid(self.pid, 0)
        self.returncode = os.waitstatus_to_exitcode(status)
        os.close(self._fd)
        self._ended.set_result(self.returncode)


class Nursery:
    """The nursery, as long as workers are started: `async with` begins and ends one use.

    It ends with its last use, so that a worker that starts later has the files of that time.
    """

    def __init__(self, app_folder: Path, descriptors: tuple[int, ...]) -> None:
        self._app_folder, self._descriptors = app_folder, descriptors
        self._uses = 0
        self._is_discarded = False
        self._lock = asyncio.Lock()
        self._control: socket.socket | None = None
        self._process: asyncio.subprocess.Process | None = None

    async def __aenter__(self) -> Self:
        """Begin a use."""
        self._uses += 1
        return self

    async def __aexit__(self, *_: object) -> None:
        """End a use, and with the last one the process."""
        self._uses -= 1
        if not self._uses:
            await self.end()

    async def fork(self, listener: int, options: WorkerOptions, ready_fd: int) -> Forked:
        """Return a new worker.

        Raises: NurseryError.
        """
        async with self._lock:
            if self._is_discarded:
                await self.end()
            control = self._control or await self._start(listener)
            answer = b""
            with suppress(OSError):
                socket.send_fds(control, [options.to_json().encode()], [ready_fd])
                answer = await asyncio.get_running_loop().sock_recv(control, _PID_BYTES)
            if not answer:
                await self.end()
                raise NurseryError
            return Forked(int(answer))

    def discard(self) -> None:
        """Kill the process: what it has loaded is out of date, or no worker is needed any more."""
        if self._process is not None:
            self._is_discarded = True
            with suppress(ProcessLookupError):
                self._process.kill()

    async def end(self) -> None:
        """End the process; the next fork starts another."""
        self._is_discarded = False
        control, self._control = self._control, None
        process, self._process = self._process, None
        if control is not None:
            control.close()
        if process is not None:
            with suppress(ProcessLookupError):
                process.terminate()
            await process.wait()

    async def _start(self, listener: int) -> socket.socket:
        # The workers' first parent ends at once: this process is the next one.
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        ours.setblocking(False)  # noqa: FBT003 - the standard library's
        with theirs:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "infra.local.host.nursery",
                str(theirs.fileno()),
                str(listener),
                str(self._app_folder),
                pass_fds=(theirs.fileno(), listener, *self._descriptors),
            )
        self._control = ours
        return ours
