"""How the API answers the errors of statistics."""

from typing import Any, Final

from functions.http.contract.problem_row import Row, field_error
from lib.domain.statistics.errors import InvalidPeriodError

PROBLEMS: Final[tuple[Row[Any], ...]] = (
    Row(
        InvalidPeriodError,
        400,
        "Invalid query parameters",
        lambda error: f"The period is 1 to {error.maximum} days, both ends included.",
        lambda error: field_error(
            "#/query/from",
            f"must be the day of `to`, or at most {error.maximum - 1} days before it",
        ),
        samples=(InvalidPeriodError(366),),
    ),
)
