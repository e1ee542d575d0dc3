"""Temporary folders in memory: the embedded stack waits for the disk at each commit."""

import os
import tempfile
from pathlib import Path
from typing import Final

MEMORY: Final = Path("/dev/shm")
LEAST_FREE_BYTES: Final = 2 * 1024**3


def use_memory_for_temporary_files() -> None:
    """Keep this process's and its children's temporary files in memory where there is room.

    A test that kills a process loses nothing there; only a loss of power would. TMPDIR, where it
    is set, is kept. A folder that forbids programs is not used: some tests start what they build.
    """
    if "TMPDIR" in os.environ or not os.access(MEMORY, os.W_OK):
        return
    system = os.statvfs(MEMORY)
    if system.f_flag & os.ST_NOEXEC or system.f_bavail * system.f_frsize < LEAST_FREE_BYTES:
        return
    os.environ["TMPDIR"] = str(MEMORY)
    tempfile.tempdir = None
