"""Data folders are their owner's alone: they hold citizens' messages and signing keys."""

import os
import stat
from pathlib import Path
from typing import Final

from infra.local.errors import HostError

_OTHERS_ENTER: Final = stat.S_IXGRP | stat.S_IXOTH
_OURS: Final = frozenset({".db", ".db-wal", ".jsonl", ".pem"})
_OTHERS_READ: Final = stat.S_IRGRP | stat.S_IROTH


def keep_private() -> None:
    """Have this process, and those that it starts, write files that nobody else can read."""
    os.umask(0o077)


def check_private(folder: Path) -> None:
    """Raise HostError where others can read a file of the folder, as older versions wrote them."""
    if not folder.stat().st_mode & _OTHERS_ENTER:
        return
    for path in sorted(folder.iterdir()):
        if path.suffix in _OURS and path.stat().st_mode & _OTHERS_READ:
            raise HostError(
                f"{folder}: others on this machine can read {path.name} in it; "
                f"stop them with: chmod -R go= {folder}"
            )
