"""Open the queue and the clock of the host: the app's own if the app shows them."""

from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from infra.local.settings.options import is_sandbox
from lib.adapters.embedded.clock import SandboxClock, SystemClock
from lib.adapters.embedded.sqlite.queue import SQLiteQueue
from lib.composition.stacks import CLOCK_FILE, QUEUE_FILE
from lib.ports.clock import Clock
from lib.ports.queue import Queue


@dataclass(frozen=True, slots=True)
class Stack:
    """The queue and the clock of the host; the host opened `owned` itself and closes it."""

    queue: Queue
    clock: Clock
    owned: tuple[SQLiteQueue, ...] = ()


def open_stack(module: ModuleType, data_folder: Path) -> Stack:
    """Return the ports of the app's `RECAPITO`, else open the embedded stack in the data folder.

    With the app's own queue, a put wakes the poller at once, and the writes of the app and the
    host share commits.
    """
    ports = getattr(getattr(module, "RECAPITO", None), "ports", None)
    clock = getattr(ports, "clock", None)
    if clock is None:
        clock = SandboxClock(data_folder / CLOCK_FILE) if is_sandbox() else SystemClock()
    queue = getattr(ports, "queue", None)
    if queue is not None:
        return Stack(queue, clock)
    opened = SQLiteQueue(data_folder / QUEUE_FILE, clock)
    return Stack(opened, clock, owned=(opened,))
