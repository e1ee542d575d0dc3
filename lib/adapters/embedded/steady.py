"""The time since the start of the machine, which never goes back."""

import time
from pathlib import Path
from typing import Final

_CLOCK: Final = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
_BOOT_ID: Final = Path("/proc/sys/kernel/random/boot_id")


def steady_time() -> int:
    """Return the microseconds since the start of the machine, the same in all processes."""
    return time.clock_gettime_ns(_CLOCK) // 1000


def boot_id() -> str:
    """Return an id of this start of the machine, "" for a system without such an id."""
    try:
        return _BOOT_ID.read_text().strip()
    except OSError:
        return ""
