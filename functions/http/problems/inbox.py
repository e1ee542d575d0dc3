"""How the API answers the errors of the inbox."""

from typing import Any, Final

from functions.http.contract.problem_row import Row, field_error
from lib.domain.inbox.errors import ChangeTokenError, ImpossibleFilterError

PROBLEMS: Final[tuple[Row[Any], ...]] = (
    Row(
        ImpossibleFilterError,
        400,
        "Invalid query parameters",
        lambda error: f"{error.pointer}: {error.rule}",
        lambda error: field_error(error.pointer, error.rule),
        samples=(ImpossibleFilterError("#/query/to", "must not be before `from`"),),
    ),
    Row(
        ChangeTokenError,
        400,
        "Invalid query parameters",
        "The token is not one of this API, or is too old. Begin without it.",
        field_error("#/query/since", "must be the latest `token` of an answer, or absent"),
    ),
)
