"""A service that translates, which tests steer."""

from typing import Any

from lib.ports.errors import UnavailableError


class Engine:
    """A service that keeps requests. `asked`: text, source, target and address of each."""

    engine = "Test"

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, str, str]] = []
        self.is_away = False

    async def ask(self, text: str, source: Any, target: Any, answer_to: str) -> None:
        """Take a request."""
        if self.is_away:
            raise UnavailableError("away", retry_after=7)
        self.asked.append((text, source, target, answer_to))

    async def close(self) -> None:
        """Release nothing."""
