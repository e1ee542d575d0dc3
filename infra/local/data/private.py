"""Keep data folders private: they have citizens' messages and signing keys."""

import os
import stat
from pathlib import Path
from typing import Final

from infra.local.errors import HostError

_OTHERS_ENTER: Final = stat.S_IXGRP | stat.S_IXOTH
_OURS: Final = frozenset({".db", ".db-wal", ".jsonl", ".pem"})
_OTHERS_READ: Final = stat.S_IRGRP | stat.S_IROTH


def keep_private() -> None:
    """Make new files of this process and its children readable by their owner only."""
    os.umask(0o077)


def check_private(folder: Path) -> None:
    """Check that nobody else on this machine can read a file of the folder.

    Raises: HostError.
    """
    if not folder.stat().st_mode & _OTHERS_ENTER:
        return
    for path in sorted(folder.iterdir()):
        if path.suffix in _OURS and path.stat().st_mode & _OTHERS_READ:
            raise HostError(
                f"{folder}: others on this machine can read {path.name} in it; "
                f"stop them with: chmod -R go= {folder}"
            )
