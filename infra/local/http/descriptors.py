"""How many descriptors a process may have, and how many connections that leaves room for."""

import resource
from contextlib import suppress
from pathlib import Path
from typing import Final

MAX_CONNECTIONS: Final = 8192
SPARE_DESCRIPTORS: Final = 64
"""For files and for calls to others, beside those open at the start."""
LEAST_CONNECTIONS: Final = 8


def raise_descriptor_limit() -> None:
    """Let this process, and those it starts, have as many descriptors as the system admits."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 16 * MAX_CONNECTIONS if hard == resource.RLIM_INFINITY else hard
    if soft == resource.RLIM_INFINITY or soft >= wanted:
        return
    for most in (wanted, 10240):  # the second is what macOS admits
        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, most), hard))
            return


def most_connections() -> int:
    """Return how many connections this process may have: its descriptors are for files too."""
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY:
        return MAX_CONNECTIONS
    room = soft - _open_descriptors() - SPARE_DESCRIPTORS
    return max(LEAST_CONNECTIONS, min(MAX_CONNECTIONS, room))


def _open_descriptors() -> int:
    for folder in ("/proc/self/fd", "/dev/fd"):
        with suppress(OSError):
            return sum(1 for _ in Path(folder).iterdir())
    return SPARE_DESCRIPTORS
