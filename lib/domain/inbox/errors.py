"""Errors of the inbox."""

from lib.domain.shared.errors import InvalidRequestError


class ImpossibleFilterError(InvalidRequestError):
    """Filters of the inbox contradict each other. `pointer`: the parameter; `rule`: its rule."""

    def __init__(self, pointer: str, rule: str) -> None:
        super().__init__(rule)
        self.pointer = pointer
        self.rule = rule


class ChangeTokenError(InvalidRequestError):
    """The token of the changes does not come from the app, or is too old."""
