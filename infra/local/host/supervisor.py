"""The parent process: it keeps the socket, replaces workers that die, and stops all workers.

`workers` processes answer requests, and the same number works in the background.
"""

import asyncio
import os
import signal
import socket
import sys
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from infra.local.data.check import DataCheck
from infra.local.data.restored import RestoreWatch
from infra.local.errors import HostError
from infra.local.host.beats import Beats, Watch
from infra.local.host.worker_processes import WorkerProcess, WorkerProcesses
from infra.local.http.descriptors import raise_descriptor_limit
from infra.local.http.listener import following, listen, refuse_handshakes, waiting_connections
from infra.local.invocations.log import HostLog
from infra.local.settings.options import GRACE_SECONDS, HostArguments
from infra.local.settings.settings_file import (
    APP_CLIENTS,
    PUBLIC_URL,
    public_url_is_from_file,
)

if TYPE_CHECKING:
    from infra.local.provider.process import SandboxProvider

_ENDED: Final = (0, -signal.SIGTERM)
"""Exit codes of a worker that ended on request; a slow one has no handler of the signal yet."""
_HANDSHAKE_SECONDS: Final = 0.1
"""The seconds at a stop in which workers still accept connections that have begun."""
_BACKLOG_SECONDS: Final = 0.25
_LONGEST_BACKLOG_SECONDS: Final = 3.0
_LATE_SECONDS: Final = 5.0
"""The seconds after the grace period for giving back unfinished items and closing files."""
_FIRST_PAUSE, _LONGEST_PAUSE, _HEALTHY_AFTER = 0.1, 5.0, 10.0


def _follow(listener: socket.socket) -> None:
    """Give the port of the host to the address of links, and to the pages of clients below it."""
    before = os.environ.get(PUBLIC_URL, "")
    os.environ[PUBLIC_URL] = after = following(before, listener)
    if before and APP_CLIENTS in os.environ:
        os.environ[APP_CLIENTS] = os.environ[APP_CLIENTS].replace(f'"{before}/', f'"{after}/')


