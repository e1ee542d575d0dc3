"""Errors of limits."""

from lib.domain.shared.errors import LimitExceededError


class TooManyCallsError(LimitExceededError):
    """The subscription made as many calls as it may. `seconds`: how long to wait, at least 1."""

    def __init__(self, seconds: int) -> None:
        super().__init__("too many calls")
        self.seconds = seconds
