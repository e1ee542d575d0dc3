"""A worker process: it indexes the app, then answers requests or works in the background."""

import asyncio
import gc
import os
import signal
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import Final

import uvloop

from infra.local.errors import HostError
from infra.local.host.beats import Beats
from infra.local.host.duties import Answering, Background, Duty
from infra.local.host.stack import Stack, open_stack
from infra.local.invocations.failures import Failure
from infra.local.invocations.log import HostLog
from infra.local.invocations.worker_library import WorkerLibrary
from infra.local.queues.holders import Holders
from infra.local.queues.triggers import LocalQueue, queue_names
from infra.local.sandbox.seed import refuse_seeded, seed
from infra.local.settings.host_json import load_host_options
from infra.local.settings.options import READY, WorkerOptions, is_sandbox
from lib.composition.app import App
from lib.ports.errors import UnavailableError
from lib.ports.queue import Queue

GC_THRESHOLD: Final = 20_000


class Worker:
    """A worker: the app and the work of this process, started and stopped in order."""

    def __init__(self, options: WorkerOptions, library: WorkerLibrary, log: HostLog) -> None:
        self._app = getattr(library.module, "RECAPITO", None)
        self._stack: Stack = open_stack(library.module, Path(options.data_folder))
        self._is_background = options.is_background
        duty = Background if options.is_background else Answering
        host = load_host_options(Path(options.app_folder))
        self._duty: Duty = duty(options, library, log, self._stack, host)
        self._holders = _holders(self._stack.queue, library, Path(options.data_folder))
        self._freeing: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Start the app's resources, then the work."""
        start = getattr(self._app, "start", None)
        try:
            if start is not None:
                await start()
            for queue in self._stack.owned:
                queue.open()
        except UnavailableError as error:
            raise HostError(str(error)) from None
        if is_sandbox() and isinstance(self._app, App):
            # This import loads the SDKs, which the embedded stack does not need.
            if self._app.settings.stack == "azure":
                from infra.local.emulators.database import prepare  # noqa: PLC0415

                await prepare(self._app.settings)
            await seed(self._app)
        elif isinstance(self._app, App):
            await refuse_seeded(self._app)
        if isinstance(self._app, App):
            from infra.local.host.preload import preload  # noqa: PLC0415 - loads much of the app

            preload(self._app.settings.stack, in_background=self._is_background)
        # The loaded objects live as long as the process: the collector can skip them.
        gc.collect()
        gc.freeze()
        # Requests leave few cycles; a collection every 2,000 objects costs some percent.
        gc.set_threshold(GC_THRESHOLD, 10, 10)
        self._duty.start()
        if self._holders is not None:
            self._freeing = asyncio.create_task(self._holders.run())

    async def stop(self) -> None:
        """Take no more work, finish running work within the grace period, and close the app."""
        hasten = getattr(self._app, "hasten", None)
        if hasten is not None:
            hasten()
        await self._duty.stop()
        if self._holders is not None:
            if self._freeing is not None:
                self._freeing.cancel()
            self._holders.close()
        close = getattr(self._app, "close", None)
        if close is not None:
            await close()
        for queue in self._stack.owned:
            await queue.close()


def _holders(queue: Queue, library: WorkerLibrary, data_folder: Path) -> Holders | None:
    """Register this worker as a holder of items; return None if the queue is a service."""
    if not isinstance(queue, LocalQueue):
        return None
    names = queue_names(library)
    return Holders(data_folder, queue.owner, lambda owner: queue.free(owner, names))


def _die_with_parent(alive_fd: int) -> None:
    """End the process when the supervisor has ended, which closes its end of the pipe."""

    def watch() -> None:
        os.read(alive_fd, 1)
        os._exit(1)

    threading.Thread(target=watch, daemon=True, name="parent-watch").start()


async def _serve(options: WorkerOptions, ready_fd: int) -> None:
    stopping = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopping.set)
    log = HostLog(1, colour=options.colour, quiet=options.quiet)
    library = await WorkerLibrary.load(Path(options.app_folder))
    worker = Worker(options, library, log)
    await worker.start()
    Beats(options.beats_fd, 2 * options.workers).start(options.slot)
    os.write(ready_fd, READY)
    os.close(ready_fd)
    await stopping.wait()
    await worker.stop()
    log.flush()


def run(options: WorkerOptions, ready_fd: int) -> None:
    """Run until SIGTERM; send a failure of the start to the supervisor as one text."""
    with suppress(OSError):  # Linux alone has it
        Path("/proc/self/comm").write_text(options.process_name)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _die_with_parent(options.alive_fd)
    os.chdir(options.app_folder)
    try:
        uvloop.run(_serve(options, ready_fd))
    except HostError as error:
        os.write(ready_fd, str(error).encode())
        sys.exit(1)
    except Exception as error:  # noqa: BLE001 - sent to the supervisor
        failure = Failure.of(error)
        text = "\n".join([f"{failure.type_name}: {error}", *failure.lines])
        try:
            os.write(ready_fd, text.encode())
        except OSError:
            raise error from None
        sys.exit(1)


if __name__ == "__main__":
    run(WorkerOptions.from_json(sys.argv[1]), int(sys.argv[2]))
