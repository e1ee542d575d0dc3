"""How the API answers the errors of limits."""

from typing import Any, Final

from functions.http.contract.problem_row import Row
from lib.domain.limits.errors import TooManyCallsError

PROBLEMS: Final[tuple[Row[Any], ...]] = (
    Row(
        TooManyCallsError,
        429,
        "Too many requests",
        "Your subscription has made all the calls that it may make in five seconds; call again "
        "after the time in Retry-After.",
        headers=lambda error: {"Retry-After": str(error.seconds)},
        samples=(TooManyCallsError(1),),
    ),
)
