"""Errors of reminders."""

from lib.domain.shared.errors import InvalidRequestError, StateConflictError


class InvalidSnoozeError(InvalidRequestError):
    """Reminders cannot be snoozed until that time. `rule`: the rule that the time breaks."""

    def __init__(self, rule: str) -> None:
        super().__init__(rule)
        self.rule = rule


class PolicyChangedError(StateConflictError):
    """The reminder policy has changed since the sender read it."""
