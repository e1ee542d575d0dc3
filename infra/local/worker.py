"""One worker process: indexes the app, serves HTTP from the shared socket, runs the triggers."""

import asyncio
import gc
import os
import signal
import socket
import sys
import threading
from datetime import timedelta
from pathlib import Path
from typing import Final

import uvloop

from infra.local.admin import Admin
from infra.local.connections import Connections
from infra.local.errors import HostError
from infra.local.failures import Failure
from infra.local.host_json import load_host_options
from infra.local.http import HttpHost
from infra.local.loads import Loads
from infra.local.log import HostLog
from infra.local.options import GRACE_SECONDS, READY, WorkerOptions, is_sandbox
from infra.local.queues import QueueTriggers
from infra.local.sandbox import MovableClock, Sandbox
from infra.local.sandbox_seed import seed
from infra.local.sandbox_tokens import TokenIssuer
from infra.local.stack import Stack, open_stack
from infra.local.timer_store import TimerStore
from infra.local.timers import TimerTriggers
from infra.local.worker_library import WorkerLibrary
from lib.container import Container

TIMERS_FILE: Final = "timers.db"
GC_THRESHOLD: Final = 20_000


class Worker:
    """Everything one process runs, in the order it starts and stops."""

    def __init__(self, options: WorkerOptions, library: WorkerLibrary, log: HostLog) -> None:
        data_folder = Path(options.data_folder)
        host = load_host_options(Path(options.app_folder))
        self._log = log
        self._container = getattr(library.module, "CONTAINER", None)
        self._stack: Stack = open_stack(library.module, data_folder)
        clock = self._stack.clock
        http = HttpHost(library, log, host.route_prefix, host.custom_headers)
        self._admin = Admin(library, clock, log, options.workers)
        if is_sandbox():
            self._admin.mount(http)
            _mount_sandbox(http, self._stack, data_folder)
        self._timer_store = TimerStore(data_folder / TIMERS_FILE)
        self._queues = QueueTriggers(
            library, self._stack.queue, host, log, timedelta(seconds=options.lease_seconds)
        )
        self._timers = TimerTriggers(library, self._timer_store, clock, log, options.run_id)
        self._connections = Connections(
            http.server(),
            socket.socket(fileno=options.socket_fd),
            Loads(options.loads_fd, options.workers),
            options.number,
        )
        self._loops: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Start the app's resources, then the triggers, then HTTP."""
        start = getattr(self._container, "start", None)
        if start is not None:
            await start()
        if is_sandbox() and isinstance(self._container, Container):
            # loads the SDKs, which the embedded stack does without
            if self._container.settings.stack == "azure":
                from infra.local.emulator_database import prepare  # noqa: PLC0415

                await prepare(self._container.settings)
            await seed(self._container)
        # What is loaded now lives as long as the process: the collector need not look at it again.
        gc.collect()
        gc.freeze()
        # Requests leave few cycles behind; looking for them every 2,000 objects costs some percent.
        gc.set_threshold(GC_THRESHOLD, 10, 10)
        self._loops = [
            asyncio.create_task(self._guard("queues", self._queues)),
            asyncio.create_task(self._guard("timers", self._timers)),
        ]
        self._connections.start()

    async def stop(self) -> None:
        """Take nothing new, finish what is in flight within the grace period, close the app."""
        for task in self._loops:
            task.cancel()
        await asyncio.gather(
            self._connections.stop(GRACE_SECONDS),
            self._queues.drain(GRACE_SECONDS),
            self._timers.drain(GRACE_SECONDS),
            self._admin.drain(GRACE_SECONDS),
        )
        close = getattr(self._container, "close", None)
        if close is not None:
            await close()
        for queue in self._stack.owned:
            await queue.close()
        self._timer_store.close()

    async def _guard(self, name: str, triggers: QueueTriggers | TimerTriggers) -> None:
        try:
            await triggers.run()
        except Exception as error:  # noqa: BLE001 - a worker without its triggers must not live on
            self._log.failure(f"the host's {name} loop", Failure.of(error), "")
            self._log.flush()
            os._exit(1)


def _mount_sandbox(http: HttpHost, stack: Stack, data_folder: Path) -> None:
    clock = stack.clock
    if not isinstance(clock, MovableClock):
        raise HostError("SANDBOX is true, but the app's clock cannot be moved")
    issuer = TokenIssuer(
        data_folder,
        os.environ.get("CITIZEN_TOKEN_ISSUER", "https://sandbox.recapito.example"),
        os.environ.get("CITIZEN_TOKEN_AUDIENCE", "recapito-sandbox"),
    )
    Sandbox(clock, issuer, data_folder).mount(http)


def _die_with_parent(alive_fd: int) -> None:
    """End at once when the supervisor is gone, however it went: its end of the pipe closes."""

    def watch() -> None:
        os.read(alive_fd, 1)
        os._exit(1)

    threading.Thread(target=watch, daemon=True, name="parent-watch").start()


async def _serve(options: WorkerOptions) -> None:
    stopping = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopping.set)
    log = HostLog(1, colour=options.colour, quiet=options.quiet)
    library = await WorkerLibrary.load(Path(options.app_folder))
    worker = Worker(options, library, log)
    await worker.start()
    os.write(options.ready_fd, READY)
    os.close(options.ready_fd)
    await stopping.wait()
    await worker.stop()
    log.flush()


def main() -> None:
    """Run until told to stop; what keeps it from starting goes to the supervisor in one text."""
    options = WorkerOptions.from_json(sys.argv[1])
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _die_with_parent(options.alive_fd)
    os.chdir(options.app_folder)
    try:
        uvloop.run(_serve(options))
    except HostError as error:
        os.write(options.ready_fd, str(error).encode())
        sys.exit(1)
    except Exception as error:  # noqa: BLE001 - told to the supervisor
        failure = Failure.of(error)
        text = "\n".join([f"{failure.type_name}: {error}", *failure.lines])
        try:
            os.write(options.ready_fd, text.encode())
        except OSError:
            raise error from None
        sys.exit(1)


if __name__ == "__main__":
    main()