class Supervisor:
    """The parent of the workers until SIGTERM or SIGINT; a second signal kills them."""

    def __init__(self, arguments: HostArguments, log: HostLog, *, colour: bool) -> None:
        self._arguments, self._log = arguments, log
        self._data = DataCheck(arguments.data_folder, log)
        self._restores = RestoreWatch(arguments.data_folder, log, 2 * arguments.workers)
        self._stopping = asyncio.Event()
        self._starting = 2 * arguments.workers
        beats_fd, beats = Beats.create(2 * arguments.workers)
        self._workers = WorkerProcesses(arguments, beats_fd, colour=colour)
        self._watch = Watch(beats, arguments.hang_seconds, self._end_hanging)
        self._by_slot: dict[int, WorkerProcess] = {}

    async def run(self) -> None:
        """Serve until a graceful stop.

        Raises: HostError if the app cannot be served.
        """
        loop = asyncio.get_running_loop()
        for signal_number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(signal_number, self._stop)
        if self._arguments.stop_with_input:
            loop.add_reader(sys.stdin.fileno(), self._input_ended)
        await self._data.at_start()
        raise_descriptor_limit()
        listener = listen(self._arguments.host, self._arguments.port)
        if public_url_is_from_file():
            _follow(listener)
        provider = self._provider(listener) if self._arguments.login else None
        keepers = [
            asyncio.create_task(self._keep(listener, number, background=background))
            for background in (False, True)
            for number in range(self._arguments.workers)
        ]
        stopping = asyncio.create_task(self._stopping.wait())
        watch = asyncio.create_task(self._watch.run())
        watching = asyncio.create_task(self._watch_files()) if self._arguments.reload else None
        try:
            await asyncio.wait([*keepers, stopping], return_when=asyncio.FIRST_COMPLETED)
            failed = next((k.exception() for k in keepers if k.done()), None)
            if failed is not None and not self._stopping.is_set():
                raise failed
        finally:
            self._stopping.set()
            watch.cancel()
            if watching is not None:
                watching.cancel()
            await self._end(keepers, listener)
            if provider is not None:
                provider.stop()

    def _provider(self, listener: socket.socket) -> "SandboxProvider":
        """Start the identity provider at the next port, and set the app's settings for it."""
        # Few hosts run one, and its keys need a library.
        from infra.local.provider.process import SandboxProvider  # noqa: PLC0415

        port = listener.getsockname()[1] + 1
        public = os.environ.get(PUBLIC_URL, "")
        provider = SandboxProvider(public, self._arguments.data_folder, port)
        os.environ |= provider.settings()
        provider.start(self._log.warning)
        self._log.info(f"Citizens log in at {provider.issuer}")
        return provider

    async def _watch_files(self) -> None:
        """Replace the workers whenever the app's files change; connections wait meanwhile."""
        # This import takes a tenth of a second, and only --reload needs it.
        from infra.local.host.reload import changes  # noqa: PLC0415

        try:
            async for name in changes(self._arguments.app_folder, self._arguments.data_folder):
                self._log.info(f"{name} changed; restarting the workers")
                self._workers.send(signal.SIGTERM)
        except (OSError, RuntimeError) as error:
            self._log.warning(f"the app's files are no longer watched: {error}")

    def _input_ended(self) -> None:
        """Stop when the process that started this one has ended."""
        asyncio.get_running_loop().remove_reader(sys.stdin.fileno())
        if not self._stopping.is_set():
            self._stop()

    def _stop(self) -> None:
        if self._stopping.is_set():
            self._workers.send(signal.SIGKILL)
        self._stopping.set()

    def _end_hanging(self, slot: int) -> None:
        process = self._by_slot[slot]
        self._log.warning(f"worker {process.pid} does not respond; killing it")
        with suppress(ProcessLookupError):
            process.kill()

    async def _end(self, keepers: list[asyncio.Task[None]], listener: socket.socket) -> None:
        refuse_handshakes(listener)
        await asyncio.sleep(_HANDSHAKE_SECONDS)
        self._workers.send(signal.SIGTERM)
        _, late = await asyncio.wait(keepers, timeout=_BACKLOG_SECONDS)
        # A slow machine needs longer until the workers have accepted the waiting connections.
        end = time.monotonic() + _LONGEST_BACKLOG_SECONDS
        while late and waiting_connections(listener) and time.monotonic() < end:
            _, late = await asyncio.wait(late, timeout=_HANDSHAKE_SECONDS)
        # No connection may come in any more, even if a worker hangs.
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        if late:
            _, late = await asyncio.wait(late, timeout=GRACE_SECONDS + _LATE_SECONDS)
        if late:
            self._log.warning("workers did not stop in time; killing them")
            self._workers.send(signal.SIGKILL)
        # The first failure is reported; the others are most likely the same.
        await asyncio.gather(*keepers, return_exceptions=True)

    async def _keep(self, listener: socket.socket, number: int, *, background: bool) -> None:
        pause, was_ready, problem = _FIRST_PAUSE, False, ""
        slot = number + background * self._arguments.workers
        while not self._stopping.is_set():
            if was_ready:  # A file may be missing: the next worker must not create an empty one.
                await self._data.before_another(thorough=bool(problem))
            process, problem = await self._workers.start(listener, number, background=background)
            if self._stopping.is_set():
                self._workers.send(signal.SIGTERM)
            elif process.returncode == -signal.SIGTERM:
                # A reload ended the worker before it was ready.
                self._workers.forget(process)
                continue
            elif problem and not was_ready:
                raise HostError(problem)
            elif problem:
                # The worker served before: the next one may start, and the others still serve.
                self._log.warning(f"worker {process.pid}: {problem}")
            elif not was_ready:
                was_ready = True
                await self._started(listener)
            else:
                self._restores.serves(slot)
            since = time.monotonic()
            self._by_slot[slot] = process
            self._watch.begin(slot)
            code = await process.wait()
            self._watch.end(slot)
            self._workers.forget(process)
            if self._stopping.is_set():
                return
            self._log_end(process.pid, slot, code)
            if code in _ENDED:
                pause = _FIRST_PAUSE
                continue  # A reload or a restore ended the worker.
            healthy = time.monotonic() - since > _HEALTHY_AFTER
            pause = _FIRST_PAUSE if healthy else min(pause * 2, _LONGEST_PAUSE)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), pause)

    def _log_end(self, pid: int, slot: int, code: int) -> None:
        if self._restores.is_outdated(slot):
            self._log.info(f"worker {pid} ended, since its data was replaced; starting another")
        elif code not in _ENDED:
            self._log.warning(f"worker {pid} died (exit code {code}); starting another")

    async def _started(self, listener: socket.socket) -> None:
        self._starting -= 1
        if self._starting == 0:
            await self._data.when_ready()
            self._restores.begin()
            host, port = listener.getsockname()[:2]
            address = f"[{host}]" if ":" in host else host
            workers = self._arguments.workers
            self._log.lines(
                [f"Ready on http://{address}:{port} ({workers} workers); Ctrl-C stops it"]
            )
