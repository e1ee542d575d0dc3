"""The process from which workers are forked: it loads the app's modules once for all of them.

To load them takes a second and a half of CPU time and 80 MB for each process. A forked worker has
them at once, and shares their memory with the other workers. The nursery builds no app, opens no
file and starts no thread, so that a worker begins as a new process would.

It is asked over a socket: a message has a worker's options and the descriptor of its ready pipe,
and the answer is the process id. It forks twice, so that a worker is a child of the supervisor.
"""

import gc
import importlib
import os
import signal
import socket
import sys
from pathlib import Path
from typing import Final

from infra.local.host.preload import LATE_OF_STACK, OF_BACKGROUND, preload
from infra.local.host.worker import run
from infra.local.settings.options import WorkerOptions

MOST_BYTES: Final = 65_536
"""The most bytes of a message."""


def main() -> None:
    """Fork a worker for each message, until the supervisor closes the socket."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    control = socket.socket(fileno=int(sys.argv[1]))
    listener = int(sys.argv[2])
    _load(Path(sys.argv[3]))
    while True:
        message, descriptors, _, _ = socket.recv_fds(control, MOST_BYTES, 1)
        if not message:
            return
        options = WorkerOptions.from_json(message.decode())
        pid = _fork()
        if not pid:
            control.close()
            if options.is_background:
                os.close(listener)
            run(options, descriptors[0])
            return
        os.close(descriptors[0])
        control.send(str(pid).encode())


def _load(app_folder: Path) -> None:
    stack = os.environ.get("STACK", "")
    if stack in LATE_OF_STACK and (app_folder / "lib" / "composition").is_dir():
        preload(stack, in_background=False)
        for name in OF_BACKGROUND:
            importlib.import_module(name)
    gc.collect()
    # a collection in a worker would write to the pages that it shares
    gc.freeze()


def _fork() -> int:
    """Return 0 in the worker, and the worker's process id in this process."""
    reading, writing = os.pipe()
    between = os.fork()
    if not between:
        os.close(reading)
        pid = os.fork()
        if not pid:
            os.close(writing)
            return 0
        os.write(writing, str(pid).encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as answer:
        pid = int(answer.read())
    # after its end the worker's parent is the supervisor
    os.waitpid(between, 0)
    return pid


if __name__ == "__main__":
    main()
