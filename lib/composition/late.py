"""A port that is imported and built at its first use.

In Azure a process runs one queue function, or the HTTP functions. It never uses most of the ports,
and their libraries take most of the time of a cold start.
"""

from collections.abc import Callable
from typing import Any, cast


class _Late:
    """Stands for a port: the first use of a method builds the port. Use it in one thread alone."""

    def __init__(self, build: Callable[[], Any]) -> None:
        self._build = build
        self._built: Any = None

    def __getattr__(self, name: str) -> Any:
        if self._built is None:
            self._built = self._build()
        return getattr(self._built, name)

    async def close(self) -> None:
        """Close the port, if it was ever built."""
        if self._built is not None:
            await self._built.close()


def late[P](build: Callable[[], P]) -> P:
    """Return a stand-in for the port that `build` imports and builds."""
    return cast("P", _Late(build))
