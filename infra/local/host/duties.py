"""The two kinds of workers: one answers requests, the other works in the background.

In Azure, HTTP functions and each queue's functions have instances of their own; here too, requests
do not wait for background work. The queue functions to which the app gives priority run in the
workers that answer requests: a background process would have to wake up first.
"""

import asyncio
import os
import socket
import time
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Protocol

from infra.local.errors import HostError
from infra.local.host.stack import Stack
from infra.local.http.admin import Admin
from infra.local.http.connections import Connections
from infra.local.http.host import HttpHost
from infra.local.invocations.failures import Failure
from infra.local.invocations.log import HostLog
from infra.local.invocations.worker_library import WorkerLibrary
from infra.local.queues.triggers import QueueTriggers
from infra.local.sandbox import cast, remote_content
from infra.local.sandbox.authority import authority_of_settings
from infra.local.sandbox.endpoints import MovableClock, Sandbox
from infra.local.sandbox.tokens import issuer_of_settings
from infra.local.settings.host_json import HostOptions
from infra.local.settings.options import GRACE_SECONDS, WorkerOptions, external_provider, is_sandbox
from infra.local.timers.store import TimerStore
from infra.local.timers.triggers import TimerTriggers
from lib.adapters.embedded.data_folder import TIMERS_FILE
from lib.composition.app import App


class Duty(Protocol):
    """The work of a worker between `start` and `stop`, which waits for the grace period."""

    def start(self) -> None:
        """Begin to take work."""
        ...

    async def stop(self) -> None:
        """Take no more work, and finish running work."""
        ...


class Answering:
    """The worker that serves HTTP, functions fired by hand, and queue functions with priority."""

    def __init__(
        self,
        options: WorkerOptions,
        library: WorkerLibrary,
        log: HostLog,
        stack: Stack,
        host: HostOptions,
    ) -> None:
        self._http = http = HttpHost(
            library, log, host.route_prefix, host.custom_headers, options.names
        )
        self._admin = Admin(library, stack, log, options.workers)
        if is_sandbox():
            self._admin.mount(http)
            app = getattr(library.module, "RECAPITO", None)
            _mount_sandbox(http, app, stack, Path(options.data_folder))
        self._log = log
        self._queues = QueueTriggers(
            library,
            stack.queue,
            host,
            log,
            timedelta(seconds=options.lease_seconds),
            mine=library.has_priority,
        )
        self._loops: list[asyncio.Task[None]] = []
        self._connections = Connections(
            http.server(), socket.socket(fileno=options.socket_fd), options.workers
        )

    def start(self) -> None:
        """Accept connections."""
        self._loops = [asyncio.create_task(_guard(self._log, "queues", self._queues))]
        self._connections.start()

    async def stop(self) -> None:
        """Accept no more connections; finish requests and running functions."""
        self._queues.stop()
        self._http.hasten()
        await asyncio.gather(
            self._connections.stop(GRACE_SECONDS),
            self._admin.drain(GRACE_SECONDS),
            _end(self._queues, self._loops),
        )


class Background:
    """The worker that runs the other queue functions and the timers, at a lower priority."""

    def __init__(
        self,
        options: WorkerOptions,
        library: WorkerLibrary,
        log: HostLog,
        stack: Stack,
        host: HostOptions,
    ) -> None:
        self._log = log
        self._niceness = options.niceness
        self._queues = QueueTriggers(
            library,
            stack.queue,
            host,
            log,
            timedelta(seconds=options.lease_seconds),
            mine=lambda function: not library.has_priority(function),
        )
        self._store = TimerStore(Path(options.data_folder) / TIMERS_FILE)
        self._timers = TimerTriggers(library, self._store, stack.clock, log)
        self._loops: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Begin to take items and to fire timers."""
        # Lower the priority only after the start, so that the host is ready soon.
        with suppress(OSError):
            os.nice(self._niceness)
        self._loops = [
            asyncio.create_task(_guard(self._log, "queues", self._queues)),
            asyncio.create_task(_guard(self._log, "timers", self._timers)),
        ]

    async def stop(self) -> None:
        """Take no more items; finish running functions."""
        self._queues.stop()
        queues, timers = self._loops
        timers.cancel()
        await asyncio.gather(_end(self._queues, [queues]), self._timers.drain(GRACE_SECONDS))
        self._store.close()


async def _end(queues: QueueTriggers, loops: list[asyncio.Task[None]]) -> None:
    """Wait for running functions, within the grace period."""
    started = time.monotonic()
    await asyncio.wait(loops, timeout=GRACE_SECONDS)
    await queues.drain(max(0, GRACE_SECONDS - (time.monotonic() - started)))


async def _guard(host_log: HostLog, name: str, triggers: QueueTriggers | TimerTriggers) -> None:
    """End the process when an error ends a loop of triggers. The host starts another process."""
    try:
        await triggers.run()
    except HostError as error:
        host_log.warning(f"the {name} loop ends: {error}")
    except Exception as error:  # noqa: BLE001 - a worker without its triggers must end
        host_log.failure(f"the host's {name} loop", Failure.of(error), "")
    else:
        return
    host_log.flush()
    os._exit(1)


def _mount_sandbox(http: HttpHost, app: object, stack: Stack, data_folder: Path) -> None:
    clock = stack.clock
    if not isinstance(clock, MovableClock):
        raise HostError("SANDBOX is true, but the app's clock cannot be moved")
    issuer = issuer_of_settings(data_folder) if external_provider() is None else None
    Sandbox(clock, issuer, data_folder).mount(http)
    # This import loads a part of the app, which background workers leave out.
    from infra.local.sandbox.sessions import SandboxSessions  # noqa: PLC0415

    SandboxSessions(app if isinstance(app, App) else None).mount(http)
    authority = authority_of_settings(data_folder)
    if authority is not None:
        authority.mount(http, clock)
    remote_content.mount(http)
    cast.mount(http)
