"""Write one line per invocation. It has names and numbers, and never a value of a request."""

import asyncio
import os
import time
from collections.abc import Iterable
from typing import TextIO

from infra.local.invocations.failures import Failure

_FLUSH_SECONDS = 0.05
_FLUSH_BYTES = 32 * 1024
_SERVER_ERROR, _CLIENT_ERROR = 500, 400
_RED, _YELLOW, _GREEN, _DIM, _RESET = "\x1b[31m", "\x1b[33m", "\x1b[32m", "\x1b[2m", "\x1b[0m"


def wants_colour(stream: TextIO) -> bool:
    """Tell whether the stream is a terminal that takes colours (NO_COLOR is not set)."""
    return stream.isatty() and not os.environ.get("NO_COLOR")


class HostLog:
    """The host's log on a file descriptor. `quiet`: only warnings and failures are written."""

    def __init__(self, fd: int, *, colour: bool = False, quiet: bool = False) -> None:
        self._fd = fd
        self._quiet = quiet
        self._red, self._yellow, self._green, self._dim, self._reset = (
            (_RED, _YELLOW, _GREEN, _DIM, _RESET) if colour else ("",) * 5
        )
        self._lines: list[str] = []
        self._size = 0
        self._second, self._stamp = 0, ""
        self._timer: asyncio.TimerHandle | None = None

    def invocation(
        self, function: str, status: int | str, seconds: float, id_: str, about: str = ""
    ) -> None:
        """Log a finished invocation; `status` is the HTTP status, or ok, failed, poison.

        `about` names the message, or the route that was refused and why.
        """
        bad = status >= _SERVER_ERROR if isinstance(status, int) else status != "ok"
        if self._quiet and not bad:
            return
        colour = self._red if bad else self._green
        if isinstance(status, int) and _CLIENT_ERROR <= status < _SERVER_ERROR:
            colour = self._yellow
        self._write(
            f"{self._time()} {colour}{status}{self._reset} {function} "
            f"{seconds * 1000:.1f} ms {self._dim}{id_[:8]}{self._reset}{about and f' {about}'}"
        )

    def failure(self, function: str, failure: Failure, id_: str) -> None:
        """Log a function's exception: type, frames and, in the sandbox, its text."""
        text = f": {failure.text}" if failure.text else ""
        self._write(
            f"{self._time()} {self._red}{function} raised {failure.type_name}{text}{self._reset} "
            f"{self._dim}{id_[:8]}{self._reset}"
        )
        for line in failure.lines:
            self._write(f"    {line}")

    def info(self, text: str) -> None:
        """Log an action of the host."""
        if not self._quiet:
            self._write(f"{self._time()} {text}")

    def warning(self, text: str) -> None:
        """Log a warning, also when quiet."""
        self._write(f"{self._time()} {self._yellow}{text}{self._reset}")

    def lines(self, lines: Iterable[str]) -> None:
        """Write lines as they are, quiet or not."""
        for line in lines:
            self._write(line)

    def flush(self) -> None:
        """Write the buffered lines; an error of the reader is ignored."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        data = memoryview("".join(self._lines).encode())
        self._lines.clear()
        self._size = 0
        try:
            while data:
                data = data[os.write(self._fd, data) :]
        except OSError:
            return

    def _write(self, line: str) -> None:
        self._lines.append(line + "\n")
        self._size += len(line)
        if self._size > _FLUSH_BYTES:
            self.flush()
        elif self._timer is None:
            try:
                loop = asyncio.get_running_loop()
            except RuntimeError:
                self.flush()
            else:
                self._timer = loop.call_later(_FLUSH_SECONDS, self.flush)

    def _time(self) -> str:
        now = time.time()
        second = int(now)
        if second != self._second:
            self._second, self._stamp = second, time.strftime("%H:%M:%S", time.localtime(second))
        return f"{self._dim}{self._stamp}.{int((now - second) * 1000):03d}{self._reset}"
