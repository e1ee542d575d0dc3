"""The processes of the workers: start one and wait until it is ready, and send signals to all."""

import asyncio
import os
import signal
import socket
import sys
from contextlib import suppress
from typing import Final

from infra.local.host.forked import CAN_FORK, Forked, Nursery, NurseryError
from infra.local.settings.options import READY, HostArguments, WorkerOptions

type WorkerProcess = asyncio.subprocess.Process | Forked

_START_SECONDS: Final = 300


class WorkerProcesses:
    """The workers that run. Each of them ends when this process ends."""

    def __init__(self, arguments: HostArguments, beats_fd: int, *, colour: bool) -> None:
        self._arguments, self._beats_fd, self._colour = arguments, beats_fd, colour
        self._running: set[WorkerProcess] = set()
        self._signals, self._last_signal = 0, signal.SIGTERM
        # Workers hold the other end and see it close when this process ends.
        self._alive_fd, self._alive_write_fd = os.pipe()
        self._nursery = Nursery(arguments.app_folder, (self._alive_fd, beats_fd))

    def send(self, number: signal.Signals) -> None:
        """Send a signal to all workers that run, including those that are not ready yet."""
        self._signals, self._last_signal = self._signals + 1, number
        self._nursery.discard()
        for process in self._running:
            with suppress(ProcessLookupError):
                process.send_signal(number)

    def forget(self, process: WorkerProcess) -> None:
        """Remove a worker that has ended."""
        self._running.discard(process)

    async def start(
        self, listener: socket.socket, number: int, *, background: bool
    ) -> tuple[WorkerProcess, str]:
        """Start a worker; return it with the reason why it is not ready ("" = ready)."""
        ready_fd, ready_write_fd = os.pipe()
        options = WorkerOptions(
            socket_fd=None if background else listener.fileno(),
            alive_fd=self._alive_fd,
            beats_fd=self._beats_fd,
            app_folder=str(self._arguments.app_folder),
            data_folder=str(self._arguments.data_folder),
            workers=self._arguments.workers,
            number=number,
            colour=self._colour,
            quiet=self._arguments.quiet,
            lease_seconds=self._arguments.lease_seconds,
            niceness=self._arguments.niceness,
            names=self._arguments.names,
        )
        signals = self._signals
        try:
            process = await self._begin(options, listener.fileno(), ready_write_fd)
        finally:
            os.close(ready_write_fd)
        self._running.add(process)
        if self._signals != signals:
            process.send_signal(self._last_signal)
        try:
            async with asyncio.timeout(_START_SECONDS):
                answer = await _read_all(ready_fd)
        except TimeoutError:
            process.kill()
            return process, f"a worker was not ready within {_START_SECONDS} seconds"
        if answer == READY:
            return process, ""
        if not answer:
            await process.wait()
        return process, answer.decode() or "a worker died while starting"

    async def _begin(self, options: WorkerOptions, listener: int, ready_fd: int) -> WorkerProcess:
        """Fork a worker; start a new process where that is impossible, which tells why."""
        if CAN_FORK:
            async with self._nursery as nursery:
                with suppress(NurseryError):
                    return await nursery.fork(listener, options, ready_fd)
        sockets = () if options.is_background else (listener,)
        return await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "infra.local.host.worker",
            options.to_json(),
            str(ready_fd),
            pass_fds=(*sockets, ready_fd, self._alive_fd, self._beats_fd),
        )


async def _read_all(fd: int) -> bytes:
    reader = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    transport, _ = await loop.connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(fd, "rb")
    )
    try:
        return await reader.read()
    finally:
        transport.close()
