"""The clocks: the machine's, and the sandbox's, which a person can move forward."""

import fcntl
import mmap
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from lib.adapters.embedded.steady import steady_time

_SIZE: Final = 8
_END: Final = datetime(2200, 1, 1, tzinfo=UTC)
"""The end of the sandbox's time: later, adding a time to live would overflow."""

_MICROSECOND: Final = timedelta(microseconds=1)


class SystemClock:
    """The clock of the machine."""

    def now(self) -> datetime:
        """Return the present, aware, in UTC."""
        return datetime.now(UTC)

    def steady(self) -> int:
        """Return the microseconds since the machine started; they never go back."""
        return steady_time()


class SandboxClock:
    """A clock with an offset to the machine's, shared by all processes through the file `path`.

    The offset is eight bytes, in microseconds, mapped into memory: `now` makes no system call for
    it. It survives a restart. Raise OSError when the file cannot be opened or written.
    """

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        if os.fstat(self._fd).st_size < _SIZE:
            os.ftruncate(self._fd, _SIZE)
        self._map = mmap.mmap(self._fd, _SIZE)
        self._offset = memoryview(self._map).cast("q")

    def now(self) -> datetime:
        """Return the present, aware, in UTC."""
        return datetime.now(UTC) + timedelta(microseconds=self._offset[0])

    def steady(self) -> int:
        """Return microseconds since the machine started, plus the offset."""
        return steady_time() + int(self._offset[0])

    def advance(self, step: timedelta) -> datetime:
        """Advance the clock by `step` and return the new time; raise ValueError if negative."""
        if step < timedelta(0):
            raise ValueError("the clock never goes backwards: the step must not be negative")
        fcntl.flock(self._fd, fcntl.LOCK_EX)
        try:
            return self._move(step)
        finally:
            fcntl.flock(self._fd, fcntl.LOCK_UN)

    def set(self, moment: datetime) -> datetime:
        """Advance the clock to `moment`; raise ValueError if it is naive or in the past."""
        if moment.tzinfo is None:
            raise ValueError("the clock needs a moment with its offset from UTC")
        fcntl.flock(self._fd, fcntl.LOCK_EX)
        try:
            step = moment - self.now()
            if step < timedelta(0):
                raise ValueError("the clock never goes backwards: the moment is past")
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
