"""How the API answers the errors of reminders."""

from typing import Any, Final

from functions.http.contract.problem_row import Row, field_error
from lib.domain.reminders.errors import InvalidSnoozeError, PolicyChangedError

PROBLEMS: Final[tuple[Row[Any], ...]] = (
    Row(
        InvalidSnoozeError,
        422,
        "Snooze not possible",
        lambda error: f"The end of a snooze {error.rule}.",
        lambda error: field_error("/until", error.rule),
        samples=(InvalidSnoozeError("must lie in the future"),),
    ),
    Row(
        PolicyChangedError,
        412,
        "Precondition failed",
        "The policy is not the version that If-Match names: read it again, then change it.",
    ),
)
