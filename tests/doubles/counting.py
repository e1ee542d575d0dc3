"""A wrapper that counts the calls of a port, by method."""

from collections import Counter
from collections.abc import Callable
from typing import Any


class Counting:
    """A port that counts every call, and passes it on."""

    def __init__(self, port: Any, calls: Counter[str]) -> None:
        self._port = port
        self._calls = calls

    def __getattr__(self, name: str) -> Callable[..., Any]:
        method: Callable[..., Any] = getattr(self._port, name)

        def counted(*args: Any, **kwargs: Any) -> Any:
            self._calls[name] += 1
            return method(*args, **kwargs)

        return counted
