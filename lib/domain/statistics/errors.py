"""Errors of statistics."""

from lib.domain.shared.errors import InvalidRequestError


class InvalidPeriodError(InvalidRequestError):
    """The period has no day, or more than `maximum` days."""

    def __init__(self, maximum: int) -> None:
        super().__init__("a period of no day, or of too many")
        self.maximum = maximum
