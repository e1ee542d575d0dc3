"""Read numbers of a make task's command line, and name the option of a wrong number."""

from collections.abc import Callable
from typing import Final

from infra.local.errors import HostError

MAX_PORT: Final = 65535


def whole(name: str, least: int, most: int) -> Callable[[str], int]:
    """Return a function that reads a whole number for argparse.

    The function raises HostError, with the limits.
    """

    def read(text: str) -> int:
        if not (text.isascii() and text.isdigit() and least <= int(text) <= most):
            raise HostError(f"{name}={text}: must be a whole number from {least} to {most}")
        return int(text)

    return read
