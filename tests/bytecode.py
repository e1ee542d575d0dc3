"""Bytecode of the app and of the tests: no test and no host compiles it again."""

import os
import sys


def keep_bytecode() -> None:
    """Let this process and its children write bytecode, also where the environment forbids it.

    Without it each worker would rewrite the asserts of all tests, and each of the hundred hosts
    that the tests start would compile the app.
    """
    sys.dont_write_bytecode = False
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
