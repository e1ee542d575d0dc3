"""The screen of the demo, and the host that it runs."""

import re
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from typing import Final

from infra.local.errors import HostError
from infra.local.invocations.log import wants_colour

START_SECONDS: Final = 300
STOP_SECONDS: Final = 15

_READY = re.compile(r"Ready on (http://\S+)")
_INVOCATION = re.compile(r"(\S+ )(\d{3}|ok|failed|poison)( .*)", re.DOTALL)
_DIM, _GREEN, _YELLOW, _RED, _RESET = "\x1b[2m", "\x1b[32m", "\x1b[33m", "\x1b[31m", "\x1b[0m"
_COLOUR_OF = {"2": _GREEN, "o": _GREEN, "4": _YELLOW}


class Screen:
    """The terminal: steps with the time since the first one, and later the host's lines."""

    def __init__(self) -> None:
        self._start = time.monotonic()
        self._colour = wants_colour(sys.stdout)
        self._lock = threading.Lock()
        self._waiting: list[str] | None = []

    def step(self, actor: str, text: str, more: str = "") -> None:
        """Print one step, and below it the indented result."""
        elapsed = time.monotonic() - self._start
        print(f"{elapsed:7.2f} s  {actor:<8} {text}", flush=True)
        for line in more.splitlines():
            print(f"{'':20}{line}", flush=True)

    def host(self, line: str) -> None:
        """Print a line of the host at once, or keep it until `release`."""
        with self._lock:
            if self._waiting is None:
                self._print(line)
            else:
                self._waiting.append(line)

    def release(self) -> None:
        """Print the host's waiting lines, and from now on each line at once."""
        with self._lock:
            waiting, self._waiting = self._waiting or [], None
            for line in waiting:
                self._print(line)

    def _print(self, line: str) -> None:
        match = _INVOCATION.fullmatch(line) if self._colour else None
        if match:
            stamp, status, rest = match.groups()
            colour = _COLOUR_OF.get(status[0], _RED)
            line = f"{_DIM}{stamp}{_RESET}{colour}{status}{_RESET}{rest}"
        with suppress(OSError):
            print(f"host | {line}", flush=True)


class Host:
    """The host as a child process that gets Ctrl-C through `stop` only."""

    def __init__(self, arguments: list[str], screen: Screen) -> None:
        self._screen = screen
        self._settled = threading.Event()
        self.base = ""
        # In the terminal's process group the host would get Ctrl-C twice, and the second one kills.
        self.process = subprocess.Popen(
            [sys.executable, "-m", "infra.local", "--stop-with-input", *arguments],
            # The pipe closes when this process ends; nothing is written to it.
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def ready(self) -> bool:
        """Wait until the host serves; return False if it ended with a message.

        Raises: HostError if the host is not ready in time.
        """
        if not self._settled.wait(START_SECONDS):
            raise HostError(f"the host was not ready after {START_SECONDS} s")
        if not self.base:
            # its output has ended: an interrupt now would add a traceback to its message
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(STOP_SECONDS)
        return bool(self.base)

    def stop(self) -> None:
        """Stop the host and wait; a second request kills it."""
        while self.process.poll() is None:
            try:
                self.process.send_signal(signal.SIGINT)
                self.process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self.process.kill()
            except KeyboardInterrupt:
                continue
        self._reader.join(1)

    def _read(self) -> None:
        for line in self.process.stdout or ():
            match = _READY.match(line)
            if match:
                self.base = match[1]
                self._settled.set()
            else:
                self._screen.host(line.rstrip("\n"))
        self._settled.set()
