"""The queue and the clock the host works with: the app's own where it shows them."""

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
    """`owned` is what the host opened itself and must close."""

    queue: Queue
    clock: Clock
    owned: tuple[SQLiteQueue, ...] = ()


def open_stack(module: ModuleType, data_folder: Path) -> Stack:
    """Use `RECAPITO.ports` of the app, else open the embedded stack in the data folder.

    Sharing the app's queue is more than thrift: its puts wake the poller at once, and its writes
    and the host's go into one commit.
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
