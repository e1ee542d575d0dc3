"""The processes of the workers: start one and wait until it is ready, and send signals to all."""

import asyncio
import os
import signal
import socket
import sys
from contextlib import suppress
from typing import Final

from infra.local.settings.options import READY, HostArguments, WorkerOptions

_START_SECONDS: Final = 300


class WorkerProcesses:
    """The workers that run. Each of them ends when this process ends."""

    def __init__(self, arguments: HostArguments, beats_fd: int, *, colour: bool) -> None:
        self._arguments, self._beats_fd, self._colour = arguments, beats_fd, colour
        self._running: set[asyncio.subprocess.Process] = set()
        # Workers hold the other end and see it close when this process ends.
        self._alive_fd, self._alive_write_fd = os.pipe()

    def send(self, number: signal.Signals) -> None:
        """Send a signal to all workers that run, including those that are not ready yet."""
        for process in self._running:
            with suppress(ProcessLookupError):
                process.send_signal(number)

    def forget(self, process: asyncio.subprocess.Process) -> None:
        """Remove a worker that has ended."""
        self._running.discard(process)

    async def start(
        self, listener: socket.socket | None, number: int
    ) -> tuple[asyncio.subprocess.Process, str]:
        """Start a worker; return it with the reason why it is not ready ("" = ready).

        A worker without a listener works in the background.
        """
        ready_fd, ready_write_fd = os.pipe()
        sockets = () if listener is None else (listener.fileno(),)
        options = WorkerOptions(
            socket_fd=sockets[0] if sockets else None,
            ready_fd=ready_write_fd,
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
        try:
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "infra.local.host.worker",
                options.to_json(),
                pass_fds=(*sockets, ready_write_fd, self._alive_fd, self._beats_fd),
            )
        finally:
            os.close(ready_write_fd)
        self._running.add(process)
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
