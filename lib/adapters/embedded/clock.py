"""The clock of the machine, and the clock of the sandbox, which a person can move forward."""

import fcntl
import mmap
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from lib.adapters.embedded.steady import steady_time

_SIZE: Final = 8
_END: Final = datetime(2200, 1, 1, tzinfo=UTC)
"""The end of the sandbox's time. After it, the sum with a time to live would overflow."""

_MICROSECOND: Final = timedelta(microseconds=1)


class SystemClock:
    """The clock of the machine."""

    def now(self) -> datetime:
        """Return the current time, aware, in UTC."""
        return datetime.now(UTC)

    def steady(self) -> int:
        """Return the microseconds since the start of the machine; they never go back."""
        return steady_time()


class SandboxClock:
    """A clock with an offset to the machine's clock; all processes share it by the file `path`.

    The offset has eight bytes, in microseconds, and survives a restart. The file is mapped into
    memory, so `now` needs no system call for the offset. Raise OSError if the file cannot be opened
    or written.
    """

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        if os.fstat(self._fd).st_size < _SIZE:
            os.ftruncate(self._fd, _SIZE)
        self._map = mmap.mmap(self._fd, _SIZE)
        self._offset = memoryview(self._map).cast("q")

    def now(self) -> datetime:
        """Return the current time, aware, in UTC."""
        return datetime.now(UTC) + timedelta(microseconds=self._offset[0])

    def steady(self) -> int:
        """Return the microseconds since the start of the machine, plus the offset."""
        return steady_time() + int(self._offset[0])

    def advance(self, step: timedelta) -> datetime:
        """Advance the clock by `step`; return the new time. Raise ValueError for a step below 0."""
        if step < timedelta(0):
            raise ValueError("the clock never goes backwards: the step must not be negative")
        fcntl.flock(self._fd, fcntl.LOCK_EX)
        try:
            return self._move(step)
        finally:
            fcntl.flock(self._fd, fcntl.LOCK_UN)

    def set(self, moment: datetime) -> datetime:
        """Advance the clock to `moment`. Raise ValueError for a naive or a past time."""
        if moment.tzinfo is None:
            raise ValueError("the clock needs a time with its offset from UTC")
        fcntl.flock(self._fd, fcntl.LOCK_EX)
        try:
            step = moment - self.now()
            if step < timedelta(0):
                raise ValueError("the clock never goes backwards: the time is past")
            return self._move(step)
        finally:
            fcntl.flock(self._fd, fcntl.LOCK_UN)

    def close(self) -> None:
        """Release the file."""
        self._offset.release()
        self._map.close()
        os.close(self._fd)

    def _move(self, step: timedelta) -> datetime:
        try:
            moved = self.now() + step
        except OverflowError:
            moved = _END
        if moved >= _END:
            raise ValueError(f"the clock ends with the year {_END.year - 1}")
        self._offset[0] += step // _MICROSECOND
        self._map.flush()
        return moved
