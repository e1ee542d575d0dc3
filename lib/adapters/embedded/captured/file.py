"""Write notifications to a file in place of sending them: one JSON object per line."""

import contextlib
import errno
import fcntl
import os
from pathlib import Path
from typing import Any, Final

import orjson

from lib.domain.shared.values import timestamp
from lib.ports.clock import Clock
from lib.ports.send_errors import NotSentError

MAX_BYTES: Final = 64 * 1024 * 1024
"""The size, in bytes, from which the file is renamed and replaces the old file."""


class CapturedFile:
    """A file of captured notifications.

    Concurrency: several processes may write; each line is in the file whole or not at all.
    """

    def __init__(self, path: Path, clock: Clock) -> None:
        self._path = path
        self._clock = clock

    def keep(self, channel: str, sent: dict[str, Any]) -> None:
        """Append a line, without what is absent; raise NotSentError."""
        members = {name: value for name, value in sent.items() if value is not None}
        captured = {"channel": channel, "captured_at": timestamp(self._clock.now()), **members}
        line = orjson.dumps(captured, option=orjson.OPT_APPEND_NEWLINE)
        try:
            self._append(line)
        except OSError as error:
            raise NotSentError(f"{self._path.name}: {error.strerror or error}") from None

    def _append(self, line: bytes) -> None:
        descriptor = os.open(self._path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            # the lock makes it safe to remove a line that was cut short
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            size = os.fstat(descriptor).st_size
            if size and os.pread(descriptor, 1, size - 1) != b"\n":
                line = b"\n" + line  # a process died during the write of the line before
            if os.write(descriptor, line) < len(line):
                os.ftruncate(descriptor, size)
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            # the line is written, so a later failure must not lead to a second write
            with contextlib.suppress(OSError):
                self._rotate(os.fstat(descriptor))
        finally:
            os.close(descriptor)

    def _rotate(self, written: os.stat_result) -> None:
        if written.st_size > MAX_BYTES and self._path.stat().st_ino == written.st_ino:
            self._path.replace(self._path.with_suffix(".old.jsonl"))
