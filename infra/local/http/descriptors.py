"""Raise the limit of file descriptors, and derive the limit of connections from it."""

import resource
from contextlib import suppress
from pathlib import Path
from typing import Final

MAX_CONNECTIONS: Final = 8192
SPARE_DESCRIPTORS: Final = 64
"""The descriptors kept free for files and outgoing calls."""
LEAST_CONNECTIONS: Final = 8


def raise_descriptor_limit() -> None:
    """Raise the descriptor limit of this process and its children to the system's maximum."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 16 * MAX_CONNECTIONS if hard == resource.RLIM_INFINITY else hard
    if soft == resource.RLIM_INFINITY or soft >= wanted:
        return
    for most in (wanted, 10240):  # macOS accepts the second one.
        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, most), hard))
            return


def most_connections() -> int:
    """Return the limit of connections of this process. It leaves descriptors for files."""
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
