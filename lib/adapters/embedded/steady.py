"""A time that the wall clock's owner cannot set back."""

import time
from pathlib import Path
from typing import Final

_CLOCK: Final = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
_BOOT_ID: Final = Path("/proc/sys/kernel/random/boot_id")


def steady_time() -> int:
    """Return microseconds since the machine started, the same in all its processes."""
    return time.clock_gettime_ns(_CLOCK) // 1000


def boot_id() -> str:
    """Return what differs after each start of the machine; "" where the system does not say."""
    try:
        return _BOOT_ID.read_text().strip()
    except OSError:
        return ""
